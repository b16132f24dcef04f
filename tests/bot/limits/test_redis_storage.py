"""Replicas that count together in a real Redis, and what people notice of it when that is gone: nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.limits import redis_storage
from bot.limits.policy import AddressLimited, ChatLimited, CooldownActive, RateLimits
from bot.limits.redis_storage import RedisStorage
from bot.limits.storage import LimitStorage
from tests.bot.conftest import BotProcess, no_traceback, running
from tests.constants import replacing
from tests.fakes.redis_server import RedisServer, SlowNetwork
from tests.waiting import until

LOST, BACK = "unreachable", "is back"
SECRETS = ("a token",)
SOMEBODY = 123456789
NO_PAUSE = replacing(limits__redis_storage__RETRY_SECONDS=0.1)
"""A Redis that was lost is tried again at once, and not after five seconds."""
PATIENT = replacing(
    NO_PAUSE, limits__redis_storage__ANSWER_TIMEOUT_SECONDS=5.0, limits__redis_storage__SLOW_ANSWER_SECONDS=5.0
)
"""A Redis that is slow, as on a busy machine, is not lost."""


@asynccontextmanager
async def replica(redis: RedisServer) -> AsyncIterator[RateLimits]:
    """The limits of one of several processes."""
    async with RedisStorage(redis.url) as shared:
        yield RateLimits(LimitStorage(shared, SECRETS), cooldown=60, chat_limit=2, address_limit=2)


def told(bot: BotProcess, what: str) -> int:
    """How many lines of its log say that."""
    return sum(what in event for event in bot.events("warning", "info"))


async def statuses(bot: BotProcess, times: int) -> list[int]:
    """What so many requests for a picture, all at once, are answered with."""
    async with aiohttp.ClientSession() as client:

        async def ask() -> int:
            async with client.get(f"{bot.address}/digit/4.png") as response:
                return response.status

        return await asyncio.gather(*(ask() for _ in range(times)))


async def test_replicas_count_together(redis: RedisServer) -> None:
    """A person, a chat and an address that had their share from one replica get no more from another."""
    async with replica(redis) as one, replica(redis) as other:
        await one.person("discord", 1)
        with pytest.raises(CooldownActive) as early:
            await other.person("discord", 1)
        assert 1 <= early.value.retry_after <= 60
        await other.person("discord", 2)
        for limits in (one, other):
            await limits.chat("discord", 1)
            await limits.address(ip_address("192.0.2.1"))
            await limits.message("telegram", -1, max_messages=3)
        with pytest.raises(AddressLimited):
            await one.address(ip_address("192.0.2.1"))
        for ask in (one.chat("discord", 1), one.message("telegram", -1, max_messages=3)):
            with pytest.raises(ChatLimited) as full:
                await ask
            assert not full.value.repeated
            assert 1 <= full.value.retry_after <= 60
        with pytest.raises(ChatLimited) as full:
            await other.chat("discord", 1)
        assert full.value.repeated


async def test_redis_learns_of_nobody(redis: RedisServer) -> None:
    """Every key is ours by its beginning, expires, and tells no id; nor is it the same under another secret."""
    async with replica(redis) as limits:
        await limits.person("discord", SOMEBODY)
        await limits.chat("discord", SOMEBODY)
        await limits.message("telegram", SOMEBODY, max_messages=3)
        await limits.address(ip_address("192.0.2.1"))
    keys = await redis.keys()
    assert len(keys) == 5  # with the one that was written to see whether Redis answers
    assert all(key.startswith("digit-bot:") and 0 < seconds <= 60 for key, seconds in keys.items())
    assert not [key for key in keys if str(SOMEBODY) in key or "192.0.2" in key]
    async with RedisStorage(redis.url) as shared:
        await RateLimits(LimitStorage(shared, ("another token",)), cooldown=60).person("discord", SOMEBODY)
    assert len(await redis.keys()) == 6


async def test_of_a_crowd_only_the_first_wait_for_a_redis_that_hangs(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 500 people at once, with a Redis that takes connections and answers none, all are counted in memory."""
    monkeypatch.setattr(redis_storage, "RETRY_SECONDS", 600)
    asked = []
    async with replica(redis) as limits:
        monkeypatch.setattr(RedisStorage, "_ask", _counting(RedisStorage._ask, asked))
        redis.pause()
        await asyncio.gather(*(limits.person("discord", person) for person in range(500)))
        with pytest.raises(CooldownActive):
            await limits.person("discord", 1)
        redis.resume()
    assert 1 <= len(asked) <= redis_storage.MAX_CONNECTIONS


