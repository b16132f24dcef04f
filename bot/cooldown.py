"""How often one person may ask."""

import math
import time

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from core.errors import DigitError


class TooSoon(DigitError):
    """The person has just been served.

    Attributes:
        retry_after: whole seconds after which to ask again, at least 1.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Cooldown:
    """Lets each person ask once in so many seconds.

    Args:
        seconds: between two requests of a person; 0 lets everybody ask at any time.
    """

    def __init__(self, seconds: int) -> None:
        self._limit = RateLimitItemPerSecond(1, seconds) if seconds else None
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def check(self, platform: str, person: int | str) -> None:
        """Count a request of a person on a platform.

        Raises:
            TooSoon: the last one was less than the cooldown ago; this one does not count.
        """
        if self._limit is None or await self._limiter.hit(self._limit, platform, str(person)):
            return
        window = await self._limiter.get_window_stats(self._limit, platform, str(person))
        raise TooSoon(retry_after=max(1, math.ceil(window.reset_time - time.time())))
