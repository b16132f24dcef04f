"""A Discord with a bot."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.adapters.discord.questions import LONGEST_NUMBER
from tests.bot.conftest import no_traceback, on_discord
from tests.fakes.discord_server import TOKEN, DiscordServer


@pytest.fixture(params=[False, True], ids=["gateway", "http"], scope="module")
def over_http(request: pytest.FixtureRequest) -> bool:
    """Each transport of interactions."""
    return bool(request.param)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server(over_http: bool) -> AsyncIterator[DiscordServer]:
    """Discord with one bot for all tests of a module and a transport.

    Whatever the tests do, the bot logs no error, no token, and nothing that somebody types.
    """
    async with DiscordServer(over_http=over_http) as server:
        async with on_discord(server, DIGIT_LOG_LEVEL="DEBUG") as bot:
            yield server
        written = "".join(bot.lines)
        no_traceback(written, TOKEN)
        assert '"error"' not in written
        assert '"warning"' not in written
        assert LONGEST_NUMBER not in written
    assert server.rest.refusals == []
