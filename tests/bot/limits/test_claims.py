"""Claims: an event is handled once, in one process and by many, and is not lost with a replica that dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.limits import claims
from bot.limits.claims import Claims
from bot.limits.redis_claims import RedisClaims
from bot.limits.redis_storage import RedisStorage
from tests.fakes.redis_server import RedisServer

SECRETS = ("a token",)
EVENT = ("discord", "123456789")

pytestmark = pytest.mark.usefixtures("brief_leases")


@asynccontextmanager
async def replica(redis: RedisServer) -> AsyncIterator[Claims]:
    """The claims of one of several processes."""
    async with RedisStorage(redis.url) as storage:
        yield Claims(RedisClaims(storage), SECRETS)


async def claimed(by: Claims, *key: str, lease_seconds: float | None = None) -> bool:
    """Claim an event, handle it, and return whether it was to be handled."""
    async with by.claim(*key, lease_seconds=lease_seconds) as first:
        return first


async def test_an_event_is_handled_once() -> None:
    """The first claim is good, each other one is not; events of another platform are others."""
    mine = Claims()
    assert [await claimed(mine, *EVENT) for _ in range(3)] == [True, False, False]
    assert await claimed(mine, "telegram", EVENT[1])


async def test_an_event_that_is_being_handled_is_not_handled_beside() -> None:
    """A repetition that comes meanwhile is dropped at once."""
    mine = Claims()
    async with mine.claim(*EVENT) as first:
        assert first
        assert not await claimed(mine, *EVENT)


async def test_an_event_that_was_given_up_can_be_claimed_again(redis: RedisServer) -> None:
    """What a stop or an error has broken off is handled when it comes again, here or elsewhere."""
    async with replica(redis) as one, replica(redis) as other:
        for by in (Claims(), one):
            with pytest.raises(asyncio.CancelledError):
                async with by.claim(*EVENT):
                    raise asyncio.CancelledError
        assert await claimed(other, *EVENT)
        assert not await claimed(one, *EVENT)


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many events the newest are remembered."""
    monkeypatch.setattr(claims, "MAX_REMEMBERED", 3)
    mine = Claims()
    for number in range(5):
        assert await claimed(mine, str(number))
    assert [await claimed(mine, str(number)) for number in (4, 3, 2)] == [False] * 3
    assert await claimed(mine, "0")
