"""The bot as a process of its own, forked from one that has its modules loaded: a start takes a tenth of the time.

An interpreter that loads onnxruntime, aiohttp, discord.py and python-telegram-bot anew costs half a second of a
processor, and the tests start the bot some 250 times.
"""

import asyncio
import multiprocessing
import os
import runpy
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

FRESH = ("LD_", "MALLOC", "PYTHON")
"""An interpreter reads variables that begin so when it starts, and no later."""
PIPES = {"stdout": PIPE, "stderr": PIPE}


class Forked:
    """A process that was forked: what the tests use of `asyncio.subprocess.Process`.

    Attributes:
        stdout, stderr: what it writes.
        pid: its number.
    """

    def __init__(self, process: Any, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader) -> None:
        self._process, self.stdout, self.stderr = process, stdout, stderr
        self.pid: int = process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, or the signal that ended it as a negative number; None while it runs."""
        code: int | None = self._process.exitcode
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to it, if it runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Return the exit code at its end."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        # A descriptor of one's own: several may wait.
        sentinel = os.dup(self._process.sentinel)
        loop.add_reader(sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(sentinel)
            os.close(sentinel)
        self._process.join()
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """Return what it writes to standard output and standard error until its end."""
        written = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        return written[0], written[1]


async def start(
    module: str, arguments: Sequence[str], folder: Path, settings: Mapping[str, str], options: Mapping[str, Any]
) -> Process | Forked:
    """Start `python -m module arguments` in a folder.

    Args:
        module: with a `__main__`, or to be run itself.
        arguments: of the command line.
        folder: working directory.
        settings: environment variables beside those of this process.
        options: of `asyncio.create_subprocess_exec`; with others than PIPES the interpreter is a fresh one.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
    if options is not PIPES or _must_be_fresh(settings):
        command = [sys.executable, "-m", module, *arguments]
        return await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment, **options)
    context = forking()
    pipes = [context.Pipe(duplex=False) for _ in range(2)]
    writers = [writer for _, writer in pipes]
    process = context.Process(target=_run, args=(module, arguments, folder, dict(environment), writers), daemon=True)
    process.start()
    for writer in writers:
        writer.close()
    return Forked(process, *[await _reader(reader) for reader, _ in pipes])


def forking() -> ForkServerContext:
    """Return the context of processes that are forked from one that has the bot's modules loaded, which it starts."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bot.preloaded"])
    with pytest.MonkeyPatch.context() as patch:
        # The code of this checkout, though a test may have changed the directory.
        patch.setenv("PYTHONPATH", str(ROOT))
        ensure_running()
    return context


def _must_be_fresh(settings: Mapping[str, str]) -> bool:
    """Return whether the interpreter reads one of these settings, or a benchmark or coverage measures the process."""
    measured = "PYTEST_CURRENT_TEST" not in os.environ or any(name.startswith("COVERAGE") for name in os.environ)
    return measured or any(name.startswith(FRESH) for name in settings)


async def _reader(pipe: Connection) -> asyncio.StreamReader:
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    file = os.fdopen(os.dup(pipe.fileno()), "rb")
    pipe.close()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    return reader


def _run(module: str, arguments: Sequence[str], folder: Path, environment: dict[str, str], writers: Any) -> None:
    """Become `python -m module arguments`, in the forked process."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, writer in zip((1, 2), writers, strict=True):
        os.dup2(writer.fileno(), number)
        writer.close()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
