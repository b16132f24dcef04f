"""A run: lives of the bot's process one after another, each with a storm of faults and an end."""

import asyncio
import contextlib
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp.test_utils import unused_port

from tests import programs
from tests.benchmarks.chaos import faults, life
from tests.benchmarks.chaos.ledger import Ledger, Question
from tests.benchmarks.chaos.life import Figures
from tests.benchmarks.chaos.people import People, asking
from tests.benchmarks.chaos.platforms import FaultyDiscord, FaultyTelegram
from tests.clocks import settable
from tests.fakes.redis_server import RedisServer, SlowNetwork
from tests.fakes.telegram_rules import Json
from tests.fakes.telegram_server import HOST, TOKEN, telegram_server
from tests.waiting import until

STORM_SHARE = (0.1, 0.3)
"""The shortest and the longest time of faults in the life of a process, as a share of the run."""
STARVED = 0.5
"""Share of the time for which the bot and this process wait for a processor that other programs have: then nobody can
keep a time."""
STARVED_PERIOD_SECONDS = 0.5
BEFORE_END_SECONDS = 2.0
"""For which people ask without faults before a process ends."""
DOWN_SECONDS = 2.0
"""The longest time until it is started again."""
LONGEST_END_SECONDS = 20.0
"""After SIGTERM: compose.yaml and systemd give a process no less before they kill it."""
EACH = 10
"""Questions on each platform, without faults, before a process is measured."""
GROWTH_MB, MORE_DESCRIPTORS = 24.0, 8
"""What counts as no growth: memory that the allocator keeps of the largest crowd, and connections that are kept for the
next call."""
SHRINK_SECONDS = 45.0
"""For connections that are kept alive to end."""


