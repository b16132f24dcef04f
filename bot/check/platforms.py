"""The tokens, asked of their platforms; and this machine's clock against theirs."""

import os
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from pydantic import SecretStr
from yarl import URL

from bot import invitations, notices
from bot.adapters import Refused
from bot.check.finding import OFF, OK, WARNING, WRONG, Finding, found
from bot.settings import Settings

PATIENCE = aiohttp.ClientTimeout(total=10)
"""Seconds for an answer."""
REFUSED = os.EX_UNAVAILABLE
SKEW = 30
"""Seconds that the clock may be off."""
Question = Callable[[str, str], AsyncIterator[Finding]]
"""From an address and a token to what the platform says."""
FEW = 0.1
"""Of the connections to Discord that a day has."""


class Platforms:
    """Asks each platform that has a token.

    Args:
        settings: tokens and addresses.
        client: asks.
    """

    def __init__(self, settings: Settings, client: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._client = client
        self._ahead: list[float] = []

    async def findings(self) -> AsyncIterator[Finding]:
        """What each platform says, and then whether the clocks agree."""
        discord, telegram = str(self._settings.discord_api_url), str(self._settings.telegram_api_url)
        async for finding in self._about("discord", self._settings.discord_token, discord, self._discord):
            yield finding
        async for finding in self._about("telegram", self._settings.telegram_token, telegram, self._telegram):
            yield finding
        yield self._clock()

    async def _about(self, name: str, token: SecretStr | None, url: str, ask: Question) -> AsyncIterator[Finding]:
        setting = notices.TOKENS[name]
        if token is None:
            yield found(OFF, name, "off", setting=setting)
            return
        try:
            async for finding in ask(url.rstrip("/"), token.get_secret_value()):
                yield finding
        except Refused as error:
            yield Finding(WRONG, name, notices.operator_line(error), REFUSED)
        except Exception as error:  # noqa: BLE001  out of reach, or another program answers there, with anything
            yield found(WARNING, name, "unreachable", url=url, setting=setting, reason=_reason(error))

    async def _discord(self, url: str, token: str) -> AsyncIterator[Finding]:
        headers = {"Authorization": f"Bot {token}"}
        application = await self._get("discord", f"{url}/oauth2/applications/@me", (401,), headers)
        yield found(OK, "discord", "known", setting=notices.TOKENS["discord"], name=application["name"])
        for kind, link in invitations.discord(application["id"]).items():
            yield found(OK, "discord", kind, link=link)
        if application.get("interactions_endpoint_url"):
            yield found(WARNING, "discord", "endpoint")
        gateway = await self._get("discord", f"{url}/gateway/bot", (401,), headers)
        starts = gateway["session_start_limit"]
        few = starts["remaining"] < FEW * starts["total"]
        yield found(WARNING if few else OK, "discord", "starts", **starts)

    async def _telegram(self, url: str, token: str) -> AsyncIterator[Finding]:
        # What cannot be a token is an address that Telegram does not have.
        answer = await self._get("telegram", f"{url}/bot{token}/getMe", (401, 404))
        name = answer["result"]["username"]
        yield found(OK, "telegram", "known", setting=notices.TOKENS["telegram"], name=f"@{name}")
        yield found(OK, "telegram", "chat", link=invitations.telegram(name))

    async def _get(
        self, platform: str, url: str, refusals: Collection[int], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON at an address of a platform.

        Raises:
            Refused: it does not know the token.
            OSError, aiohttp.ClientError: it does not answer as it should.
        """
        async with self._client.get(URL(url, encoded=True), headers=headers) as answer:
            if "Date" in answer.headers:
                ahead = parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)
                self._ahead.append(ahead.total_seconds())
            if answer.status in refusals:
                raise Refused(notices.TOKENS[platform])
            if answer.status != HTTPStatus.OK:
                raise ConnectionError(f"HTTP {answer.status}")
            body: dict[str, Any] = await answer.json()
            return body

    def _clock(self) -> Finding:
        if not self._ahead:
            return found(OFF, "clock", "unasked")
        off = max(self._ahead, key=abs)
        if abs(off) > SKEW:
            return found(WARNING, "clock", "skewed", seconds=f"{-off:+.0f}")
        return found(OK, "clock", "clock", seconds=SKEW)


def _reason(error: Exception) -> str:
    """Without the address: Telegram's holds the token."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or type(error).__name__
    return str(error) if type(error) is ConnectionError else type(error).__name__
