"""Limit storage in memory: it forgets whom it need not know, whatever the clock does."""

import pytest
from limits import RateLimitItemPerMinute

from bot.limits import storage
from bot.limits.policy import RateLimits
from bot.limits.storage import SWEEP_SECONDS, LimitStorage, SweptMemoryStorage, Windows
from tests.bot.limits.test_policy import let_through


async def test_a_storage_whose_clock_was_set_names_no_wait_beyond_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the clock of the storage goes back an hour, a person reads of the window's minute at most."""
    now = [10_000.0]
    monkeypatch.setattr(storage, "monotonic", lambda: now[0])
    limits = RateLimits(LimitStorage(), cooldown=30)
    await limits.person("discord", 1)
    now[0] -= 3600
    _, (refusal,) = await let_through(lambda: limits.person("discord", 1), 1)
    assert refusal.retry_after == 30


@pytest.mark.parametrize(("people", "exact"), [(20_000, False), (2_000, True)])
async def test_memory_forgets_whom_it_need_not_know(monkeypatch: pytest.MonkeyPatch, people: int, exact: bool) -> None:
    """Of a crowd nothing is left when its time is over, and until then nobody costs the next one anything.

    20,000 people, or 2,000 chats that are counted exactly.
    """
    now = [1000.0]
    monkeypatch.setattr(storage, "monotonic", lambda: now[0])
    memory = SweptMemoryStorage()
    windows, limit = Windows(memory, storage.monotonic), RateLimitItemPerMinute(1)
    await windows.hit(limit, "first", exact=exact)
    assert memory.timer is not None
    sweep = memory.timer
    await sweep
    for person in range(people):
        assert await windows.hit(limit, str(person), exact=exact) == 0
    assert await windows.hit(limit, "0", exact=exact) == 60
    assert memory.timer is sweep
    assert len(memory.events if exact else memory.storage) == people + 1
    now[0] += 60 + SWEEP_SECONDS
    await windows.hit(limit, "last", exact=exact)
    await memory.timer
    assert len(memory.events) + len(memory.storage) == 1
    assert len(memory.locks) + len(memory.expirations) <= 2
