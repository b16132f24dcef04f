"""deploy/swarm, run for real: a rolling update, a killed replica, no Redis for 20 s, and SIGTERM, each under load.

Both test servers deliver over TLS through HAProxy to four replicas, in a swarm of one node.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.box import base_image, sandbox
from tests.box.conftest import FIGURES, lacking
from tests.box.engine import Container, Docker
from tests.conftest import ROOT
from tests.fakes import discord_server, telegram_server

IMAGE, TOOLS_IMAGE = "digit-bot:swarm", "haproxy-and-redis:debian"
SCENARIO_SECONDS = 300
SENTENCE = re.compile(r"[A-Z/].* .*[.!?]", re.DOTALL)
NO_SENTENCE = re.compile(r"Traceback|Error\b|Exception|None|null|\{\}")


@pytest.fixture(scope="module")
def report(bot: Container) -> dict[str, Any]:
    """The report of the scenario, which is played once."""
    engine = bot.engine
    if not isinstance(engine, Docker):
        lacking(f"a swarm needs Docker's engine, and only {engine.describe()} starts on this machine")
    if not shutil.which("openssl"):
        lacking("as root, apt-get install openssl")
    folder = engine.folder.parent / "swarm"
    folder.mkdir()
    engine.run("tag", bot.inspect()["Image"], IMAGE)
    base_image.make_tools(folder / "tools.tar")
    engine.run("import", str(folder / "tools.tar"), TOOLS_IMAGE)
    return play(engine, folder, write_secrets(folder))


def write_secrets(folder: Path) -> Path:
    """Write the tokens, and a certificate for the address of the sandbox with its key; return the certificate alone."""
    secrets, key, certificate = folder / "secrets", folder / "key", folder / "certificate"
    secrets.mkdir()
    (secrets / "telegram_token").write_text(telegram_server.TOKEN)
    (secrets / "discord_token").write_text(discord_server.TOKEN)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=digits", "-addext", f"subjectAltName=IP:{sandbox.ADDRESS}"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    (secrets / "certificate.pem").write_text(certificate.read_text() + key.read_text())
    return certificate


def play(engine: Docker, folder: Path, certificate: Path) -> dict[str, Any]:
    """Play the scenario in the sandbox, where platforms, people and the stack meet."""
    images = {"BOT_IMAGE": IMAGE, "REDIS_IMAGE": TOOLS_IMAGE, "PROXY_IMAGE": TOOLS_IMAGE}
    settings = (
        engine.environment | images | {"STACK_SECRETS": str(folder / "secrets"), "SSL_CERT_FILE": str(certificate)}
    )
    variables = [f"{name}={value}" for name, value in settings.items()]
    command = ("env", f"--chdir={ROOT}", *variables, sys.executable, "-m", "tests.box.swarm", "--report")
    process = engine.sandbox.start(*command, folder / "report", log=folder / "log")
    code = process.wait(SCENARIO_SECONDS)
    assert code == 0, (folder / "log").read_text()
    found: dict[str, Any] = json.loads((folder / "report").read_text())
    FIGURES["swarm, `stack deploy` to ready"] = f"{found['deployed']} s"
    for event, counted in found["events"].items():
        waited = f"somebody waited for a processor {counted['pressure']} % of the time"
        FIGURES[f"swarm, {event}"] = f"{counted['seconds']} s, {counted['questions']} questions, {waited}"
    for platform, counted in found["platforms"].items():
        FIGURES[f"swarm, {platform}"] = ", ".join(f"{name} {number}" for name, number in counted.items())
    FIGURES["swarm, under way when a replica was killed"] = (
        f"{found['under way']}, {found['acknowledged']} acknowledged"
    )
    FIGURES["swarm, without a sign within Discord's 3 s"] = str(found["ignored"])
    FIGURES["swarm, exit codes of replicas"] = ", ".join(f"{code}: {times}" for code, times in found["exits"].items())
    return found


def test_nothing_accepted_is_lost_and_nothing_answered_twice(report: dict[str, Any]) -> None:
    """Every question is answered once, and again only if its replica was killed; or the platform still has it."""
    assert report["violations"] == []
    for counted in report["platforms"].values():
        assert counted["answered once"] > 100


def test_every_event_met_questions(report: dict[str, Any]) -> None:
    """People asked while each thing happened, or it would prove nothing."""
    assert all(event["questions"] for event in report["events"].values())
    assert report["events"]["Redis gone for 20 s"]["seconds"] >= 20


def test_an_update_ends_and_replicas_stop_cleanly(report: dict[str, Any]) -> None:
    """The update was not taken back; each replica that was told to stop ended with 0, and one was killed."""
    assert report["update"] == "completed"
    assert report["exits"] == {"0": 2 * report["replicas"], "137": 1}


def test_every_error_that_people_see_is_a_sentence(report: dict[str, Any]) -> None:
    """Nobody reads a traceback, the name of an error, or a half sentence."""
    assert report["told"]
    for text in report["told"]:
        assert SENTENCE.fullmatch(text), text
        assert not NO_SENTENCE.search(text), text


def test_the_log_has_no_error(report: dict[str, Any]) -> None:
    """Without Redis each replica says so; nothing that happened is an error or a traceback to the bot."""
    assert report["logs"].pop("tracebacks") == 0
    assert report["logs"]
    assert all(line.startswith("warning: ") for line in report["logs"])
