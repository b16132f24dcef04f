"""The checks of Telegram's settings: what the operator reads, and that no token is in it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.adapters.platform_client import PlatformClient, Refused, reason_of
from bot.adapters.telegram.checks import check, webhook_findings
from bot.adapters.telegram.settings import TelegramSettings
from bot.config.findings import Finding
from tests.fakes.telegram_server import TOKEN, Telegram


@pytest.fixture
async def client() -> AsyncIterator[PlatformClient]:
    """A client that asks platforms."""
    async with aiohttp.ClientSession() as session:
        yield PlatformClient(session)


async def findings(client: PlatformClient, url: str, token: str = TOKEN) -> list[Finding]:
    """What is found with a token at a Bot API server."""
    return [finding async for finding in check(TelegramSettings(token=token, api_url=url), client)]


async def test_a_good_token_comes_with_the_link_to_the_chat(new_telegram: Telegram, client: PlatformClient) -> None:
    """The operator reads what the bot is called and where to meet it; nothing is changed at Telegram for that."""
    good, link = await findings(client, new_telegram.url)
    assert {good.verdict, link.verdict} == {"ok"}
    assert "TELEGRAM_TOKEN" in good.text
    assert "@DigitBot" in good.text
    assert link.text.endswith("https://t.me/DigitBot")
    assert [call.method for call in new_telegram.calls] == ["getMe"]
    assert not [finding for finding in (good, link) if TOKEN in finding.text or new_telegram.url in finding.text]


@pytest.mark.parametrize("token", ["1:wrong", TOKEN + "x"])
async def test_a_refused_token_is_known_by_its_setting(
    new_telegram: Telegram, client: PlatformClient, token: str
) -> None:
    """A token that Telegram does not know is no outage."""
    with pytest.raises(Refused) as caught:
        await findings(client, new_telegram.url, token)
    assert caught.value.setting == "TELEGRAM_TOKEN"
    assert token not in str(caught.value)


@pytest.mark.parametrize("path", ["", "/elsewhere"])
async def test_an_outage_tells_no_token(new_telegram: Telegram, client: PlatformClient, path: str) -> None:
    """Out of reach, or something else at that address: the reason holds no URL."""
    new_telegram.refuse("getMe", 502, "Bad Gateway")
    url = "http://127.0.0.1:1" if path else new_telegram.url
    with pytest.raises((aiohttp.ClientError, OSError)) as caught:
        await findings(client, url)
    assert TOKEN not in reason_of(caught.value)
    assert reason_of(caught.value)


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("http://example.org/telegram", "https"),
        ("https://example.org:8080/telegram", "8443"),
        ("https://example.org/", "/telegram"),
        ("https://example.org/telegram?a=1", "?"),
        ("https://example.org/telegram#a", "#"),
    ],
)
def test_a_webhook_that_telegram_would_not_reach_is_told(url: str, part: str) -> None:
    """What Telegram makes nothing of is a warning with the setting's name; each port that it posts to is ok."""
    warnings = list(webhook_findings(TelegramSettings(webhook_url=url)))
    assert {finding.verdict for finding in warnings} == {"warning"}
    assert [finding for finding in warnings if "TELEGRAM_WEBHOOK_URL" in finding.text and part in finding.text]
    for port in (443, 88, 8443):
        (good,) = webhook_findings(TelegramSettings(webhook_url=f"https://example.org:{port}/telegram"))
        assert good.verdict == "ok"
    assert not list(webhook_findings(TelegramSettings()))
