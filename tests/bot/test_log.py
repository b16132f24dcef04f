"""The log: whatever writes a line, no secret is in it."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """What a test sets up for the whole process is taken back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def test_a_secret_is_in_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A token is taken out of messages, values, library lines and tracebacks."""
    log.configure("INFO", ["s3cret"])
    structlog.stdlib.get_logger("ours").info("s3cret", url="https://api/bots3cret/getMe")
    logging.getLogger("theirs").warning("Request to %s", "https://api/bots3cret/getMe")
    try:
        raise ValueError("s3cret")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    lines = capsys.readouterr().err
    assert lines.count(log.HIDDEN) >= 4
    assert "s3cret" not in lines
