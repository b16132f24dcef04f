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
from tests.benchmarks.telegram import processor_seconds
from tests.bot.conftest import running
from tests.fakes.discord_server import DiscordServer
from tests.fakes.redis_server import RedisServer
from tests.waiting import until

COMMANDS = 3000


async def measure(folder: Path) -> tuple[float, dict[str, int]]:
    """Return the processor time of a command, in milliseconds, and the number of samples by part."""
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
            before = processor_seconds(bot.process.pid)
            answers = await ask(server, COMMANDS)
            used = processor_seconds(bot.process.pid) - before
            bot.process.send_signal(signal.SIGUSR2)
            await until(samples.exists)
    assert all(answer.files for answer in answers)
    return 1000 * used / COMMANDS, json.loads(samples.read_text())


def rows(command_ms: float, samples: dict[str, int]) -> list[str]:
    """Return the rows of the table, the largest part first."""
    total = sum(samples.values())
    parts = sorted(samples.items(), key=lambda part: part[1], reverse=True)
    shares = [(name, number / total) for name, number in parts] + [("all of it", 1.0)]
    return [f"| {name} | {command_ms * share:.2f} ms | {100 * share:.0f} % |" for name, share in shares]


def main() -> int:
    """Measure and print; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        command_ms, samples = asyncio.run(measure(Path(folder)))
    machine = f"{processor()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"
    head = f"{machine}; {COMMANDS:,} commands, {sum(samples.values()):,} samples:"
    lines = [
        head,
        "",
        "| part of a command | processor time | share |",
        "| --- | --- | --- |",
        *rows(command_ms, samples),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