@dataclass
class Chaos:
    """A run.

    Attributes:
        lots: draws lots.
        ledger: of questions and promises.
        met: faults, by kind.
        sizes: of each process, before and after its faults.
        ends: of processes, by kind.
        starved_seconds: in which others had the processor.
    """

    lots: random.Random
    folder: Path
    ledger: Ledger = field(default_factory=lambda: Ledger(time.monotonic))
    met: Counter[str] = field(default_factory=Counter)
    sizes: list[tuple[Figures, Figures]] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    starved_seconds: float = 0.0

    async def play(self, seconds: float, disk: Path) -> None:
        """Live through chaos for about so long."""
        self.address = f"http://127.0.0.1:{unused_port()}"
        self.log = disk / "log"
        clock = self.folder / "clock"
        clock.write_text("+0")
        async with (
            telegram_server(telegram=FaultyTelegram(ledger=self.ledger, met=self.met)) as self.telegram,
            FaultyDiscord(self.ledger, self.met) as self.discord,
            RedisServer(self.folder, life.PASSWORD) as redis,
            SlowNetwork(redis, self.folder) as network,
        ):
            assert isinstance(self.telegram, FaultyTelegram)
            await redis.start()
            self.telegram.bot, self.telegram.shuffled = self.address, self._shuffled
            self.people = People(self.lots, self.ledger, self.discord, self.telegram, self.address, self.met)
            self.faults = faults.Faults(
                *(self.lots, self.ledger, self.discord, self.telegram, redis, network, self.people),
                clock=clock if programs.LIBFAKETIME.find() else None,
                disk=disk if disk.is_mount() else None,
                met=self.met,
            )
            self._settings = self._fixed_settings(network) | (settable(clock) if self.faults.clock else {})
            watch = asyncio.create_task(self._watch())
            await self._lives(seconds)
            watch.cancel()

    async def _lives(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        async with contextlib.AsyncExitStack() as stack:
            process = self._process = await stack.enter_async_context(self._life(0))
            over = False
            while not over:
                before = await self._measured(process)
                storm = seconds * self.lots.uniform(*STORM_SHARE)
                async with asking(self.people, self.lots):
                    await self.faults.rage(min(storm, max(1.0, end - time.monotonic())))
                self.sizes.append((before, await self._measured(process, before)))
                over = time.monotonic() >= end
                async with asking(self.people, self.lots), contextlib.AsyncExitStack() as troubles:
                    await asyncio.sleep(BEFORE_END_SECONDS)
                    await self._end(process, troubles, kill=not over and len(self.sizes) % 2 == 1)
                    await asyncio.sleep(self.lots.uniform(0, DOWN_SECONDS))
                    process = self._process = await stack.enter_async_context(self._life(len(self.sizes)))
            # The last process answers what has come since the end of the one before.
            await self._measured(process)
            await self._end(process, stack, kill=False)

    async def _watch(self) -> None:
        """Excuse waits while other programs have the processor."""
        delay = 0.0
        while True:
            await asyncio.sleep(STARVED_PERIOD_SECONDS)
            with contextlib.suppress(OSError, AttributeError):  # between two processes
                processes = (self._process.pid, os.getpid())
                before, delay = delay, sum(map(life.processor_delay_seconds, processes))
                if delay - before > STARVED * STARVED_PERIOD_SECONDS:
                    self.starved_seconds += STARVED_PERIOD_SECONDS
                    self.ledger.excuse("telegram", late=True)
                    self.ledger.excuse("discord", lost=True, late=True)
                    self.ledger.excuse("http", late=True)

    def _life(self, number: int) -> "contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]":
        """Start the bot, which polls Telegram or has a webhook: of two with each, one is killed."""
        webhook = {"TELEGRAM_WEBHOOK_URL": HOST + "/telegram"} if number % 4 in (1, 2) else {}
        return life.living(self.log, self.address, **self._settings, **webhook)

    async def _measured(self, process: asyncio.subprocess.Process, before: Figures | None = None) -> Figures:
        """Ask without faults, wait for all answers, and return the size of the process."""
        self.people.hang_up()
        await self.people.each(EACH)
        assert isinstance(self.telegram, FaultyTelegram)
        await until(lambda: not self.telegram.pending, seconds=90)
        if before:
            with contextlib.suppress(TimeoutError):
                await until(lambda: not self._grown(before, Figures.of(process.pid)), SHRINK_SECONDS)
        return Figures.of(process.pid)

    def grown(self) -> list[str]:
        """Return a line for each process that was larger at its end than at its beginning."""
        return [
            f"process {number + 1} has grown: {before} to {after}"
            for number, (before, after) in enumerate(self.sizes)
            if self._grown(before, after)
        ]

    @staticmethod
    def _grown(before: Figures, after: Figures) -> bool:
        more = after.descriptors > before.descriptors + MORE_DESCRIPTORS
        return more or after.threads > before.threads or after.memory > before.memory + GROWTH_MB

    async def _end(
        self, process: asyncio.subprocess.Process, troubles: contextlib.AsyncExitStack, *, kill: bool
    ) -> None:
        """End a process; until another one is ready, what comes may be lost, or wait."""
        # At SIGTERM what was accepted is answered; on Telegram it comes again.
        for platform in ("http", "discord"):
            troubles.enter_context(self.ledger.trouble(platform, lost=True, late=True, accepted=kill))
        troubles.enter_context(self.ledger.trouble("telegram", late=True))
        if kill:
            for question in self._unconfirmed():
                question.max_answers += 1
            process.kill()
        else:
            process.terminate()
        try:
            code = await asyncio.wait_for(process.wait(), LONGEST_END_SECONDS)
        except TimeoutError:
            self.ledger.broken.append(f"SIGTERM: the process lives on after {LONGEST_END_SECONDS:.0f} s")
        else:
            if code and not kill:
                self.ledger.broken.append(f"SIGTERM: exit code {code}")
        self.ends["kill -9" if kill else "SIGTERM"] += 1

    def _unconfirmed(self) -> list[Question]:
        assert isinstance(self.telegram, FaultyTelegram)
        people = {content["from"]["id"] for update in self.telegram.pending.values() for content in _contents(update)}
        return [question for person, question in self.telegram.asked.items() if person in people]

    def _shuffled(self, updates: list[object]) -> list[object]:
        """Reorder the updates of a poll, and repeat some, while there is a storm."""
        if not self.people.storm or self.lots.random() < 0.5:
            return updates
        self.met["Telegram: updates twice and out of order"] += len(updates) > 1
        return self.lots.sample(updates + updates[:2], len(updates) + len(updates[:2]))

    def _fixed_settings(self, network: SlowNetwork) -> dict[str, str]:
        host, _, port = self.address.removeprefix("http://").partition(":")
        return self.discord.settings | {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
            "DIGIT_HOST": host,
            "DIGIT_PORT": port,
            "DIGIT_PUBLIC_URL": HOST,
            "DIGIT_REDIS_URL": network.url.replace("unix://", f"unix://:{life.PASSWORD}@"),
            # Everybody asks once; but on Discord all are in one chat.
            "DIGIT_COOLDOWN": "1",
            "DIGIT_CHAT_LIMIT": "100000",
        }


def _contents(update: Json) -> list[Json]:
    return [content for content in update.values() if isinstance(content, dict)]
