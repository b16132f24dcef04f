"""Telegram's clock, by which the age of a message is told: this machine's own may be wrong when the bot starts."""

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from httpx import Response


class ServerClock:
    """Telegram's clock: the `Date` of its last answer, carried on by a clock that is never set.

    Args:
        monotonic: returns seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._zero: datetime | None = None

    async def read(self, response: Response) -> None:
        """Set the clock by an answer; one without a date that can be read changes nothing."""
        with contextlib.suppress(KeyError, ValueError, OverflowError):
            date = parsedate_to_datetime(response.headers["Date"])
            self._zero = date.replace(tzinfo=date.tzinfo or UTC) - timedelta(seconds=self._monotonic())

    def age(self, moment: datetime) -> timedelta:
        """Return the time since a moment; zero before the clock is set, as an own Bot API server sends no date."""
        if self._zero is None:
            return timedelta()
        return self._zero + timedelta(seconds=self._monotonic()) - moment