async def test_of_a_crowd_only_the_first_wait_for_a_redis_that_is_slow(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 400 people at once, with a Redis that takes 0.3 s to answer, all but the first few are counted in memory."""
    asked: list[object] = []
    async with SlowNetwork(redis, tmp_path) as network, RedisStorage(network.url) as shared:
        limits = RateLimits(LimitStorage(shared, SECRETS), cooldown=60)
        network.delay_seconds = 0.3
        monkeypatch.setattr(RedisStorage, "_ask", _counting(RedisStorage._ask, asked))
        await asyncio.gather(*(limits.person("discord", person) for person in range(400)))
    assert 1 <= len(asked) <= redis_storage.MAX_CONNECTIONS


async def test_a_redis_that_stays_slow_counts_as_lost(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After slow answers alone nobody waits for Redis any more; one quick answer, and it counts again."""
    monkeypatch.setattr(redis_storage, "SLOW_PERIOD_SECONDS", 0.1)
    monkeypatch.setattr(redis_storage, "RETRY_SECONDS", 0.05)
    with capture_logs() as lines:
        async with SlowNetwork(redis, tmp_path) as network, RedisStorage(network.url) as shared:
            limits = RateLimits(LimitStorage(shared, SECRETS), cooldown=60)
            network.delay_seconds = 0.15
            people = count()
            while not lines:
                await limits.person("discord", next(people))
            # Counted in memory, where this one has not been counted yet.
            await limits.person("discord", 0)
            network.delay_seconds = 0
            await until(lambda: len(lines) == 2)
            with pytest.raises(CooldownActive):
                await limits.person("discord", 0)
    assert LOST in lines[0]["event"]
    assert BACK in lines[1]["event"]


async def test_a_redis_is_slow_from_the_first_slow_answer_of_a_row(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is lost once two seconds of answers were slow; a single quick one begins the count anew."""
    clock = SimpleNamespace(seconds=5000.0)
    monkeypatch.setattr(redis_storage, "time", SimpleNamespace(monotonic=lambda: clock.seconds))

    async with RedisStorage(redis.url) as shared:

        async def answered(*, after: float, within: float) -> bool:
            clock.seconds += after

            async def answer() -> bool:
                clock.seconds += within
                return True

            return await shared.call(answer) is True

        for _ in range(3):
            assert await answered(after=10, within=0.2)
            assert await answered(after=1.7, within=0.2)
            assert await answered(after=0, within=0.01)
        assert await answered(after=0, within=0.2)
        assert await answered(after=1.9, within=0.2)
        assert not await answered(after=0, within=0.01)


async def test_two_bots_share_an_address_limit(redis: RedisServer) -> None:
    """Two processes together let one address have its pictures and no more; the next gets 429 and when to come back."""
    settings = {"DIGIT_REDIS_URL": redis.url, "DIGIT_ADDRESS_LIMIT": "6"}
    async with running(**settings) as one, running(**settings) as other, aiohttp.ClientSession() as client:
        answers = await statuses(one, 4) + await statuses(other, 4)
        assert sorted(answers) == 6 * [200] + 2 * [429]
        async with client.get(f"{one.address}/digit/4.png") as response:
            assert 1 <= int(response.headers["Retry-After"]) <= 60
            assert "try again in" in (await response.json())["error"]


async def test_a_redis_that_dies_under_load_is_one_line_and_no_picture_less(redis: RedisServer) -> None:
    """Killed while people ask, and started again: every picture comes, and the log says two things once."""
    async with running(DIGIT_REDIS_URL=redis.url, DIGIT_ADDRESS_LIMIT="100000", **PATIENT) as bot:
        load = [asyncio.create_task(_ask_while(bot, lambda: not told(bot, LOST))) for _ in range(4)]
        await until(lambda: bot.events("info"))
        await redis.kill()
        assert set().union(*await asyncio.gather(*load)) == {200}
        assert await statuses(bot, 20) == 20 * [200]
        await redis.start()
        await until(lambda: told(bot, BACK) == 1)
        assert not [key for key in await redis.keys() if "address" in key]
        assert await statuses(bot, 20) == 20 * [200]
        assert [key for key in await redis.keys() if "address" in key]
        await bot.stop()
    assert (told(bot, LOST), told(bot, BACK)) == (1, 1)
    assert bot.events("error") == []


async def test_a_redis_that_hangs_is_one_line_and_no_picture_less(redis: RedisServer) -> None:
    """Paused while its connections stay open, it costs nobody a picture; resumed, it counts again."""
    async with running(DIGIT_REDIS_URL=redis.url, **NO_PAUSE) as bot:
        assert await statuses(bot, 20) == 20 * [200]
        redis.pause()
        assert await statuses(bot, 50) == 50 * [200]
        assert told(bot, LOST) == 1
        redis.resume()
        await until(lambda: told(bot, BACK) == 1)
        assert await statuses(bot, 1) == [200]
        await bot.stop()
    assert (told(bot, LOST), told(bot, BACK)) == (1, 1)


async def test_without_redis_at_start_the_bot_counts_alone_until_it_comes(tmp_path: Path) -> None:
    """The limit holds from the first picture on, and the log says at start what is wrong with which setting."""
    settings = {"DIGIT_ADDRESS_LIMIT": "2", **NO_PAUSE}
    async with RedisServer(tmp_path) as server, running(DIGIT_REDIS_URL=server.url, **settings) as bot:
        assert sorted(await statuses(bot, 3)) == [200, 200, 429]
        await server.start()
        await until(lambda: told(bot, BACK) == 1)
        assert sorted(await statuses(bot, 3)) == [200, 200, 429]
        await bot.stop()
    assert told(bot, LOST) == 1
    assert sum("DIGIT_REDIS_URL" in event for event in bot.events("warning")) == 1


async def test_a_refused_password_is_told_but_not_written(tmp_path: Path) -> None:
    """With a wrong password the log says what Redis says, at its most talkative without the password."""
    async with RedisServer(tmp_path, password="s3cret") as server:  # noqa: S106
        await server.start()
        url = server.url.replace("s3cret", "wr0ng")
        async with running(DIGIT_REDIS_URL=url, DIGIT_LOG_LEVEL="DEBUG") as bot:
            assert await statuses(bot, 1) == [200]
            await bot.stop()
    written = "".join(bot.lines)
    assert told(bot, LOST) == 1
    assert "WRONGPASS" in written or "password" in written
    no_traceback(written, "wr0ng")


async def _ask_while(bot: BotProcess, wanted: Callable[[], bool]) -> set[int]:
    found = set()
    while wanted():
        found.update(await statuses(bot, 1))
    return found


def _counting(real: Callable[..., object], calls: list[object]) -> Callable[..., object]:
    def count(*args: object, **kwargs: object) -> object:
        calls.append(args)
        return real(*args, **kwargs)

    return count
