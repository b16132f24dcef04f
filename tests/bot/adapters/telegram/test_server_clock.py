"""Telegram's clock: the age of a message does not depend on this machine's."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx import Response

from bot.adapters.telegram.server_clock import ServerClock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SENT = NOON - timedelta(minutes=1)


async def test_a_message_ages_with_telegrams_clock() -> None:
    """Its age is told by the last answer's date and the seconds since then."""
    seconds = [5000.0]
    clock = ServerClock(lambda: seconds[0])
    await clock.read(Response(200, headers={"Date": "Sat, 21 Nov 2026 12:00:00 GMT"}))
    assert clock.age(SENT) == timedelta(minutes=1)
    seconds[0] += 30
    assert clock.age(SENT) == timedelta(minutes=1.5)


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 21 Nov 99999 12:00:00 GMT"])
async def test_without_a_date_nothing_is_old(date: str) -> None:
    """A server that does not tell the time, or nonsense, makes no message too old to be answered."""
    clock = ServerClock(lambda: 5000.0)
    assert clock.age(SENT) == timedelta()
    await clock.read(Response(200))
    await clock.read(Response(200, headers={"Date": date}))
    assert clock.age(SENT) == timedelta()


async def test_a_date_without_a_zone_is_utc() -> None:
    """RFC 5322's `-0000` is read as UTC, in which Telegram counts."""
    clock = ServerClock(lambda: 5000.0)
    await clock.read(Response(200, headers={"Date": "Sat, 21 Nov 2026 12:00:00 -0000"}))
    assert clock.age(SENT) == timedelta(minutes=1)
