"""The checks of Telegram's settings: the webhook URL, and the token with the link to the chat."""

from collections.abc import AsyncIterator, Iterator

from pydantic import AnyHttpUrl
from yarl import URL

from bot.adapters.platform_client import PlatformClient
from bot.adapters.telegram.settings import NAME, TelegramSettings
from bot.adapters.telegram.webhook import PATH
from bot.config.findings import Finding, Verdict

WEBHOOK_PORTS = (443, 80, 88, 8443)
"""The ports to which Telegram posts."""
REFUSALS = (401, 404)
"""The HTTP statuses of a refused token; a text that cannot be a token is a path that Telegram does not have."""


async def check(settings: TelegramSettings, client: PlatformClient) -> AsyncIterator[Finding]:
    """Check the webhook URL, and ask Telegram about the token.

    Args:
        settings: with a token.
        client: asks.

    Raises:
        Refused: Telegram does not know the token.
        OSError, aiohttp.ClientError, LookupError, TypeError, ValueError: Telegram cannot be reached, or something else
            answers at its URL. The message may hold the URL and with it the token: print `reason_of` it.
    """
    if settings.webhook_url is not None:
        for finding in _webhook_findings(settings.variable("webhook_url"), settings.webhook_url):
            yield finding
    assert settings.token is not None  # noqa: S101  the token switches the platform on
    setting = settings.variable("token")
    url = f"{str(settings.api_url).rstrip('/')}/bot{settings.token.get_secret_value()}/getMe"
    username = (await client.get(url, setting, REFUSALS))["result"]["username"]
    yield Finding(Verdict.OK, NAME, f"{setting} is good, and the bot is called @{username}")
    yield Finding(Verdict.OK, NAME, f"open a chat with it: https://t.me/{username}")


def _webhook_findings(setting: str, url: AnyHttpUrl) -> Iterator[Finding]:
    # Path and query are not shown: some people put the token there.
    origin = URL(str(url)).origin()
    faults = [text for is_fault, text in _webhook_faults(setting, url, origin) if is_fault]
    for text in faults:
        yield Finding(Verdict.WARNING, "address", text)
    if not faults:
        yield Finding(Verdict.OK, "address", f"{setting} is {origin}{PATH}")


def _webhook_faults(setting: str, url: AnyHttpUrl, origin: URL) -> Iterator[tuple[bool, str]]:
    """Yield whether the URL has each fault, and how to correct it."""
    ports = ", ".join(map(str, WEBHOOK_PORTS))
    yield (
        bool(url.query or url.fragment),
        f"{setting} should end with the path, without anything after ? or #",
    )
    yield url.scheme != "https", f"{setting} is on {origin}, and Telegram takes https alone"
    yield url.port not in WEBHOOK_PORTS, f"{setting} is on {origin}, and Telegram posts to the ports {ports} alone"
    yield (
        url.path != PATH,
        f"{setting} does not end in {PATH} alone: your proxy has to pass its path on to {PATH} of this bot",
    )
