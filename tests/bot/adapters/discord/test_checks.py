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


async def findings(server: DiscordServer, token: str = TOKEN) -> list[Finding]:
    """Return every finding."""
    settings = settings_for(server, token)
    async with aiohttp.ClientSession() as session:
        return [finding async for finding in check(settings, PlatformClient(session))]


async def test_a_good_token_comes_with_links(discord: DiscordServer) -> None:
    """The bot's name, both links and the connections that are left are told; nobody is connected for that."""
    found = await findings(discord)
    assert {(finding.verdict, finding.subject, finding.code) for finding in found} == {(Verdict.OK, "discord", 0)}
    known, server, account, starts = (finding.text for finding in found)
    assert known == "DISCORD_TOKEN is good, and the bot is called Digit Bot"
    assert server.startswith(f"add it to a server: https://discord.com/oauth2/authorize?client_id={APPLICATION}&")
    assert account.startswith(f"add it to your account: https://discord.com/oauth2/authorize?client_id={APPLICATION}&")
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


@pytest.mark.parametrize("status", ["down", "elsewhere"])
async def test_a_platform_out_of_reach_is_no_refusal(discord: DiscordServer, status: str) -> None:
    """An API that is down, or another program at its address, raises an error that the caller reports as such."""
    discord.rest.up = status != "down"
    if status == "elsewhere":
        discord.rest.application.clear()
    with pytest.raises((OSError, LookupError, ValueError, TypeError)):
        await findings(discord)
