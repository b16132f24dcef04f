"""Faults of everything around the bot: each begins, lasts, and ends."""

import asyncio
import contextlib
import random
import sys
from asyncio.subprocess import DEVNULL
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.chaos.ledger import Ledger
from tests.benchmarks.chaos.people import People
from tests.benchmarks.chaos.platforms import FaultyDiscord, FaultyTelegram
from tests.conftest import ROOT
from tests.fakes.redis_server import RedisServer, SlowNetwork
from tests.waiting import until

HOUR_SECONDS = 3600
SLOW_SECONDS = 0.3
"""For each answer of a slow Redis."""
CROWD = 60
PAUSE_A_SECOND = 0.7
"""Faults that begin in a second."""
LONGEST_ABSENCE_SECONDS = 90.0
"""After a fault of a platform: its client tries again once a minute at least."""
CANNOT_WRITE = 73
"""The exit code of `draw` where the file cannot be written."""


@dataclass
class Faults:
    """The faults.

    Attributes:
        lots: draws lots.
        ledger: takes what faults excuse.
        discord, telegram, redis, network, people: have them.
        clock: the file from which the bot's clock is set; None where it cannot be.
        disk: where the bot writes; None where it cannot be filled.
        met: how many there were, by kind.
    """

    lots: random.Random
    ledger: Ledger
    discord: FaultyDiscord
    telegram: FaultyTelegram
    redis: RedisServer
    network: SlowNetwork
    people: People
    clock: Path | None
    disk: Path | None
    met: Counter[str]

    async def rage(self, seconds: float) -> None:
        """Let faults begin at random for so long, several at a time, and wait until all have ended."""
        self.people.storm = True
        busy: set[str] = set()
        async with asyncio.TaskGroup() as raging:
            end = asyncio.get_running_loop().time() + seconds
            while asyncio.get_running_loop().time() < end:
                await asyncio.sleep(self.lots.expovariate(PAUSE_A_SECOND))
                name, fault = self.lots.choice(list(self._all().items()))
                # Two of a kind would end one another.
                if (subject := name.partition(":")[0]) not in busy:
                    busy.add(subject)
                    task = raging.create_task(fault())
                    task.add_done_callback(lambda _, subject=subject: busy.discard(subject))
                    self.met[name] += 1
        self.people.storm = False

    def _all(self) -> dict[str, Callable[[], Awaitable[None]]]:
        faults = {
            "Redis: hangs": self._redis_hangs,
            "Redis: killed": self._redis_killed,
            "Redis: slow": self._redis_slow,
            "Telegram: every call fails": self._telegram_down,
            "Telegram: polls are cut": self._polls_cut,
            "Telegram: polls are refused": self._polls_refused,
            "Discord: reconnect": self._reconnect,
            "Discord: invalid session": self._invalid_session,
            "Discord: connection cut": self._gateway_cut,
            "Discord: gateway down": self._gateway_down,
            "Discord: API down": self._api_down,
            "HTTP: a crowd at one address": lambda: self.people.crowd(CROWD),
        }
        clock = {"clock: jumps": self._clock_jumps} if self.clock else {}
        return faults | clock | ({"disk: full": self._disk_full} if self.disk else {})

    async def _pause(self, most: float) -> None:
        await asyncio.sleep(self.lots.uniform(0.3, 1) * most)

    async def _redis_hangs(self) -> None:
        self.redis.pause()
        await self._pause(4)
        self.redis.resume()

    async def _redis_killed(self) -> None:
        await self.redis.kill()
        await self._pause(3)
        await self.redis.start()

    async def _redis_slow(self) -> None:
        self.network.delay_seconds = SLOW_SECONDS
        await self._pause(5)
        self.network.delay_seconds = 0.0

    async def _telegram_down(self) -> None:
        # An answer is tried four times within 3.5 s; after two faults of its own this is the third.
        with self.ledger.trouble("telegram", late=True):
            self.telegram.down = True
            await self._pause(1)
            self.telegram.down = False
            await self._polling()

    async def _polls_cut(self) -> None:
        with self.ledger.trouble("telegram", late=True):
            self.telegram.cut_polls()
            await self._polling()

    async def _polls_refused(self) -> None:
        with self.ledger.trouble("telegram", late=True):
            self.telegram.plans["getUpdates"] = self.lots.choice([[429], [502, 502], ["cut"], [500]])
            await self._polling()

    async def _polling(self) -> None:
        self.telegram.polled.clear()
        if not self.telegram.webhook:
            await self.telegram.tell()
            await self._back("telegram", self.telegram.polled.is_set)

    async def _reconnect(self) -> None:
        await self._without_gateway(self.discord.gateway.ask_to_reconnect)

    async def _invalid_session(self) -> None:
        await self._without_gateway(self.discord.gateway.invalidate)

    async def _gateway_cut(self) -> None:
        async def cut() -> None:
            self.discord.gateway.drop()

        await self._without_gateway(cut)

    async def _gateway_down(self) -> None:
        async def down() -> None:
            self.discord.gateway.up = False
            self.discord.gateway.drop()
            await self._pause(4)
            self.discord.gateway.up = True

        await self._without_gateway(down)

    async def _without_gateway(self, fault: Callable[[], Awaitable[None]]) -> None:
        # Discord gives up on a command after three seconds, whether or not it has reached the bot.
        with self.ledger.trouble("discord", lost=True, late=True):
            sessions = self._sessions()
            await fault()
            await self._back("discord", lambda: self.discord.gateway.online and self._sessions() > sessions)

    def _sessions(self) -> int:
        return self.discord.gateway.identifies + self.discord.gateway.resumes

    async def _back(self, platform: str, condition: Callable[[], bool]) -> None:
        """Wait until the bot has come back."""
        try:
            await until(condition, seconds=LONGEST_ABSENCE_SECONDS)
        except TimeoutError:
            self.ledger.broken.append(f"{platform}: not back within {LONGEST_ABSENCE_SECONDS:.0f} s")

    async def _api_down(self) -> None:
        with self.ledger.trouble("discord", lost=True, late=True):
            self.discord.rest.up = False
            await self._pause(2)
            self.discord.rest.up = True

    async def _clock_jumps(self) -> None:
        assert self.clock is not None
        self.clock.write_text(f"{self.lots.choice([-HOUR_SECONDS, HOUR_SECONDS]):+}")
        await self._pause(8)
        self.clock.write_text("+0")

    async def _disk_full(self) -> None:
        assert self.disk is not None
        good, filler = self.disk / "good.png", self.disk / "filler"
        good.write_bytes(b"a picture of before")
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        code = await draw(good)
        if code != CANNOT_WRITE or good.read_bytes() != b"a picture of before":
            self.ledger.broken.append(f"disk: `draw --out` on a full disk ended with {code}, or lost the file there")
        await self._pause(3)
        filler.unlink()


async def draw(out: Path) -> int:
    """Draw a strip into a file on the command line; returns the exit code."""
    command = (sys.executable, "-m", "bot", "draw", "4", "--out", str(out))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=DEVNULL, stderr=DEVNULL)
    return await process.wait()
