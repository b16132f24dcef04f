"""The order of events in the life of the stack, and the report on it."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp

from tests.benchmarks.chaos.ledger import Ledger
from tests.benchmarks.chaos.platforms import FaultyTelegram
from tests.box.sandbox import ADDRESS
from tests.box.swarm.crowd import Crowd, Discord
from tests.box.swarm.stack import REPLICAS, Stack
from tests.fakes.telegram_server import HOST, telegram_server
from tests.waiting import until

QUIET_SECONDS = 3.0
"""Of questions before, between and after events."""
WITHOUT_REDIS_SECONDS = 20.0
AFTER_STOP_SECONDS = 2.0
"""For which people go on asking while everything stops."""
READY_SECONDS = 60.0
STOP = "SIGTERM of the stack"
PRESSURE = Path("/proc/pressure/cpu")
"""Microseconds, at its end, in which somebody waited for a processor."""
LOUD = {"warning", "error", "critical"}

Report = dict[str, Any]


class Scenario:
    """Events one after another, in mid-load.

    Args:
        stack: under test.
        crowd: asks.
        ledger: of questions.

    Attributes:
        report: what was counted, by event.
    """

    def __init__(self, stack: Stack, crowd: Crowd, ledger: Ledger) -> None:
        self._stack, self._crowd, self._ledger = stack, crowd, ledger
        self.report: Report = {"replicas": REPLICAS, "events": {}}

    async def play(self) -> None:
        """Update, kill, take Redis away, stop."""
        async with self._crowd.asking():
            with self._event("nothing"):
                await asyncio.sleep(QUIET_SECONDS)
            with self._event("rolling update"):
                self.report["update"] = await self._stack.update()
            with self._event("kill -9 of a replica"):
                await self._kill()
            with self._event("Redis gone for 20 s"):
                await self._stack.scale("redis", 0)
                await asyncio.sleep(WITHOUT_REDIS_SECONDS)
                await self._stack.scale("redis", 1)
                await asyncio.sleep(QUIET_SECONDS)
            self.report["logs"] = _logged(await self._stack.logs())
            with self._event(STOP):
                removal = asyncio.create_task(self._stack.remove())
                await asyncio.sleep(AFTER_STOP_SECONDS)
        await removal

    async def _kill(self) -> None:
        """Kill a replica; what is under way at that moment may be answered again by another one.

        What Discord has the acknowledgement of is lost with its replica: a picture that was announced.
        """
        before, asked = self._crowd.unacknowledged(), len(self._ledger.questions)
        acknowledged = self._crowd.acknowledged()
        await self._stack.kill_replica()
        acknowledged |= self._crowd.acknowledged()
        excused = before | set(self._ledger.questions[asked:])
        for question in excused:
            question.max_answers += 1
        for question in acknowledged:
            question.may_be_lost = True
        self.report |= {"under way": len(excused), "acknowledged": len(acknowledged)}
        await self._stack.whole()
        await asyncio.sleep(QUIET_SECONDS)

    @contextlib.contextmanager
    def _event(self, name: str) -> Iterator[None]:
        """Note how long an event takes and what is asked meanwhile."""
        self._crowd.event, began, asked = name, time.monotonic(), len(self._ledger.questions)
        waited = _waited_seconds()
        sys.stderr.write(f"{name} ...\n")
        yield
        seconds, questions = time.monotonic() - began, self._ledger.questions[asked:]
        pressure = round(100 * (_waited_seconds() - waited) / seconds)
        found = {"seconds": round(seconds, 1), "questions": len(questions), "pressure": pressure}
        self.report["events"][name] = found
        sys.stderr.write(f"{name}: {found}\n")


async def play() -> Report:
    """Deploy the stack, play the scenario, and return the report."""
    ledger = Ledger(time.monotonic)
    async with (
        Discord(ledger, ADDRESS) as discord,
        telegram_server(telegram=FaultyTelegram(ledger=ledger), host=ADDRESS) as telegram,
    ):
        assert isinstance(telegram, FaultyTelegram)
        crowd = Crowd(ledger, discord, telegram)
        stack = Stack(ADDRESS, discord.settings | _settings(telegram.url), _secrets())
        telegram.bot = f"https://{ADDRESS}"
        scenario, began = Scenario(stack, crowd, ledger), time.monotonic()
        await stack.deploy()
        await until(lambda: _is_ready(telegram.bot), seconds=READY_SECONDS)
        await discord.online(telegram.bot)
        await telegram.until(lambda: telegram.webhook)
        scenario.report["deployed"] = round(time.monotonic() - began, 1)
        await scenario.play()
        return scenario.report | _results(ledger, crowd, stack)


async def _is_ready(address: str) -> bool:
    """Return whether the bot is ready behind its proxy."""
    with contextlib.suppress(aiohttp.ClientError):
        async with aiohttp.ClientSession() as client, client.get(f"{address}/readyz") as response:
            return response.status == 200
    return False


def _settings(telegram_url: str) -> dict[str, str]:
    """Return the settings by which the bot finds the test server, and the test server the bot."""
    return {"DIGIT_PUBLIC_URL": HOST, "TELEGRAM_API_URL": telegram_url}


def _secrets() -> dict[str, Path]:
    """Return the files of the secrets that the stack takes."""
    folder = Path(os.environ["STACK_SECRETS"])
    return {path.stem: path for path in folder.iterdir()}


def _results(ledger: Ledger, crowd: Crowd, stack: Stack) -> Report:
    """Return what became of the questions."""
    # Nobody took it: Telegram delivers it to whoever is there next, and Discord says so at once.
    with_platform = {
        question
        for question in crowd.unacknowledged()
        if question.platform == "telegram" or question.about.endswith(STOP)
    }
    for question in with_platform:
        question.may_be_lost = True
    platforms = {}
    for platform in sorted({question.platform for question in ledger.questions}):
        asked = ledger.of(platform)
        platforms[platform] = {
            "asked": len(asked),
            "answered once": sum(question.answers == 1 for question in asked),
            "answered twice": sum(question.answers > 1 for question in asked),
            "not accepted": sum(not question.answers for question in asked if question in with_platform),
            "longest wait": round(max(question.seconds for question in asked if question.answers), 1),
        }
    return {
        "platforms": platforms,
        "violations": ledger.violations(),
        "ignored": crowd.ignored(),
        "told": dict(crowd.told()),
        "exits": dict(stack.exits),
    }


def _waited_seconds() -> float:
    """Return the seconds since the start of the machine in which somebody waited for a processor, if it tells them."""
    some = PRESSURE.read_text().splitlines()[0] if PRESSURE.exists() else "total=0"
    return int(some.rpartition("total=")[2]) / 1e6


def _logged(log: str) -> dict[str, int]:
    """Return how often each warning or error stands in the log, and tracebacks."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    found = Counter(f"{line['level']}: {line['event']}" for line in lines if line["level"] in LOUD)
    return dict(found) | {"tracebacks": log.count("Traceback")}
