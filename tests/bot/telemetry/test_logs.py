"""The log: whatever writes a line, no secret is in it."""

import json
import logging
import os
import pty
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import structlog

from bot.telemetry import logs
from bot.telemetry.redaction import HIDDEN
from tests.conftest import ROOT
from tests.fakes.discord_server import TOKEN as DISCORD
from tests.fakes.telegram_server import TOKEN as TELEGRAM

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

TOKENS = (DISCORD, TELEGRAM)
PROGRAM = """
import sys
from bot.telemetry import logs
from bot.telemetry.redaction import HIDDEN
secret = sys.stdin.read()
logs.configure("INFO", [secret])
raise ValueError(secret)
"""


def written(capfd: pytest.CaptureFixture[str]) -> str:
    """Everything that was logged so far."""
    logging.root.handlers[0].flush()
    return capfd.readouterr().err


def test_a_terminal_gets_lines_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who watches reads no JSON; a traceback is a plain one, in which a token is found."""
    screen, keyboard = pty.openpty()
    with os.fdopen(keyboard, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        handler = logs.configure("INFO", TOKENS)
        token = TELEGRAM
        try:
            raise ValueError(f"no answer from https://api/bot{token}/getMe")
        except ValueError:
            structlog.stdlib.get_logger("ours").exception("failed", link=token)
        handler.flush()
    shown = os.read(screen, 100_000).decode()
    os.close(screen)
    assert not shown.lstrip().startswith("{")
    assert "Traceback" in shown
    assert shown.count(HIDDEN) == 2
    assert token not in shown


def test_a_warning_is_a_line_of_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    """Python would write it to standard error itself, secrets included, and wait where nobody reads that."""
    logs.configure("INFO", TOKENS)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"old: {TELEGRAM}", stacklevel=1)
    (line,) = map(json.loads, written(capfd).splitlines())
    assert line["logger"] == "py.warnings"
    assert HIDDEN in line["event"]


@pytest.mark.parametrize("secret", TOKENS)
def test_what_ends_the_process_gives_no_secret_away(tmp_path: Path, secret: str) -> None:
    """A fault that nobody catches is a line of the log, exit code 1, and hides a token as all others do."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, program],
        input=secret,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    line = json.loads(done.stderr)
    assert done.returncode == 1
    assert line["level"] == "critical"
    assert line["exception"].endswith(f"ValueError: {HIDDEN}")
