"""Sync: Discord gets the commands when they changed, and only then."""

from tests.bot.adapters.discord.questions import logged
from tests.bot.conftest import no_traceback, running
from tests.fakes.discord_payloads import GUILD_ID
from tests.fakes.discord_server import TOKEN, DiscordServer


async def test_commands_are_written_only_when_they_changed() -> None:
    """A restart writes nothing; a command that Discord has otherwise, or that is gone here, is corrected."""
    async with DiscordServer() as server:
        written = []
        for change in ({}, {}, {"description": "Draw"}, {"contexts": [0]}, {"options": []}):
            if server.rest.commands:
                server.rest.commands[None][0] |= change
            async with running(**server.settings):
                await server.online()
            server.gateway.later()
            written.append(server.rest.syncs)
    assert written == [1, 1, 2, 3, 4]


async def test_a_development_server_gets_the_commands_alone() -> None:
    """With DISCORD_GUILD_ID the commands go to that server, once, and nowhere else."""
    async with DiscordServer() as server:
        for _ in range(2):
            async with running(**server.settings, DISCORD_GUILD_ID=GUILD_ID):
                await server.online()
                assert (await server.command("digit", digit="4")).files
            server.gateway.later()
        assert list(server.rest.commands) == [GUILD_ID]
        assert server.rest.syncs == 1


async def test_commands_that_discord_refuses_cost_one_line() -> None:
    """The bot serves with the commands that Discord has, and the log says why there are no others."""
    async with DiscordServer() as server:
        server.rest.may_write = False
        async with running(**server.settings) as bot:
            await server.online()
            assert (await server.command("digit", digit="4")).files
    (line,) = logged(bot, "error")
    assert "Missing Access" in line
    no_traceback(line, TOKEN)
