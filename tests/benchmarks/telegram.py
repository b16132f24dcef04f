"""Measure the bot on Telegram, and print rows of the table in docs/performance.md.

    python -m tests.benchmarks.telegram

The whole bot runs on one core, with the real client library, against the test server on another. Telegram's own
limit of thirty messages a second is taken out of the client, so that it is the bot that is measured.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from tests.benchmarks.figures import resident, spread
from tests.fakes.telegram_server import TOKEN, Telegram, telegram_server

CROWD = 500
ROUNDS = 5
SINGLE = 100
UNLIMITED = """
import functools, sys
from bot.adapters.telegram import client
from bot.cli.main import main
client.RateLimiter = functools.partial(client.RateLimiter, overall_max_rate=0)
sys.exit(main([]))
"""


async def start(telegram: Telegram) -> Process:
    """Start the bot on a core of its own, and wait until it fetches updates."""
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "DIGIT_COOLDOWN": "0",
        "DIGIT_CHAT_LIMIT": "0",
        "DIGIT_PORT": "0",
    }
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", UNLIMITED, env=os.environ | settings | {"DIGIT_LOG_LEVEL": "WARNING"}, stderr=PIPE
    )
    os.sched_setaffinity(0, cores[1:] or cores)
    await telegram.next("getUpdates")
    return process


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def single(telegram: Telegram) -> float:
    """Milliseconds from a command to its strip, while nobody else asks."""
    telegram.calls.clear()
    began = time.perf_counter()
    await telegram.say("/digit 4")
    await telegram.next("sendPhoto")
    return 1000 * (time.perf_counter() - began)


async def crowd(telegram: Telegram, pid: int) -> tuple[float, float]:
    """Updates a second while CROWD people ask at once, and milliseconds of processor time for each."""
    telegram.calls.clear()
    began, used = time.perf_counter(), processor_seconds(pid)
    for person in range(1, CROWD + 1):
        await telegram.say("/digit 4", user=person)
    await telegram.until(lambda: not telegram.pending)
    assert len(telegram.done("sendPhoto")) == CROWD
    return CROWD / (time.perf_counter() - began), 1000 * (processor_seconds(pid) - used) / CROWD


async def measure() -> list[str]:
    """The rows."""
    async with telegram_server() as telegram:
        process = await start(telegram)
        await single(telegram)
        alone = [await single(telegram) for _ in range(SINGLE)]
        idle = resident(process.pid)
        rates, costs = zip(*[await crowd(telegram, process.pid) for _ in range(ROUNDS)], strict=True)
        busy = resident(process.pid)
        process.terminate()
        await process.communicate()
    after = f"after {SINGLE} strips / after {ROUNDS * CROWD}"
    return [
        f"| Telegram: command to strip, one at a time | {spread(alone, 'ms', 1)} |",
        f"| Telegram: {CROWD} people at once | {spread(list(rates), 'updates/s', 0)} |",
        f"| of which the bot's processor time | {spread(list(costs), 'ms an update', 1)} |",
        f"| memory, web page and Telegram, {after} | {idle:.0f} MB / {busy:.0f} MB |",
    ]


def main() -> int:
    """Measure and print; returns the exit code."""
    sys.stdout.write("\n".join(asyncio.run(measure())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
