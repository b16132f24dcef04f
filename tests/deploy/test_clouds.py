"""deploy/clouds: files for services that run an image. None was tried on its service; they fit the bot."""

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.config.settings import Settings
from core.catalog import Catalog
from tests.bot.adapters.web.conftest import serving
from tests.conftest import ROOT
from tests.deploy.test_compose import SETTINGS

CLOUDS = ROOT / "deploy" / "clouds"
PAGE = (ROOT / "docs" / "clouds.md").read_text()
TOKENS = {"DISCORD_TOKEN", "TELEGRAM_TOKEN"}


def yaml(name: str) -> Any:
    """Read a file of YAML."""
    return YAML(typ="safe").load(CLOUDS / name)


def fly() -> dict[str, Any]:
    """Read Fly.io's file."""
    return tomllib.loads((CLOUDS / "fly.toml").read_text())


def railway() -> dict[str, Any]:
    """Read Railway's file."""
    found: dict[str, Any] = json.loads((CLOUDS / "railway.json").read_text())
    return found


def space() -> dict[str, Any]:
    """Read the head of the Space's README."""
    _, head, _ = (CLOUDS / "huggingface" / "README.md").read_text().split("---\n", maxsplit=2)
    found: dict[str, Any] = YAML(typ="safe").load(head)
    return found


def render_service() -> dict[str, Any]:
    """Return Render's one service."""
    (service,) = yaml("render.yaml")["services"]
    return dict(service)


def app_platform_service() -> dict[str, Any]:
    """Return App Platform's one service."""
    (service,) = yaml("digitalocean.yaml")["services"]
    return dict(service)


VARIABLES: dict[str, Callable[[], dict[str, str | None]]] = {
    "fly": lambda: dict(fly()["env"]),
    "render": lambda: {each["key"]: each.get("value") for each in render_service()["envVars"]},
    "digitalocean": lambda: {each["key"]: each.get("value") for each in app_platform_service()["envs"]},
}
"""By a file that names variables: their values, where they have some."""


@pytest.mark.parametrize("cloud", VARIABLES)
def test_the_variables_are_settings_and_hold_no_token(cloud: str) -> None:
    """Each variable is a setting of the bot, or the port; a token is a name without a value."""
    variables = VARIABLES[cloud]()
    assert variables.keys() <= SETTINGS | {"PORT"}
    assert all(not variables.get(name) for name in TOKENS)
    assert TOKENS & variables.keys() or cloud == "fly"


async def test_the_health_checks_are_answered(catalog: Catalog) -> None:
    """Each service that asks for the bot's health asks a path that is there, and that no platform's outage closes."""
    (check,) = fly()["http_service"]["checks"]
    asked = {check["path"], render_service()["healthCheckPath"], railway()["deploy"]["healthcheckPath"]}
    asked.add(app_platform_service()["health_check"]["http_path"])
    assert asked == {"/healthz"}
    async with serving(catalog) as client:
        assert (await client.get("/healthz")).status == 200


def test_the_ports_are_those_that_the_bot_listens_on() -> None:
    """A service that does not choose a port by itself leads to the one that it sets, or to the image's."""
    image = Settings.model_fields["port"].default
    assert fly()["http_service"]["internal_port"] == int(fly()["env"]["PORT"])
    assert (app_platform_service()["http_port"], space()["app_port"], space()["sdk"]) == (image, image, "docker")
    assert f"EXPOSE {image}\n" in (ROOT / "Dockerfile").read_text()
    assert "DIGIT_HOST=0.0.0.0\n" in (ROOT / "Dockerfile").read_text()


def test_the_image_is_the_repositorys() -> None:
    """Each service builds the Dockerfile that is there, once: two processes would answer each other's commands."""
    files = {render_service()["dockerfilePath"], railway()["build"]["dockerfilePath"]}
    files.add(app_platform_service()["dockerfile_path"])
    assert all((ROOT / path).is_file() for path in files)
    counts = {render_service()["numInstances"], railway()["deploy"]["numReplicas"]}
    assert counts | {app_platform_service()["instance_count"]} == {1}
    assert "--dockerfile Dockerfile --ha=false" in PAGE


def test_nobody_in_public_is_a_trusted_proxy() -> None:
    """X-Forwarded-For counts from private networks alone, in every file and wherever the page names them."""
    named = {value for read in VARIABLES.values() if (value := read().get("DIGIT_TRUSTED_PROXIES"))}
    named |= set(re.findall(r"DIGIT_TRUSTED_PROXIES=(\S+?)`", PAGE))
    (text,) = named
    networks = Settings(trusted_proxies=text).trusted_proxies  # type: ignore[arg-type]  # read from text
    assert networks
    assert not any(network.is_global for network in networks)


def test_the_page_has_five_lines_for_each_file() -> None:
    """Nobody reads more before the first picture, and no file is without its lines."""
    sections = PAGE.split("\n## ")[1:]
    assert all(len(re.findall(r"^- ", section, re.MULTILINE)) == 5 for section in sections)
    linked = set(re.findall(r"\.\./deploy/clouds/([\w./]+)\)", PAGE))
    assert linked == {str(path.relative_to(CLOUDS)) for path in CLOUDS.rglob("*") if path.is_file()}
