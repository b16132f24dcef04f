"""The composition root: chat adapters come, fail, are refused and go, and the page stays."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp.web import RouteDef

from bot import app, supervisor
from bot.adapters.base import Adapter
from bot.adapters.platform_client import Refused
from bot.adapters.registry import PLATFORMS
from bot.config.loading import Configuration
from bot.config.settings import Settings
from bot.console import Start
from tests.waiting import until


class Platform:
    """A chat platform that behaves as told; it records what happened to it."""

    def __init__(self, name: str, *moods: str) -> None:
        self.name = name
        self.moods = list(moods)
        self.ready = False
        self.closed = asyncio.Event()
        self.routes: tuple[RouteDef, ...] = ()

    async def run(self) -> None:
        """Live through the moods: `refuse`, `unreachable`, `break`, and otherwise serve until closed."""
        mood = self.moods.pop(0) if self.moods else "serve"
        if mood == "refuse":
            raise Refused(f"{self.name.upper()}_TOKEN")
        if mood == "unreachable":
            raise OSError("no route")
        if mood == "break":
            raise ValueError("a fault of ours")
        self.ready = True
        await self.closed.wait()

    async def close(self) -> None:
        """Let `run` return."""
        self.ready = False
        self.closed.set()


async def serve(monkeypatch: pytest.MonkeyPatch, *platforms: Platform, told: Callable[[Start], None]) -> None:
    """Run the application with these platforms on a free port."""

    def chats(*_: object) -> list[Adapter]:
        return list(platforms)

    monkeypatch.setattr(app, "_adapters", chats)
    monkeypatch.setattr(supervisor, "MAX_PAUSE_SECONDS", 0.01)
    configuration = Configuration(Settings(port=0), {platform.name: platform.settings() for platform in PLATFORMS})
    await app.serve(configuration, told)


async def readiness(address: str) -> tuple[int, dict[str, bool]]:
    """What /readyz says: its status and each adapter's state."""
    async with aiohttp.ClientSession() as client, client.get(address + "/readyz") as response:
        return response.status, (await response.json())["adapters"]


async def until_readiness(address: str, status: int, **adapters: bool) -> None:
    """Wait until /readyz says so."""

    async def says_so() -> bool:
        return await readiness(address) == (status, adapters)

    await until(says_so)


@asynccontextmanager
async def serving(monkeypatch: pytest.MonkeyPatch, *platforms: Platform) -> AsyncIterator[str]:
    """Run the application with these platforms and yield the address of its page; a SIGTERM ends it."""
    told: asyncio.Queue[Start] = asyncio.Queue()
    task = asyncio.create_task(serve(monkeypatch, *platforms, told=told.put_nowait))
    try:
        yield (await asyncio.wait_for(told.get(), timeout=30)).address
        # Were it not running any more, nobody would catch the signal.
        assert not task.done()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, timeout=30)
    finally:
        task.cancel()


async def test_one_refused_platform_leaves_the_others_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong token ends its own adapter; the page and the other platform go on, and /readyz tells which is out."""
    right = Platform("right")
    async with serving(monkeypatch, Platform("wrong", "refuse"), right) as address:
        await until(lambda: right.ready)
        assert await readiness(address) == (503, {"wrong": False, "right": True})
    assert right.closed.is_set()
