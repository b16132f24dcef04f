"""`check` on Discord: the token, the invite links, the transport, the connections that are left."""

from collections.abc import AsyncIterator

from bot.adapters.discord import transports
from bot.adapters.discord.invite_links import account_link, server_link
from bot.adapters.discord.session_starts import are_few
from bot.adapters.discord.settings import DiscordSettings
from bot.adapters.platform_client import PlatformClient
from bot.config.findings import Finding, Verdict

REFUSALS = (401,)
"""HTTP statuses with which Discord refuses a token."""


async def check(settings: DiscordSettings, client: PlatformClient) -> AsyncIterator[Finding]:
    """Check the token and the application, without connecting to the gateway.

    Raises:
        Refused: Discord does not know the token.
        OSError, aiohttp.ClientError, LookupError, TypeError, ValueError: it cannot be reached, or something else
            answers there.
    """
    assert settings.token is not None  # noqa: S101  without a token there is nothing to check
    url, variable = settings.api_url.rstrip("/"), settings.variable("token")
    headers = {"Authorization": f"Bot {settings.token.get_secret_value()}"}
    application = await client.get(f"{url}/applications/@me", variable, REFUSALS, headers)
    yield _finding(Verdict.OK, f"{variable} is good, and the bot is called {application['name']}")
    yield _finding(Verdict.OK, f"add it to a server: {server_link(application['id'])}")
    yield _finding(Verdict.OK, f"add it to your account: {account_link(application['id'])}")
    endpoint_url = application.get("interactions_endpoint_url")
    mismatch = transports.mismatch(settings.public_key, application["verify_key"], endpoint_url)
    yield _finding(Verdict.WARNING if mismatch else Verdict.OK, mismatch or transports.description(endpoint_url))
    if settings.public_key:
        return
    gateway = await client.get(f"{url}/gateway/bot", variable, REFUSALS, headers)
    limit = gateway["session_start_limit"]
    verdict = Verdict.WARNING if are_few(limit["remaining"], limit) else Verdict.OK
    left = "is" if limit["remaining"] == 1 else "are"
    yield _finding(verdict, f"{limit['remaining']} of {limit['total']} connections {left} left for today")


def _finding(verdict: Verdict, text: str) -> Finding:
    return Finding(verdict, "discord", text)
