"""The checks of Telegram's settings: the webhook URL, and the token with the link to the chat."""

from collections.abc import AsyncIterator, Iterator

from pydantic import AnyHttpUrl

from bot.adapters.platform_client import PlatformClient
from bot.adapters.telegram.settings import NAME, TelegramSettings
from bot.adapters.telegram.webhook import PATH
from bot.config.findings import Finding, Verdict, url_findings

WEBHOOK_PORTS = (443, 80, 88, 8443)
"""The ports to which Telegram posts."""
REFUSALS = (401, 404)
"""The HTTP statuses of a refused token; a text that cannot be a token is a path that Telegram does not have."""


async def check(settings: TelegramSettings, client: PlatformClient) -> AsyncIterator[Finding]:
    """Check the webhook URL, and ask Telegram about the token; no finding holds the URL that is asked.

    Args:
        settings: with a token.
        client: asks.

    Raises:
        Refused: Telegram does not know the token.
        OSError, aiohttp.ClientError, LookupError, TypeError, ValueError: Telegram cannot be reached, or something else
            answers at its URL. The message may hold the URL and with it the token: print `reason_of` it.
    """
    for finding in webhook_findings(settings):
        yield finding
    assert settings.token is not None  # noqa: S101  the token switches the platform on
    setting = settings.variable("token")
    url = f"{str(settings.api_url).rstrip('/')}/bot{settings.token.get_secret_value()}/getMe"
    username = (await client.get(url, setting, REFUSALS))["result"]["username"]
    yield Finding(Verdict.OK, NAME, f"{setting} is good, and the bot is called @{username}")
    yield Finding(Verdict.OK, NAME, f"open a chat with it: https://t.me/{username}")


def webhook_findings(settings: TelegramSettings) -> Iterator[Finding]:
    """Check the webhook URL, where there is one."""
    if settings.webhook_url is not None:
        setting = settings.variable("webhook_url")
        yield from url_findings(setting, settings.webhook_url, *_webhook_warnings(setting, settings.webhook_url))


def _webhook_warnings(setting: str, url: AnyHttpUrl) -> Iterator[str]:
    if url.port not in WEBHOOK_PORTS:
        yield f"{setting} is {url}, and Telegram posts to the ports {', '.join(map(str, WEBHOOK_PORTS))} alone"
    if url.path != PATH:
        yield f"{setting} ends in {url.path}: your proxy has to pass that on to {PATH} of this bot"
