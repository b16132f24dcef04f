"""Claims in a real Redis: replicas handle an event once, and it is not lost with one that dies."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from structlog.testing import capture_logs

from bot.limits import claims, redis_storage
from bot.limits.claims import Claim, Claims
from bot.limits.redis_claims import RedisClaims
from bot.limits.redis_storage import RedisStorage
from tests.bot.limits.test_claims import EVENT, claimed, replica
from tests.fakes.redis_server import RedisServer
from tests.waiting import until

PATIENT_LEASE_SECONDS = 20.0

pytestmark = pytest.mark.usefixtures("brief_leases")


def _count(lines: Sequence[Mapping[str, object]], words: str) -> int:
    return sum(words in str(line["event"]) for line in lines)


async def test_replicas_handle_an_event_once(redis: RedisServer) -> None:
    """While one of them is at it the other waits, longer than a claim lives by itself, and then has nothing to do."""
    async with replica(redis) as one, replica(redis) as other:
        async with one.claim(*EVENT):
            waiting = asyncio.create_task(claimed(other, *EVENT))
            await _renewed_often(redis)
            assert not waiting.done()
        assert not await waiting
        assert not await claimed(other, *EVENT)


async def test_an_event_of_a_killed_replica_goes_to_another(redis: RedisServer) -> None:
    """A claim that nobody renews ends by itself."""
    async with replica(redis) as other, RedisStorage(redis.url) as killed:
        await RedisClaims(killed).take(other._keys.hide(EVENT), claims.LEASE_SECONDS)
        assert await claimed(other, *EVENT)


async def test_a_claim_that_another_took_over_is_the_others(redis: RedisServer) -> None:
    """A replica that was cut off for longer than a lease neither prolongs it nor gives it back."""
    async with RedisStorage(redis.url) as cut_off, RedisStorage(redis.url) as other:
        before, after = RedisClaims(cut_off), RedisClaims(other)
        await before.take("event", 0.001)
        while await after.take("event", PATIENT_LEASE_SECONDS) is not Claim.TAKEN:
            await asyncio.sleep(0.001)
        assert await before.renew("event", PATIENT_LEASE_SECONDS) == 0
        assert await after.renew("event", PATIENT_LEASE_SECONDS) == 1
        await before.release("event")
        assert await before.take("event", PATIENT_LEASE_SECONDS) is Claim.HELD
        await after.release("event")
        assert await before.take("event", PATIENT_LEASE_SECONDS) is Claim.TAKEN


async def test_a_redis_that_hangs_for_a_while_has_nothing_handled_twice(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One replica is at an event, another one waits for it, and both lose Redis: it is handled once all the same."""
    monkeypatch.setattr(redis_storage, "RETRY_SECONDS", 0.1)
    async with replica(redis) as one, replica(redis) as other:
        with capture_logs() as lines:
            async with one.claim(*EVENT, lease_seconds=PATIENT_LEASE_SECONDS):
                waiting = asyncio.create_task(claimed(other, *EVENT, lease_seconds=PATIENT_LEASE_SECONDS))
                await until(lambda: other._known)
                redis.pause()
                await until(lambda: _count(lines, "unreachable") == 2)
            redis.resume()
            assert not await waiting
            await until(lambda: _count(lines, "is back") == 2)


async def test_a_lock_lets_one_in_at_a_time(redis: RedisServer) -> None:
    """Replicas enter one after another, each of them, and again."""
    inside, turns = 0, []

    async def enter(by: Claims) -> None:
        nonlocal inside
        async with by.lock("commands"):
            inside += 1
            turns.append(inside)
            await asyncio.sleep(0)
            inside -= 1

    async with replica(redis) as one, replica(redis) as other:
        await asyncio.gather(*(enter(by) for by in (one, other, one, other)))
    assert turns == [1] * 4


async def test_without_redis_a_process_claims_alone(redis: RedisServer) -> None:
    """Gone in the middle of a claim or before it, Redis keeps nobody from being answered, once."""
    async with replica(redis) as mine:
        async with mine.claim(*EVENT) as first:
            assert first
            await redis.kill()
        assert [await claimed(mine, *EVENT), await claimed(mine, "another")] == [False, True]
        async with mine.lock("commands"):
            pass


async def test_redis_learns_of_no_event(redis: RedisServer) -> None:
    """A claim stands there without the id, and expires."""
    async with replica(redis) as mine:
        assert await claimed(mine, *EVENT)
    (key,) = (key for key in await redis.keys() if "claim" in key)
    assert EVENT[1] not in key
    assert claims.HANDLED_SECONDS - 5 < (await redis.keys())[key] <= claims.HANDLED_SECONDS


async def _renewed_often(redis: RedisServer) -> None:
    """Wait until the only claim has outlived its lease."""
    loop = asyncio.get_running_loop()
    end = loop.time() + 2 * claims.LEASE_SECONDS
    await until(lambda: loop.time() > end)
    assert [key for key in await redis.keys() if "claim" in key]
