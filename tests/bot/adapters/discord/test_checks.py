"""`check` on Discord: a token is tried without connecting, and whatever would keep commands away is found."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.adapters.discord.checks import check
from bot.adapters.platform_client import PlatformClient, Refused
from bot.config.findings import Finding, Verdict
from tests.bot.adapters.discord.in_process import settings_for
from tests.fakes.discord_payloads import APPLICATION
from tests.fakes.discord_server import TOKEN, DiscordServer


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord that no bot has spoken to."""
    async with DiscordServer() as server:
        yield server


async def findings(server: DiscordServer, token: str = TOKEN, **settings_: object) -> list[Finding]:
    """Return every finding."""
    settings = settings_for(server, token).model_copy(update=settings_)
    async with aiohttp.ClientSession() as session:
        return [finding async for finding in check(settings, PlatformClient(session))]


async def test_a_good_token_comes_with_links(discord: DiscordServer) -> None:
    """The bot's name, both links and the connections that are left are told; nobody is connected for that."""
    found = await findings(discord)
    assert {(finding.verdict, finding.subject, finding.code) for finding in found} == {(Verdict.OK, "discord", 0)}
    known, server, account, transport, starts = (finding.text for finding in found)
    assert known == "DISCORD_TOKEN is good, and the bot is called Digit Bot"
    assert server.startswith(f"add it to a server: https://discord.com/oauth2/authorize?client_id={APPLICATION}&")
    assert account.startswith(f"add it to your account: https://discord.com/oauth2/authorize?client_id={APPLICATION}&")
    assert transport == "commands come over the gateway"
    assert starts == "1000 of 1000 connections are left for today"
    assert (discord.gateway.tries, discord.gateway.identifies, discord.rest.commands) == (0, 0, {})


async def test_a_refused_token_is_named(discord: DiscordServer) -> None:
    """The error names the setting and not its value."""
    with pytest.raises(Refused, match="DISCORD_TOKEN") as caught:
        await findings(discord, "no.such.token")
    assert "no.such.token" not in str(caught.value)


async def test_few_connections_are_a_warning(discord: DiscordServer) -> None:
    """A bot that crashed all night has few connections left."""
    discord.rest.starts["remaining"] = 3
    warnings = [finding.text for finding in await findings(discord) if finding.verdict is Verdict.WARNING]
    assert warnings == ["3 of 1000 connections are left for today"]


async def test_an_interactions_endpoint_is_a_warning(discord: DiscordServer) -> None:
    """An application whose interactions go to a web server brings none over the gateway."""
    discord.rest.application["interactions_endpoint_url"] = "https://example.org"
    warnings = [finding.text for finding in await findings(discord) if finding.verdict is Verdict.WARNING]
    assert len(warnings) == 1
    assert "Interactions Endpoint URL" in warnings[0]


async def test_an_application_that_posts_is_told() -> None:
    """Where the URL is set and the key is its own, `check` says where commands go, and counts no connections."""
    async with DiscordServer(over_http=True) as discord:
        found = await findings(discord)
        assert {finding.verdict for finding in found} == {Verdict.OK}
        assert found[-1].text == "commands are posted to https://bot.example/discord/interactions"
        discord.rest.application["interactions_endpoint_url"] = "https://bot.example/elsewhere"
        assert "pass that on to /discord/interactions" in (await findings(discord))[-1].text


@pytest.mark.parametrize(
    ("settings", "application", "part"),
    [
        ({}, {"interactions_endpoint_url": None}, "put https://YOUR_HOST/discord/interactions into"),
        ({"public_key": "0" * 64}, {}, "DISCORD_PUBLIC_KEY is not the public key of this application"),
        ({"public_key": None}, {}, "leave that empty in the developer portal, or set DISCORD_PUBLIC_KEY"),
    ],
)
async def test_settings_that_the_application_does_not_share_are_a_warning(
    settings: dict[str, object], application: dict[str, object], part: str
) -> None:
    """A bot on one transport with an application on the other gets no command: `check` says what to do."""
    async with DiscordServer(over_http=True) as discord:
        discord.rest.application |= application
        found = await findings(discord, **settings)
    (warning,) = [finding.text for finding in found if finding.verdict is Verdict.WARNING]
    assert part in warning


@pytest.mark.parametrize("status", ["down", "elsewhere"])
async def test_a_platform_out_of_reach_is_no_refusal(discord: DiscordServer, status: str) -> None:
    """An API that is down, or another program at its address, raises an error that the caller reports as such."""
    discord.rest.up = status != "down"
    if status == "elsewhere":
        discord.rest.application.clear()
    with pytest.raises((OSError, LookupError, ValueError, TypeError)):
        await findings(discord)
