"""Measure where the milliseconds of a command over HTTP go, and print the table of docs/scaling.md.

    python -m tests.benchmarks.parts

One replica with a Redis, asked for strips, IN_FLIGHT at a time; tests/benchmarks/sampled.py is the replica.
"""

import asyncio
import json
import os
import platform
import signal
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import sampled
from tests.benchmarks.figures import processor
from tests.benchmarks.replicas import PATIENCE_SECONDS, WARM_UP, ask
from tests.bot.conftest import running
from tests.fakes.discord_server import DiscordServer
from tests.fakes.redis_server import RedisServer
from tests.waiting import until

COMMANDS = 3000


async def measure(folder: Path) -> dict[str, float]:
    """Return the milliseconds of processor time that a command takes, by part."""
    samples = folder / "samples"
    async with RedisServer(folder) as redis, DiscordServer(over_http=True) as server:
        await redis.start()
        server.rest.patience = PATIENCE_SECONDS
        settings = server.settings | {"DIGIT_REDIS_URL": redis.url, "DIGIT_TRUSTED_PROXIES": "127.0.0.1"}
        settings |= {"DIGIT_COOLDOWN": "1", sampled.VARIABLE: str(samples)}
        async with running(module=sampled.__name__, **settings) as bot:
            await server.online(bot.address)
            await ask(server, WARM_UP)
            bot.process.send_signal(signal.SIGUSR1)
            answers = await ask(server, COMMANDS)
            bot.process.send_signal(signal.SIGUSR2)
            await until(samples.exists)
    assert all(answer.files for answer in answers)
    return {part: 1000 * seconds / COMMANDS for part, seconds in json.loads(samples.read_text()).items()}


def rows(parts_ms: dict[str, float]) -> list[str]:
    """Return the rows of the table, the largest part first."""
    total_ms = sum(parts_ms.values())
    sorted_parts = sorted(parts_ms.items(), key=lambda part: part[1], reverse=True)
    return [
        f"| {name} | {ms:.2f} ms | {100 * ms / total_ms:.0f} % |" for name, ms in [*sorted_parts, ("all", total_ms)]
    ]


def main() -> int:
    """Measure and print; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        parts_ms = asyncio.run(measure(Path(folder)))
    machine = f"{processor()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"
    head = f"{machine}; {COMMANDS:,} commands:"
    lines = [
        head,
        "",
        "| part of a command | processor time | share |",
        "| --- | --- | --- |",
        *rows(parts_ms),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
