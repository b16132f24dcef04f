"""Rate limit storage: in this process or, for all replicas together, in a shared one while it answers."""

import math
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Protocol

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, Storage, memory
from limits.aio.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from bot.limits.hidden_keys import HiddenKeys

SWEEP_SECONDS = 60.0
"""Between two times that the memory storage forgets expired keys."""


def monotonic() -> float:
    """Return seconds of a clock that nobody sets."""
    return time.monotonic()


# The library's storage takes the time of day, and with a clock put back an hour nobody would draw for an hour.
memory.time = SimpleNamespace(time=lambda: monotonic())  # type: ignore[attr-defined, assignment]


class SharedStorage(Protocol):
    """Hits of all replicas."""

    async def hit(self, limit: RateLimitItem, key: str, *, exact: bool = False, cost: int = 1) -> int | None:
        """Count a hit as `LimitStorage.hit` does; return None while the storage cannot be reached."""


class LimitStorage:
    """Counts hits, each against its limit.

    Args:
        shared: hits of all replicas; without it, and while it cannot be reached, memory counts.
        secrets: of the hash under which `shared` is given people's ids.
    """

    def __init__(self, shared: SharedStorage | None = None, secrets: Sequence[str] = ()) -> None:
        self._keys = HiddenKeys(secrets)
        self._memory = Windows(SweptMemoryStorage(), lambda: monotonic())
        self._shared = shared

    async def hit(self, limit: RateLimitItem, *key: str, exact: bool = False, cost: int = 1) -> int:
        """Count a hit.

        Args:
            limit: hits in a time; its namespace tells kinds of hits apart.
            key: the person, chat or address.
            exact: use a moving window, which never lets more through in any stretch of that time. The fixed window,
                at a tenth of the cost, may let twice as many through around its end.
            cost: hits that it counts as, up to all of the limit.

        Returns:
            0, or the whole seconds until the next hit is allowed if this one is not.
        """
        hidden = self._keys.hide(key)
        wait = await self._shared.hit(limit, hidden, exact=exact, cost=cost) if self._shared else None
        return await self._memory.hit(limit, hidden, exact=exact, cost=cost) if wait is None else wait


class Windows:
    """The fixed and the moving window of `limits` over one storage.

    Args:
        storage: counts.
        clock: of the storage, in seconds.
    """

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._fixed = FixedWindowRateLimiter(storage)
        self._moving = MovingWindowRateLimiter(storage)

    async def hit(self, limit: RateLimitItem, key: str, *, exact: bool = False, cost: int = 1) -> int:
        """Count a hit as `LimitStorage.hit` does."""
        limiter = self._moving if exact else self._fixed
        if await limiter.hit(limit, key, cost=cost):
            return 0
        window = await limiter.get_window_stats(limit, key)
        # The clock of this machine, or of a Redis, may have been set in between.
        return max(1, min(limit.get_expiry(), math.ceil(window.reset_time - self._clock())))


class SweptMemoryStorage(MemoryStorage):
    """The library's storage, with expired keys swept once a minute.

    Left alone, it looks through all of its keys at every hit: measured, 14 ms with 100,000 people, and 47 ms with
    1,000 chats that are counted exactly (limits 5.8, `MemoryStorage.__schedule_expiry`).
    """

    _next_sweep = 0.0

    async def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802  the library offers no other way in
        if monotonic() >= self._next_sweep:
            self._next_sweep = monotonic() + SWEEP_SECONDS
            await super()._MemoryStorage__schedule_expiry()  # type: ignore[misc]
