"""The bot's life on Discord: starts, restarts, crowds, outages, refusals, and the end."""

import json

import aiohttp
import discord
import pytest
from discord import app_commands

from bot import replies
from bot.adapters.discord_app.client import Client
from bot.adapters.discord_app.responder import Responder
from bot.counters import Counters
from bot.gates import Gates
from bot.metrics import Metrics
from bot.record import Record
from tests.bot.conftest import NO_PAUSE, BotProcess, finished, no_traceback, running
from tests.fakes.discord_payloads import DM, GUILD_ID
from tests.fakes.discord_server import TOKEN, DiscordServer, NoAnswer
from tests.fakes.generators import GatedGenerator, serving


def logged(bot: BotProcess, level: str) -> list[str]:
    """What the bot wrote at a level."""
    return [line for line in bot.lines if f'"level": "{level}"' in line]


async def test_buttons_work_after_a_restart() -> None:
    """A strip of an earlier process still has its buttons."""
    async with DiscordServer() as server:
        async with running(**server.settings):
            await server.online()
            answer = await server.command("digit", digit="4", count=3)
        server.gateway.later()
        async with running(**server.settings):
            await server.online()
            for label, values in ((replies.AGAIN, ()), (replies.ORIGINALS, ()), (replies.PICK, ("8",))):
                assert (await server.press(answer, label, *values)).text.startswith("Three")


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


class Shouting(app_commands.Translator):
    """A language of capitals."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        """German, shouted."""
        return string.message.upper() if locale is discord.Locale.german else None


async def test_every_word_of_the_menu_can_be_translated() -> None:
    """A translator is asked for each name and description of commands, options and choices."""
    client = Client(Responder(serving(GatedGenerator(), queue=1), Gates(Counters()), Record(Metrics())), None)
    commands = [await command.get_translated_payload(client.tree, Shouting()) for command in client.tree.get_commands()]
    options = [option for command in commands for option in command["options"]]
    for thing in (*commands, *options):
        for part in ("name", "description"):
            assert thing[f"{part}_localizations"] == {"de": thing[part].upper()}
    assert options[0]["choices"][-1]["name_localizations"] == {"de": "RANDOM"}


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


async def test_the_log_has_the_links_that_add_the_bot() -> None:
    """One link adds it to a server and one to an account, each with the scopes that it needs and no rights."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        await bot.stop()
    links = [json.loads(line)["link"] for line in bot.lines if '"link"' in line]
    assert [link.partition("&")[2] for link in links] == [
        "scope=bot+applications.commands&permissions=0&integration_type=0",
        "scope=applications.commands&integration_type=1",
    ]


async def test_readiness_follows_the_connection() -> None:
    """/readyz is 200 once the gateway is there, and the log has no warning that nobody can act on."""
    async with DiscordServer() as server, running(**server.settings) as bot, aiohttp.ClientSession() as client:
        await server.online()
        status = 503
        while status != 200:
            async with client.get(bot.address + "/readyz") as response:
                status = response.status
        await bot.stop()
    assert logged(bot, "warning") == []


async def test_a_person_who_asks_too_often_is_told_when_to_come_back() -> None:
    """Within the cooldown commands and buttons are one sentence with a countdown; nobody else waits."""
    async with DiscordServer() as server, running(**(server.settings | {"DIGIT_COOLDOWN": "60"})):
        await server.online()
        answer = await server.command("digit", digit="4", person="1")
        for early in (
            await server.command("digit", digit="4", person="1"),
            await server.press(answer, replies.AGAIN, person="1"),
        ):
            assert early.ephemeral
            assert "<t:" in early.text
            assert ":R>" in early.text
        assert (await server.press(answer, replies.AGAIN, person="2")).files


