"""Measure the cost of forged posts to the Interactions Endpoint, and print rows of the table in docs/performance.md.

    python -m tests.benchmarks.forged

The bot is a process on one core. A Discord of ours asks it for strips from another, one after another: first alone,
then beside FORGED_PER_MINUTE posts that are signed with another key, the dearest that anybody can forge.
"""

import asyncio
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.benchmarks.figures import processor
from tests.benchmarks.replicas import PATIENCE_SECONDS
from tests.benchmarks.telegram import processor_seconds
from tests.bot.conftest import on_discord
from tests.fakes.discord_endpoint import EndpointClient
from tests.fakes.discord_payloads import GUILD, interaction
from tests.fakes.discord_server import COMMAND, DiscordServer

FORGED_PER_MINUTE = 10_000
SECONDS = 15.0
"""Of each part."""
DATA = {"id": "1", "name": "digit", "type": 1, "options": [{"name": "digit", "type": 3, "value": "4"}]}


class Forger:
    """Somebody without the key, at a steady pace.

    Attributes:
        posts: that were refused with 401.
    """

    def __init__(self, endpoint: EndpointClient) -> None:
        self.posts = 0
        self._endpoint = endpoint
        self._under_way: set[asyncio.Task[None]] = set()
        self._body = json.dumps(interaction(COMMAND, DATA, GUILD, "1")).encode()
        self._headers = EndpointClient().headers(self._body)

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Post while the context lasts; none is under way at its end, and one that failed fails it."""
        pacing = asyncio.create_task(self._pace())
        try:
            yield
        finally:
            pacing.cancel()
            # Before the bot is stopped, or an error would drown among those of posts that find no bot.
            await asyncio.gather(*self._under_way)

    async def _pace(self) -> None:
        began, loop = time.perf_counter(), asyncio.get_running_loop()
        for number in itertools.count():
            await asyncio.sleep(began + 60 * number / FORGED_PER_MINUTE - time.perf_counter())
            self._under_way.add(post := loop.create_task(self._post()))
            post.add_done_callback(self._under_way.discard)

    async def _post(self) -> None:
        status, _ = await self._endpoint.post(self._body, self._headers)
        assert status == 401
        self.posts += 1


async def ask(server: DiscordServer) -> list[float]:
    """Milliseconds from a command to its strip, one after another."""
    end, times = time.perf_counter() + SECONDS, []
    while time.perf_counter() < end:
        answer = await server.command("digit", digit="4")
        assert answer.files
        times.append(1000 * answer.seconds)
    return times


def summary(times: list[float]) -> str:
    """Median and 99th percentile."""
    return f"{statistics.median(times):.1f} ms, {statistics.quantiles(times, n=100)[-1]:.1f} ms"


async def measure() -> list[str]:
    """The rows."""
    core, other = (sorted(os.sched_getaffinity(0)) * 2)[:2]
    async with DiscordServer(over_http=True) as server, on_discord(server, DIGIT_LOG_LEVEL="WARNING") as bot:
        assert server.endpoint is not None
        # On a busy machine an answer that comes too late is a figure, and no reason to stop.
        server.rest.patience = PATIENCE_SECONDS
        os.sched_setaffinity(bot.process.pid, {core})
        os.sched_setaffinity(0, {other})
        await ask(server)
        forger = Forger(server.endpoint)
        alone = await ask(server)
        async with forger.posting():
            beside = await ask(server)
        refused, used = forger.posts, processor_seconds(bot.process.pid)
        async with forger.posting():
            await asyncio.sleep(SECONDS)
        cost = 1000 * (processor_seconds(bot.process.pid) - used) / (forger.posts - refused)
    return [
        f"| `/digit 4` over HTTP, one at a time: median, 99th percentile | {summary(alone)} |",
        f"| the same beside {FORGED_PER_MINUTE:,} forged posts a minute | {summary(beside)} |",
        f"| commands answered in {SECONDS:.0f} s: alone, beside them | {len(alone)}, {len(beside)} |",
        f"| processor time of the bot for a forged post | {cost:.2f} ms |",
    ]


def main() -> int:
    """Measure and print; returns the exit code."""
    rows = asyncio.run(measure())
    sys.stdout.write("\n".join([f"{processor()}:", "", "| what | measured |", "| --- | --- |", *rows]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
