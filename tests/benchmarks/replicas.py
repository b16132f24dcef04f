"""Measure replicas that Discord posts to, and print the table of docs/scaling.md.

    python -m tests.benchmarks.replicas

Replicas of the bot, each a process of its own, share a Redis and every core. One process more is Discord and a load
balancer that gives each post to the next replica, IN_FLIGHT at a time; the table says what that process takes itself.
"""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from bot.limits.redis_storage import PREFIX
from tests.benchmarks.figures import processor
from tests.benchmarks.telegram import processor_seconds
from tests.bot.conftest import BotProcess, running
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import DiscordServer
from tests.fakes.redis_server import RedisServer

REPLICAS = (1, 2, 4)
WARM_UP, COMMANDS = 300, 3000
IN_FLIGHT = 64
PATIENCE_SECONDS = 60.0
"""For which Discord waits, in place of three."""


@dataclass(frozen=True)
class Usage:
    """Seconds of processor time, and calls of Redis, from the start on."""

    bots: float
    generator: float
    redis: float
    redis_calls: int


@dataclass(frozen=True)
class Figures:
    """The figures of a number of replicas; times are milliseconds of a processor for a command."""

    replicas: int
    rate: float
    p50_ms: float
    p99_ms: float
    bot_ms: float
    generator_ms: float
    redis_ms: float
    redis_calls: float
    claim_bytes: float
    picture_bytes: float

    def row(self) -> str:
        """The row of the table."""
        return (
            f"| {self.replicas} | {self.rate:.0f} | {self.p50_ms:.0f} ms, {self.p99_ms:.0f} ms | {self.bot_ms:.1f} ms "
            f"| {self.redis_ms:.2f} ms | {self.generator_ms:.1f} ms |"
        )


async def ask(server: DiscordServer, commands: int) -> list[Answer]:
    """Ask for strips, IN_FLIGHT at a time, each for somebody else."""
    numbers = iter(range(commands))

    async def person() -> list[Answer]:
        return [await server.command("digit", digit=str(number % 10)) for number in numbers]

    answers = await asyncio.gather(*(person() for _ in range(IN_FLIGHT)))
    return [answer for of_one in answers for answer in of_one]


async def usage(bots: list[BotProcess], redis: RedisServer) -> Usage:
    """What everybody has used so far."""
    async with Redis.from_url(redis.url) as client:
        stats = await client.info()
    redis_seconds = stats["used_cpu_user"] + stats["used_cpu_sys"]
    seconds = sum(processor_seconds(bot.process.pid) for bot in bots)
    return Usage(seconds, time.process_time(), redis_seconds, stats["total_commands_processed"])


async def claim_bytes(redis: RedisServer) -> float:
    """Mean size of a claim in Redis, its key included."""
    async with Redis.from_url(redis.url) as client:
        sizes = [await client.memory_usage(key) async for key in client.scan_iter(f"{PREFIX}:claim:*")]
    return statistics.mean(size for size in sizes if size is not None)


async def measure(replicas: int, redis: RedisServer) -> Figures:
    """Measure so many replicas."""
    async with DiscordServer(over_http=True) as server, AsyncExitStack() as stack:
        assert server.endpoint is not None
        # On a busy machine an answer that comes too late is a figure, and no reason to stop.
        server.rest.patience = PATIENCE_SECONDS
        settings = server.settings | {"DIGIT_REDIS_URL": redis.url, "DIGIT_LOG_LEVEL": "WARNING"}
        settings |= {"DIGIT_COOLDOWN": "1", "DIGIT_CHAT_LIMIT": "0", "DIGIT_TRUSTED_PROXIES": "127.0.0.1"}
        bots = [await stack.enter_async_context(running(**settings)) for _ in range(replicas)]
        for bot in bots:
            await server.online(bot.address)
        server.endpoint.replicas = [bot.address for bot in bots[:-1]]
        server.endpoint.in_turn = True
        await ask(server, WARM_UP)
        before, began = await usage(bots, redis), time.perf_counter()
        answers = await ask(server, COMMANDS)
        seconds, after = time.perf_counter() - began, await usage(bots, redis)
    assert not (told := {answer.text for answer in answers if not answer.files}), told
    times = [1000 * answer.seconds for answer in answers]
    per_command = 1000 / COMMANDS
    return Figures(
        replicas=replicas,
        rate=COMMANDS / seconds,
        p50_ms=statistics.median(times),
        p99_ms=statistics.quantiles(times, n=100)[-1],
        bot_ms=per_command * (after.bots - before.bots),
        generator_ms=per_command * (after.generator - before.generator),
        redis_ms=per_command * (after.redis - before.redis),
        redis_calls=(after.redis_calls - before.redis_calls) / COMMANDS,
        claim_bytes=await claim_bytes(redis),
        picture_bytes=statistics.mean(len(answer.files[0]) for answer in answers),
    )


async def main() -> None:
    """Measure and print."""
    cores = len(os.sched_getaffinity(0))
    head = (
        f"{processor()}, {cores} cores, Python {platform.python_version()}; {COMMANDS:,} commands, {IN_FLIGHT} at once:"
    )
    columns = "| replicas | commands a second | p50, p99 | a replica's processor time | Redis | load generator |"
    _print(head, "", columns, "| --- " * 6 + "|")
    with tempfile.TemporaryDirectory() as folder:
        async with RedisServer(Path(folder)) as redis:
            await redis.start()
            for replicas in REPLICAS:
                figures = await measure(replicas, redis)
                _print(figures.row())
    claim = f"a claim of {figures.claim_bytes:.0f} bytes in it"
    picture = f"{figures.picture_bytes:.0f} bytes of picture"
    _print("", f"a command: {figures.redis_calls:.1f} calls of Redis, {claim}, {picture}")


def _print(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