async def test_a_channel_that_has_had_its_pictures_is_told_when_it_goes_on() -> None:
    """Past the limit of a channel whoever asks there reads so, alone, with a countdown; help still comes."""
    async with DiscordServer() as server, running(**(server.settings | {"DIGIT_CHAT_LIMIT": "2"})):
        await server.online()
        answer = await server.command("digit", digit="4", person="1")
        assert (await server.press(answer, replies.AGAIN, person="2")).files
        for early in (
            await server.command("digit", digit="4", person="3"),
            await server.press(answer, replies.AGAIN, person="4"),
        ):
            assert early.ephemeral
            assert early.text.startswith("This chat")
            assert ":R>" in early.text
        assert (await server.command("help", person="3")).text.startswith("/digit 4")
        assert (await server.command("digit", digit="4", person="3", where=DM)).files


async def test_a_refused_token_is_one_line_and_exit_69() -> None:
    """With Discord as the only platform, a token that it does not know ends the process; the token stays secret."""
    async with DiscordServer() as server:
        refused = server.settings | {"DISCORD_TOKEN": TOKEN + "x"}
        code, written = await finished(**refused, **NO_PAUSE, DIGIT_PORT="0")
    assert code == 69
    assert written.count("DISCORD_TOKEN") == 1
    no_traceback(written, TOKEN)


async def test_a_token_that_is_withdrawn_is_refused() -> None:
    """A gateway that closes on the token ends the process as well."""
    async with DiscordServer() as server:
        server.gateway.token = "another"  # noqa: S105
        code, written = await finished(**server.settings, **NO_PAUSE, DIGIT_PORT="0")
    assert code == 69
    assert server.gateway.closes == [4004]
    no_traceback(written, TOKEN)


async def test_an_api_that_is_down_at_start_is_tried_again() -> None:
    """Each try that fails is one line."""
    async with DiscordServer() as server:
        server.rest.up = False
        async with running(**server.settings) as bot:
            await server.rest.refused.wait()
            server.rest.up = True
            await server.online()
    assert len(logged(bot, "warning")) == 1
    no_traceback("".join(bot.lines), TOKEN)


@pytest.mark.alone
async def test_sigterm_under_load_answers_what_was_accepted() -> None:
    """Of 200 commands under way at a SIGTERM each is answered; then the bot shows offline at once."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        answers = await server.crowd(200)
        assert await bot.stop() == 0
        assert all(answer.files for answer in await answers)
    assert server.gateway.closes == [1000]
    no_traceback("".join(bot.lines), TOKEN)


@pytest.mark.parametrize("half", ["gateway", "rest"])
async def test_sigterm_during_an_outage_ends_at_once(half: str) -> None:
    """A bot that is still trying to reach Discord stops as well as any other."""
    async with DiscordServer() as server:
        getattr(server, half).up = False
        async with running(**server.settings) as bot:
            await (server.rest.refused.wait() if half == "rest" else server.gateway.until(lambda: server.gateway.tries))
            assert await bot.stop() == 0
    no_traceback("".join(bot.lines), TOKEN)


async def test_an_answer_that_discord_keeps_refusing_does_not_hold_up_the_end() -> None:
    """At a SIGTERM the bot gives up on an answer that discord.py would go on trying to deliver."""
    async with DiscordServer() as server:
        server.rest.faults.extend([500] * 5)
        async with running(**server.settings) as bot:
            await server.online()
            answer = server.ask("digit", digit="4")
            await server.rest.refused.wait()
            assert await bot.stop() == 0
            with pytest.raises(NoAnswer):
                await answer
    assert len(server.rest.faults) > 1
    no_traceback("".join(bot.lines), TOKEN)


async def test_sigterm_on_a_silent_connection_does_not_hang() -> None:
    """A gateway that answers nothing any more, not even the close, is left after a few seconds."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        server.gateway.silence()
        assert await bot.stop() == 0
    no_traceback("".join(bot.lines), TOKEN)


async def test_an_address_of_the_api_that_is_none_is_exit_78() -> None:
    """A URL that cannot be one is named before anything starts."""
    code, written = await finished(DISCORD_TOKEN="x", DISCORD_API_URL="discord", DIGIT_PORT="0")  # noqa: S106
    assert code == 78
    assert "DISCORD_API_URL" in written
