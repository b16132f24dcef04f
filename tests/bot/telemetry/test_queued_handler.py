"""The log's thread: nobody waits for a reader, and a line that was dropped is told."""

import fcntl
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telemetry import queued_handler
from bot.telemetry.queued_handler import MAX_WAITING_LINES, QueuedHandler
from tests.conftest import ROOT

PIPE_BYTES = 4096
"""The smallest pipe that Linux makes."""
LINE = "x" * 99
PROGRAM = """
import logging, os
from bot.telemetry import logs
reading, writing = os.pipe()
os.dup2(writing, 2)
logs.configure("INFO")
for _ in range(20_000):
    logging.getLogger("theirs").info("%s", "x" * 99)
"""


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A small pipe: the end to read from, and the end to write to."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    yield reading, writing
    os.close(reading)
    os.close(writing)


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """The root, with no handler but a test's own."""
    handlers, level = logging.root.handlers[:], logging.root.level
    logging.root.handlers.clear()
    logging.root.setLevel(logging.INFO)
    yield logging.root
    for handler in logging.root.handlers:
        handler.close()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def drained(reading: int, handler: QueuedHandler) -> list[str]:
    """Read everything that waits to be written."""
    text = b""
    handler.write("the end")
    while not text.endswith(b"the end\n"):
        text += os.read(reading, 1 << 20)
    return text.decode().splitlines()[:-1]


def test_a_reader_that_sleeps_costs_lines_and_no_time(pipe: tuple[int, int], logger: logging.Logger) -> None:
    """Ten thousand lines are logged into a pipe that nobody reads; its reader is told later how many are missing."""
    reading, writing = pipe
    handler = QueuedHandler(writing)
    logger.addHandler(handler)
    for _ in range(10_000):
        logger.info(LINE)
    first = drained(reading, handler)
    assert set(first) == {LINE}
    assert MAX_WAITING_LINES <= len(first) <= MAX_WAITING_LINES + PIPE_BYTES // 100 + 2
    logger.info("awake")
    notice, last = drained(reading, handler)
    assert last == "awake"
    assert notice.startswith(f"{10_000 - len(first)} log lines were dropped")


def test_what_was_dropped_is_told_once(pipe: tuple[int, int], logger: logging.Logger) -> None:
    """A flush tells it, too, should nothing else be logged; and nothing is told that was told already."""
    reading, writing = pipe
    handler = QueuedHandler(writing)
    logger.addHandler(handler)
    for _ in range(3000):
        logger.info(LINE)
    first = len(drained(reading, handler))
    handler.flush()
    logger.info("awake")
    notice, last = drained(reading, handler)
    assert (re.findall(r"^\d+", notice), last) == ([str(3000 - first)], "awake")


def test_a_flush_ends_though_nobody_reads(
    pipe: tuple[int, int], logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop does not wait for a reader for longer than FLUSH_SECONDS."""
    monkeypatch.setattr(queued_handler, "FLUSH_SECONDS", 0.01)
    reading, writing = pipe
    handler = QueuedHandler(writing)
    logger.addHandler(handler)
    for _ in range(100):
        logger.info(LINE)
    handler.flush()
    assert len(drained(reading, handler)) == 100


def test_lines_that_a_full_disk_did_not_take_are_told(tmp_path: Path, logger: logging.Logger) -> None:
    """Once there is room again the log says how many are missing."""
    with Path("/dev/full").open("wb") as full, (tmp_path / "log").open("wb") as good:
        handler = QueuedHandler(full.fileno())
        logger.addHandler(handler)
        for _ in range(7):
            logger.info(LINE)
        handler.flush()
        os.dup2(good.fileno(), full.fileno())
        logger.info("room")
        handler.flush()
    notice, line = (tmp_path / "log").read_text().splitlines()
    assert (notice[:20], line) == ("7 log lines were dro", "room")


def test_a_line_that_cannot_be_formatted_is_counted_and_not_printed(
    pipe: tuple[int, int], logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    """The standard library would print it as it is, in which a secret may stand."""
    reading, writing = pipe
    handler = QueuedHandler(writing)
    logger.addHandler(handler)
    handler.handle(logging.makeLogRecord({"msg": "%d", "args": ("s3cret",), "levelno": logging.INFO}))
    logger.info("next")
    notice, line = drained(reading, handler)
    assert (notice[:20], line) == ("1 log line was dropp", "next")
    assert capsys.readouterr() == ("", "")


def test_a_process_ends_though_nobody_reads_its_log() -> None:
    """`check` ends as any program does: with its lines unread, and its thread still in a write."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={"PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0
