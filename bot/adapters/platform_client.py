"""HTTP for the checks of platforms; it also compares this machine's clock with theirs."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from yarl import URL

from bot.config.findings import REFUSED, Finding, Verdict

TIMEOUT = aiohttp.ClientTimeout(total=10)
MAX_SKEW_SECONDS = 30
"""Difference of the clocks that harms nothing."""


class Refused(Exception):
    """A platform refused its token.

    Attributes:
        setting: the environment variable that holds the token.
    """

    def __init__(self, setting: str) -> None:
        super().__init__(f"{setting}: the platform refused this token. Put in a new one and start again.")
        self.setting = setting


class PlatformClient:
    """Asks platforms for JSON.

    Args:
        session: an open HTTP session.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._ahead_seconds: list[float] = []

    async def get(
        self, url: str, setting: str, refusals: Collection[int], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the JSON at a URL.

        Args:
            url: of the platform's API.
            setting: the environment variable of the token.
            refusals: HTTP statuses with which the platform refuses a token.
            headers: of the request.

        Raises:
            Refused: the platform does not know the token.
            OSError, aiohttp.ClientError, ValueError: it cannot be reached, or answers something else.
        """
        async with self._session.get(URL(url, encoded=True), headers=headers) as answer:
            if "Date" in answer.headers:
                ahead = parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)
                self._ahead_seconds.append(ahead.total_seconds())
            if answer.status in refusals:
                raise Refused(setting)
            if answer.status != HTTPStatus.OK:
                raise ConnectionError(f"HTTP {answer.status}")
            body: dict[str, Any] = await answer.json()
            return body

    def clock(self) -> Finding:
        """Compare the clocks, by the answers so far."""
        if not self._ahead_seconds:
            return Finding(Verdict.OFF, "clock", "not compared, since no platform was asked")
        off = max(self._ahead_seconds, key=abs)
        if abs(off) > MAX_SKEW_SECONDS:
            text = (
                f"{-off:+.0f} s off the platforms': set it by NTP, or Telegram's messages look old or new "
                "when they aren't"
            )
            return Finding(Verdict.WARNING, "clock", text)
        return Finding(Verdict.OK, "clock", f"within {MAX_SKEW_SECONDS} s of the platforms'")


def reason_of(error: Exception) -> str:
    """Return the reason of a failed request without its URL: Telegram's holds the token."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or type(error).__name__
    return str(error) if type(error) is ConnectionError else type(error).__name__


def refusal(subject: str, error: Refused) -> Finding:
    """Return the finding of a refused token."""
    return Finding(Verdict.WRONG, subject, str(error), REFUSED)
