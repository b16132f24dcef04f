"""compose.yaml: what `docker compose up` reads."""

import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.adapters.registry import PLATFORMS
from bot.config.settings import Settings
from tests.conftest import ROOT

SETTINGS = {name for group in (*(platform.settings for platform in PLATFORMS), Settings) for name in group.variables()}


def service() -> dict[str, Any]:
    """The one service of compose.yaml."""
    (found,) = YAML(typ="safe").load(ROOT / "compose.yaml")["services"].values()
    return dict(found)


def keeps_to_the_specification(file: Path) -> bool:
    """Whether a file is valid by the Compose project's own JSON schema, which check-jsonschema brings along."""
    command = Path(sysconfig.get_path("scripts")) / "check-jsonschema"
    arguments = ["--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run([command, *arguments], capture_output=True, check=False).returncode == 0


def test_compose_understands_the_file(tmp_path: Path) -> None:
    """The file keeps to the Compose specification, which would not let a misspelt setting pass."""
    misspelt = tmp_path / "compose.yaml"
    misspelt.write_text((ROOT / "compose.yaml").read_text().replace("pids_limit", "pid_limit"))
    assert keeps_to_the_specification(ROOT / "compose.yaml")
    assert not keeps_to_the_specification(misspelt)


def test_a_stranger_gets_nothing_to_work_with() -> None:
    """Out of the box the bot has no rights, a file system that cannot be written, and bounds."""
    assert {
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": "384m",
        "cpus": 1,
        "pids_limit": 64,
        "ulimits": {"core": 0, "nofile": 4096},
        "ports": ["127.0.0.1:${DIGIT_PORT:-8080}:8080"],
    }.items() <= service().items()
    assert not {"privileged", "cap_add", "user", "network_mode", "pid", "devices"} & set(service())


def test_no_token_is_asked_for() -> None:
    """One platform, or none, needs no file for the other: the folder of tokens is what is mounted."""
    assert service()["volumes"] == ["./secrets:/run/secrets:ro"]
    assert "secrets" not in service()


def test_every_setting_is_passed_on() -> None:
    """A setting in `.env` reaches the bot, but for those that the image decides; the file may be missing."""
    decided = {"DIGIT_HOST", "DIGIT_PORT", "DIGIT_WEIGHTS", "DIGIT_SECRETS_DIR"}
    assert set(service()["environment"]) == SETTINGS - decided
    assert "env_file" not in service()


def test_logs_do_not_fill_the_disk() -> None:
    """The engine keeps so many bytes of log at most; the values are text, as Docker Compose 1.29 wants them."""
    logging = service()["logging"]
    assert logging == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}
