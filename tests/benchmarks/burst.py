"""Burst: many heavy requests from one address at once, and strips for somebody elsewhere meanwhile.

    python -m tests.benchmarks.burst

The bot is one process with its page alone. MORPHS six-digit morphs come from 127.0.0.1 at once, and a strip every
STRIP_PAUSE_SECONDS from 127.0.0.2. Then the same morphs, whose clients leave after LEAVE_SECONDS; then again, and
SIGTERM. The rate limit of an address is off, so that the queue alone is measured; `--limited` leaves it on.
"""

import argparse
import asyncio
import contextlib
import signal
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass

import aiohttp

from tests.bot.conftest import BotProcess, running

MORPHS = 390
MORPH = "/morph/3/8/1/7/2/9.gif"
STRIP = "/digit/4.png"
CROWD, ELSEWHERE = "127.0.0.1", "127.0.0.2"
STRIP_PAUSE_SECONDS = 0.1
LEAVE_SECONDS = 0.5
"""After which the clients of the second part go away."""
SIGNAL_SECONDS = 0.5
"""After which SIGTERM comes in the third part."""
CUT = "cut"
"""In place of a status: the connection ended without an answer."""


@dataclass(frozen=True)
class Answer:
    """An answer: its status, or CUT, and the seconds from the request to it."""

    status: int | str
    seconds: float


class Client:
    """Clients with one address of this machine."""

    def __init__(self, bot: BotProcess, address: str) -> None:
        self._connector = aiohttp.TCPConnector(limit=0, local_addr=(address, 0))
        self._session = aiohttp.ClientSession(bot.address, connector=self._connector)

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(self, path: str) -> Answer:
        """Ask for a path."""
        began = time.perf_counter()
        status: int | str = CUT
        with contextlib.suppress(aiohttp.ClientError, OSError):
            async with self._session.get(path) as response:
                await response.read()
                status = response.status
        return Answer(status, time.perf_counter() - began)

    async def json(self, path: str) -> dict[str, object]:
        """Return the JSON at a path."""
        async with self._session.get(path) as response:
            body: dict[str, object] = await response.json()
            return body


async def burst(crowd: Client, elsewhere: Client) -> list[str]:
    """Ask for all morphs at once, and for strips from elsewhere until the last morph is answered."""
    await elsewhere.get(STRIP)
    morphs = asyncio.gather(*(crowd.get(MORPH) for _ in range(MORPHS)))
    strips: list[asyncio.Task[Answer]] = []
    while not morphs.done():
        strips.append(asyncio.create_task(elsewhere.get(STRIP)))
        await asyncio.sleep(STRIP_PAUSE_SECONDS)
    answers, served = await asyncio.gather(morphs, asyncio.gather(*strips))
    drawn = [answer.seconds for answer in answers if answer.status == 200]
    times = [1000 * answer.seconds for answer in served if answer.status == 200]
    return [
        f"| {MORPHS} morphs at once from one address, by status | {_by_status(answers)} |",
        f"| the longest wait for one of them that was drawn | {max(drawn, default=0):.1f} s |",
        f"| the longest wait for any answer | {max(answer.seconds for answer in answers):.1f} s |",
        f"| strips from elsewhere meanwhile, by status | {_by_status(served)} |",
        f"| their times: median, longest | {statistics.median(times or [0]):.0f} ms, {max(times, default=0):.0f} ms |",
    ]


async def leave(bot: BotProcess, elsewhere: Client) -> list[str]:
    """Ask for all morphs at once, go away, and wait until nothing is drawn any more."""
    async with Client(bot, CROWD) as crowd:
        asked = [asyncio.create_task(crowd.get(MORPH)) for _ in range(MORPHS)]
        await asyncio.sleep(LEAVE_SECONDS)
        pending = (await elsewhere.json("/readyz"))["pending"]
        for task in asked:
            task.cancel()
    began = time.perf_counter()
    while (await elsewhere.json("/readyz"))["pending"]:
        await asyncio.sleep(STRIP_PAUSE_SECONDS / 10)
    gone = time.perf_counter() - began
    return [f"| drawing on after all clients have left, {pending} requests pending | {gone:.1f} s |"]


async def stop(bot: BotProcess, crowd: Client) -> list[str]:
    """Ask for all morphs at once, and send SIGTERM."""
    asked = asyncio.gather(*(crowd.get(MORPH) for _ in range(MORPHS)))
    await asyncio.sleep(SIGNAL_SECONDS)
    began = time.perf_counter()
    bot.process.send_signal(signal.SIGTERM)
    answers = await asked
    answered = time.perf_counter() - began
    await bot.ended()
    ended = time.perf_counter() - began
    return [
        f"| the same, and SIGTERM after {SIGNAL_SECONDS} s, by status | {_by_status(answers)} |",
        f"| from the signal to the last answer, to the end of the process | {answered:.1f} s, {ended:.1f} s |",
    ]


def _by_status(answers: list[Answer]) -> str:
    counts = Counter(str(answer.status) for answer in answers)
    return ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))


async def measure(**settings: str) -> list[str]:
    """Measure, and return the rows of the table."""
    rows = []
    # Trusted, so that all morphs get a connection.
    settings |= {"DIGIT_LOG_LEVEL": "WARNING", "DIGIT_TRUSTED_PROXIES": CROWD}
    async with running(**settings) as bot, Client(bot, ELSEWHERE) as elsewhere:
        async with Client(bot, CROWD) as crowd:
            rows += await burst(crowd, elsewhere)
        rows += await leave(bot, elsewhere)
        async with Client(bot, CROWD) as crowd:
            rows += await stop(bot, crowd)
    return rows


def main() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.burst", description="Measure a burst.")
    parser.add_argument("--limited", action="store_true", help="leave the rate limit of an address on")
    settings = {} if parser.parse_args().limited else {"DIGIT_ADDRESS_LIMIT": "0"}
    rows = asyncio.run(measure(**settings))
    sys.stdout.write("\n".join(["| what | measured |", "| --- | --- |", *rows]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
