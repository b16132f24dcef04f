"""Life of a bot's process in a chaos run: how it starts, how large it is, and how it ends."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.adapters.telegram.webhook import secret_token
from tests.benchmarks.chaos.people import FIRST_PERSON, NUMBER, WORD
from tests.benchmarks.figures import resident
from tests.bot.conftest import started
from tests.conftest import ROOT
from tests.fakes import discord_server, telegram_server
from tests.waiting import until

PASSWORD = "a-password-of-redis"  # noqa: S105  of the test server
SECRETS = (discord_server.TOKEN, telegram_server.TOKEN, secret_token(telegram_server.TOKEN), PASSWORD, "interaction-")
"""Nothing of this may be in the log; the tokens of interactions begin with the last."""
WORDS = (WORD, NUMBER, str(FIRST_PERSON)[:10])
"""Nothing of this may be in the log; ids of people begin with the last, which is no seed and no part of a time."""
ERROR = re.compile(r'"event": "([^"{]*)"[^{}]*"level": "error"')
EXPECTED = re.compile("log lines? (was|were) dropped|Attempting a reconnect for shard")
"""Errors that are logged as they should be, once the disk is no longer full, and by discord.py."""


@dataclass(frozen=True)
class Figures:
    """Size of a process: resident memory in MB, threads, descriptors."""

    memory: float
    threads: int
    descriptors: int

    @classmethod
    def of(cls, pid: int) -> "Figures":
        """Return those of a process (Linux)."""
        folder = Path(f"/proc/{pid}")
        return cls(resident(pid), *(len(list((folder / part).iterdir())) for part in ("task", "fd")))


def processor_delay_seconds(pid: int) -> float:
    """Return for how long the threads of a process together were ready to run while others ran (Linux).

    Source: https://docs.kernel.org/scheduler/sched-stats.html, nanoseconds in the second field.
    """
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[1]) for thread in threads) / 1e9


@asynccontextmanager
async def living(log: Path, address: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a bot that appends its log to a file, and wait until all its platforms are ready."""
    with log.open("ab") as stream:
        options = {"stdout": stream, "stderr": stream}
        async with started(ROOT, options=options, **settings) as process, aiohttp.ClientSession() as client:

            async def ready() -> bool:
                assert process.returncode is None, log.read_text()
                try:
                    async with client.get(address + "/readyz") as state:
                        return state.status == 200
                except aiohttp.ClientError:
                    return False

            await until(ready, seconds=90)
            yield process


def violations_in(log: str) -> list[str]:
    """Return a line for each promise about the log that is broken: no traceback, no error, no secret, no words."""
    found = [f"log: {log.count('Traceback')} tracebacks"] if "Traceback" in log else []
    # A line that a full disk cuts off goes on with the next one.
    errors = [event for event in ERROR.findall(log) if not EXPECTED.search(event)]
    found += [f"log: {len(errors)} errors, the first: {errors[0]}"] if errors else []
    found += [f"log: the secret number {index}" for index, secret in enumerate(SECRETS) if secret in log]
    return found + [f"log: {word!r}, which people typed" for word in WORDS if word in log]
