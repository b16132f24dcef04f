"""Outages that last: tries grow rare but never end, the log has each, and what is waited for is answered."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.web import RouteDef
from pydantic import SecretStr
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot import app
from bot.adapters.base import Context
from bot.adapters.telegram.adapter import Adapter
from bot.adapters.telegram.settings import TelegramSettings
from bot.console import Start
from bot.limits import redis_storage
from bot.limits.policy import CooldownActive, RateLimits
from bot.limits.redis_storage import RedisStorage
from bot.limits.storage import LimitStorage
from tests.fakes.conversations import configuration, conversation
from tests.fakes.generators import GatedGenerator, serving
from tests.fakes.redis_server import RedisServer
from tests.fakes.telegram_server import TOKEN, Telegram

TRIES = 20
MINUTE = 60.0


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of every pause that is made from now on; nobody waits for them."""
    made: list[float] = []

    async def pause(seconds: float, *_: object, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        if seconds:
            made.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", pause)
    return made


def assert_patient(pauses: list[float]) -> None:
    """The first try comes soon, each pause is at least as long as the one before, and none is over a minute."""
    assert 0.1 <= pauses[0] <= 5
    assert max(pauses) <= MINUTE
    assert pauses == sorted(pauses)
    assert sum(pauses) >= len(pauses) * 10 * pauses[0]


class Unreachable:
    """A platform that is out of reach so many times, and then serves."""

    name = "far"
    routes: tuple[RouteDef, ...] = ()

    def __init__(self, tries: int) -> None:
        self.left = tries
        self.ready = False
        self.closed = asyncio.Event()

    async def run(self) -> None:
        """Fail, or serve until closed."""
        if self.left:
            self.left -= 1
            raise ConnectionError("no route")
        self.ready = True
        await self.closed.wait()

    async def close(self) -> None:
        """Let `run` return."""
        self.closed.set()


async def test_a_platform_out_of_reach_is_tried_for_ever_and_at_least_each_minute(
    monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    """After twenty failures in a row the bot still comes back within a minute; the log has each try."""
    platform = Unreachable(TRIES)
    monkeypatch.setattr(app, "_adapters", lambda *_: [platform])
    told: asyncio.Queue[Start] = asyncio.Queue()
    with capture_logs() as lines:
        serving = asyncio.create_task(app.serve(configuration(), told.put_nowait))
        async with asyncio.timeout(30):
            await told.get()
            while not platform.ready:
                await asyncio.sleep(0)
        assert len(pauses) == TRIES
        assert_patient(pauses)
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
    assert [(line["log_level"], line["adapter"], line["retry_seconds"]) for line in lines] == [
        ("warning", "far", seconds) for seconds in pauses[:TRIES]
    ]


async def test_telegram_is_tried_for_ever_and_at_least_each_minute(new_telegram: Telegram, pauses: list[float]) -> None:
    """After twenty server errors in a row the bot still comes back within a minute; the next outage starts afresh."""
    settings = TelegramSettings(token=SecretStr(TOKEN), api_url=new_telegram.url)
    service = serving(GatedGenerator(), queue=1)
    chat = Adapter(settings, Context(conversation(service), None))
    for _ in range(TRIES):
        new_telegram.refuse("getUpdates", 502, "Bad Gateway")
    with capture_logs() as lines:
        running = asyncio.create_task(chat.run())
        async with asyncio.timeout(30):
            while not chat.ready:
                await asyncio.sleep(0)
        assert len(pauses) == TRIES
        assert_patient(pauses)
        await new_telegram.type_inline("nothing")
        await new_telegram.next("answerInlineQuery")
        await new_telegram.until(lambda: not new_telegram.pending)
        new_telegram.refuse("getUpdates", 502, "Bad Gateway")
        await new_telegram.type_inline("nothing")
        await new_telegram.next("answerInlineQuery", after=1)
        await new_telegram.until(lambda: not new_telegram.pending)
        await chat.close()
        await running
    await service.close()
    assert pauses[TRIES] == pauses[0]
    outages = [line for line in lines if line["event"] != "request"]
    assert [line["retry_seconds"] for line in outages[:TRIES]] == pauses[:TRIES]
    assert [line["log_level"] for line in outages[TRIES:]][:2] == ["info", "warning"]


@pytest.fixture
async def dead() -> AsyncIterator[list[object]]:
    """What takes connections where Redis should be and hangs up at once; the list grows by each, its address first."""
    tries: list[object] = []

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.append(writer)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        tries.append("redis://127.0.0.1:{1}".format(*server.sockets[0].getsockname()))
        yield tries


async def test_a_redis_that_stays_dead_is_told_once_and_tried_again(
    dead: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through ten tries in vain the log says that it is lost, never that it is back, and limits hold all the while."""
    monkeypatch.setattr(redis_storage, "RETRY_SECONDS", 0.001)
    with capture_logs() as lines:
        async with RedisStorage(str(dead[0])) as shared:
            gates = RateLimits(LimitStorage(shared), cooldown=60)
            await gates.person("discord", 1)
            async with asyncio.timeout(30):
                while len(dead) < 10:
                    await asyncio.sleep(0)
            with pytest.raises(CooldownActive):
                await gates.person("discord", 1)
    assert [line["log_level"] for line in lines] == ["warning"]


async def test_a_redis_that_takes_no_writes_is_lost_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica that answers a ping but counts nothing is told as lost, and as back once it counts."""
    monkeypatch.setattr(redis_storage, "RETRY_SECONDS", 0.001)
    server = RedisServer(tmp_path)
    await server.start()
    try:
        with capture_logs() as lines:
            async with RedisStorage(server.url) as shared, Redis.from_url(server.url) as operator:
                gates = RateLimits(LimitStorage(shared), cooldown=60)
                await operator.execute_command("REPLICAOF", "127.0.0.1", "1")
                await gates.person("discord", 1)
                before = (await operator.info("stats"))["total_error_replies"]
                async with asyncio.timeout(30):
                    while (await operator.info("stats"))["total_error_replies"] < before + 5:
                        await asyncio.sleep(0)
                assert [line["log_level"] for line in lines] == ["warning"]
                await operator.execute_command("REPLICAOF", "NO", "ONE")
                async with asyncio.timeout(30):
                    while len(lines) == 1:
                        await asyncio.sleep(0)
                await gates.person("discord", 2)
                with pytest.raises(CooldownActive):
                    await gates.person("discord", 2)
        assert [line["log_level"] for line in lines] == ["warning", "info"]
    finally:
        await server.kill()
