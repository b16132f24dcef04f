"""Measure the bot on Discord through the real discord.py, and print rows of the table in docs/performance.md.

    python -m tests.benchmarks.discord

The bot is a process on one core; a Discord of ours asks it from another.
"""

import asyncio
import itertools
import os
import platform
import statistics
import sys
import time

from tests.benchmarks.figures import processor, resident, spread
from tests.bot.conftest import BotProcess, running
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import DiscordServer

ROUNDS = 5
A_ROUND = 1000
IN_FLIGHT = 64
LONG_RUN = 10_000
CROWD = 300
"""Commands that arrive at the same moment."""


async def ask(server: DiscordServer, commands: int, in_flight: int) -> list[Answer]:
    """Ask for strips, so many at once, every one from somebody else; every second one is a press of *Again*."""
    numbers = iter(range(commands))

    async def person() -> list[Answer]:
        answers: list[Answer] = []
        for number in numbers:
            if number % 2 and answers:
                answers.append(await server.press(answers[-1], "Again"))
            else:
                answers.append(await server.command("digit", digit=str(number % 10)))
        return answers

    return list(itertools.chain(*await asyncio.gather(*(person() for _ in range(in_flight)))))


async def rate(server: DiscordServer) -> float:
    """Commands a second, IN_FLIGHT at once."""
    began = time.perf_counter()
    answers = await ask(server, A_ROUND, IN_FLIGHT)
    assert all(answer.files for answer in answers)
    return A_ROUND / (time.perf_counter() - began)


async def alone(server: DiscordServer) -> list[float]:
    """Milliseconds from a command to its answer, one after another."""
    return [1000 * answer.seconds for answer in await ask(server, A_ROUND, 1)]


async def crowd(server: DiscordServer) -> tuple[float, float]:
    """Return commands a second where CROWD arrive at once, and the 99th percentile of the seconds to an answer."""
    began = time.perf_counter()
    answers = await (await server.crowd(CROWD))
    taken = time.perf_counter() - began
    return CROWD / taken, statistics.quantiles([answer.seconds for answer in answers], n=100)[-1]


async def growth(server: DiscordServer, pid: int) -> float:
    """MB by which LONG_RUN commands make the bot grow."""
    before = resident(pid)
    await ask(server, LONG_RUN, IN_FLIGHT)
    return resident(pid) - before


async def measure(server: DiscordServer, bot: BotProcess) -> list[str]:
    """Every row."""
    pid = bot.process.pid
    idle = resident(pid)
    await ask(server, A_ROUND, IN_FLIGHT)
    milliseconds = await alone(server)
    rates = [await rate(server) for _ in range(ROUNDS)]
    crowds = [await crowd(server) for _ in range(ROUNDS)]
    grown = await growth(server, pid)
    return [
        f"| Discord: `/digit 4` to its answer, one at a time | {spread(milliseconds, 'ms', 1)} |",
        f"| Discord: commands a second, {IN_FLIGHT} at once | {spread(rates, '/s', 0)} |",
        f"| Discord: commands a second, {CROWD} at the same moment | {spread([rate for rate, _ in crowds], '/s', 0)} |",
        f"| of which 99 % are answered within | {spread([seconds for _, seconds in crowds], 's', 2)} |",
        f"| Discord: memory, connected | {idle:.0f} MB |",
        f"| Discord: memory after {LONG_RUN:,} commands more | {resident(pid):.0f} MB, grown by {grown:.1f} MB |",
    ]


async def main() -> None:
    """Measure and print."""
    core, other = (sorted(os.sched_getaffinity(0)) * 2)[:2]
    async with DiscordServer() as server, running(**server.settings, DIGIT_LOG_LEVEL="WARNING") as bot:
        os.sched_setaffinity(bot.process.pid, {core})
        os.sched_setaffinity(0, {other})
        await server.online()
        rows = await measure(server, bot)
    head = f"{processor()}, Python {platform.python_version()}; median (least to greatest):"
    sys.stdout.write("\n".join([head, "", "| what | measured |", "| --- | --- |", *rows]) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
