"""Logging: one format, and no token in it."""

import subprocess
import sys

from tests.conftest import ROOT

PROBE = """
import logging
import structlog
from bot import log

log.configure("DEBUG", ["123:secret"])
structlog.stdlib.get_logger("ours").info("called", url="https://a/bot123:secret/getMe")
logging.getLogger("theirs").warning("called %s", {"token": "123:secret"})
logging.getLogger("httpx").info("HTTP Request: POST https://a/bot123:secret/getMe")
try:
    raise ValueError("the token `123:secret` was rejected")
except ValueError:
    logging.getLogger("theirs").exception("failed")
"""


def test_no_secret_is_written() -> None:
    """A token that stands in a message, in a value or in a traceback is written as [hidden]; httpx says nothing."""
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(done.stderr.splitlines()) == 3
    assert "secret" not in done.stderr
    assert done.stderr.count("[hidden]") >= 3
