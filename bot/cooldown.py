"""How often one person may ask, and how often the bot may speak in one room."""

import math
import time

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from core.errors import TryLater


class TooSoon(TryLater):
    """The person has just been served."""


class RoomFull(TryLater):
    """The bot has said all that it may say in a room for now.

    Attributes:
        first: whether the room has not been told so in the last minute.
    """

    def __init__(self, retry_after: int, first: bool) -> None:
        super().__init__(retry_after)
        self.first = first


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
        raise TooSoon(_seconds_until(window.reset_time))


class Allowance:
    """How many messages a minute the bot may send to a room, where the platform sets a limit.

    Args:
        messages: of the platform; one of them is kept for telling the room that the others are spent.
    """

    def __init__(self, messages: int) -> None:
        self._limit = RateLimitItemPerMinute(messages - 1)
        self._notice = RateLimitItemPerMinute(1)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def take(self, room: int) -> None:
        """Count a message to a room.

        Raises:
            RoomFull: the room has had its messages; this one does not count.
        """
        if await self._limiter.hit(self._limit, str(room)):
            return
        window = await self._limiter.get_window_stats(self._limit, str(room))
        first = await self._limiter.hit(self._notice, "notice", str(room))
        raise RoomFull(_seconds_until(window.reset_time), first)


def _seconds_until(moment: float) -> int:
    return max(1, math.ceil(moment - time.time()))
