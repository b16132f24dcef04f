"""The log: whatever writes a line, no secret is in it."""

import json
import logging
import os
import pty
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog

from bot.telemetry import logs
from bot.telemetry.redaction import HIDDEN
from tests.conftest import ROOT
from tests.fakes.discord_server import TOKEN as DISCORD
from tests.fakes.telegram_server import TOKEN as TELEGRAM

TOKENS = (DISCORD, TELEGRAM)
AWKWARD = 'a+b/"c"\\é=&☃'
"""A secret of signs that addresses, JSON and Python each write in a way of their own."""

PROGRAM = """
import sys
from bot.telemetry import logs
from bot.telemetry.redaction import HIDDEN
secret = sys.stdin.read()
logs.configure("INFO", [secret])
raise ValueError(secret)
"""


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """What a test sets up for the whole process is taken back."""
    handlers, level, hook = logging.root.handlers[:], logging.root.level, sys.excepthook
    yield
    logging.captureWarnings(False)
    sys.excepthook = hook
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def written(capfd: pytest.CaptureFixture[str]) -> str:
    """Everything that was logged so far."""
    logging.root.handlers[0].flush()
    return capfd.readouterr().err


def test_a_secret_is_in_no_line(capfd: pytest.CaptureFixture[str]) -> None:
    """A token is taken out of messages, values, library lines and tracebacks."""
    logs.configure("INFO", ["s3cret"])
    structlog.stdlib.get_logger("ours").info("s3cret", url="https://api/bots3cret/getMe")
    logging.getLogger("theirs").warning("Request to %s", "https://api/bots3cret/getMe")
    try:
        raise ValueError("s3cret")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    lines = written(capfd)
    assert lines.count(HIDDEN) >= 4
    assert "s3cret" not in lines


@pytest.mark.parametrize("secret", [*TOKENS, AWKWARD, "with%41percent"])
@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda secret: quote(secret, safe=""),
        lambda secret: re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")),
        lambda secret: quote(quote(secret, safe=""), safe=""),
        lambda secret: "".join(f"%{byte:02X}" for byte in secret.encode()),
        lambda secret: quote(secret[:9], safe="") + secret[9:],
        repr,
        ascii,
        json.dumps,
        lambda secret: json.dumps(json.dumps(secret)),
        lambda secret: str({"url": f"https://api/bot{secret}/getMe"}),
    ],
    ids=["plain", "URL", "small", "URL in URL", "every byte", "in part", "repr", "ascii", "json", "json twice", "dict"],
)
def test_a_secret_is_found_however_it_is_spelled(
    capfd: pytest.CaptureFixture[str], secret: str, write: Callable[[str], str]
) -> None:
    """As an address, JSON or Python writes it, or partly so: of a secret the line keeps nothing."""
    logs.configure("INFO", [secret])
    spelled = write(secret)
    logging.getLogger("theirs").warning("before %s after", spelled)
    event = json.loads(written(capfd))["event"]
    assert HIDDEN in event
    assert "before" in event
    assert "after" in event
    assert not [part for part in (secret, spelled.strip("'\"")) if part in event]


@pytest.mark.parametrize("token", TOKENS)
def test_the_half_of_a_token_that_signs_is_a_secret_too(capfd: pytest.CaptureFixture[str], token: str) -> None:
    """A library that takes a token apart at its marks does not give it away."""
    logs.configure("INFO", TOKENS)
    half = max(token.replace(":", ".").split("."), key=len)
    logging.getLogger("theirs").warning("the bot's key is %s", half)
    assert half not in written(capfd)


def test_a_line_without_a_secret_is_left_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    """With tokens or without, what is none of them stays."""
    for secrets in ((), TOKENS):
        logs.configure("INFO", secrets)
        logging.getLogger("theirs").warning("123456 and %41 and a.b:c")
        assert json.loads(written(capfd))["event"] == "123456 and %41 and a.b:c"


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
