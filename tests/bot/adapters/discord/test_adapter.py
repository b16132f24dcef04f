"""The bot's life on Discord: starts, restarts, crowds, outages, refusals, and the end."""

import asyncio

import aiohttp
import pytest

from bot.adapters.discord.adapter import Adapter
from tests.bot.adapters.discord.questions import AGAIN, ORIGINALS, PICK, logged
from tests.bot.conftest import NO_PAUSE, finished, no_traceback, on_discord, running
from tests.constants import replacing
from tests.fakes.discord_payloads import DM
from tests.fakes.discord_server import TOKEN, DiscordServer, NoAnswer
from tests.waiting import until


async def test_buttons_work_after_a_restart(over_http: bool) -> None:
    """A strip of an earlier process still has its buttons."""
    async with DiscordServer(over_http=over_http) as server:
        async with on_discord(server):
            answer = await server.command("digit", digit="4", count=3)
        server.gateway.later()
        async with on_discord(server):
            for label, values in ((AGAIN, ()), (ORIGINALS, ()), (PICK, ("8",))):
                assert (await server.press(answer, label, *values)).text.startswith("3 ×")


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


async def test_a_person_who_asks_too_often_is_told_when_to_come_back(over_http: bool) -> None:
    """Within the cooldown commands and buttons are one sentence with a countdown; nobody else waits."""
    async with DiscordServer(over_http=over_http) as server, on_discord(server, DIGIT_COOLDOWN="60"):
        answer = await server.command("digit", digit="4", person="1")
        for early in (
            await server.command("digit", digit="4", person="1"),
            await server.press(answer, AGAIN, person="1"),
        ):
            assert early.ephemeral
            assert "<t:" in early.text
            assert ":R>" in early.text
        assert (await server.press(answer, AGAIN, person="2")).files


async def test_a_channel_that_has_had_its_pictures_is_told_when_it_goes_on(over_http: bool) -> None:
    """Past the limit of a channel whoever asks there reads so, alone, with a countdown; help still comes."""
    async with DiscordServer(over_http=over_http) as server, on_discord(server, DIGIT_CHAT_LIMIT="2"):
        answer = await server.command("digit", digit="4", person="1")
        assert (await server.press(answer, AGAIN, person="2")).files
        for early in (
            await server.command("digit", digit="4", person="3"),
            await server.press(answer, AGAIN, person="4"),
        ):
            assert early.ephemeral
            assert early.text.startswith("This chat")
            assert ":R>" in early.text
        assert (await server.command("help", person="3")).text.startswith("/digit 4")
        assert (await server.command("digit", digit="4", person="3", where=DM)).files


async def test_a_refused_token_is_one_line_and_exit_69(over_http: bool) -> None:
    """With Discord as the only platform, a token that it does not know ends the process; the token stays secret."""
    async with DiscordServer(over_http=over_http) as server:
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


async def test_an_api_that_is_down_at_start_is_tried_again(over_http: bool) -> None:
    """Each try that fails is one line."""
    async with DiscordServer(over_http=over_http) as server:
        server.rest.up = False
        async with running(**server.settings) as bot:
            await server.rest.refused.wait()
            server.rest.up = True
            await server.online(bot.address)
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


@pytest.mark.alone
async def test_sigterm_under_load_leaves_no_post_between() -> None:
    """Of many commands that are posted around a SIGTERM each is acknowledged and answered, or neither."""
    async with DiscordServer(over_http=True) as server, on_discord(server) as bot:
        assert server.endpoint is not None
        statuses, server.rest.patience = server.endpoint.statuses, 30
        crowd = [server.ask("digit", digit="4") for _ in range(200)]
        await until(lambda: statuses)
        assert await bot.stop() == 0
        answers = await asyncio.gather(*crowd, return_exceptions=True)
        assert 0 < len([answer for answer in answers if not isinstance(answer, NoAnswer)]) == statuses.count(202)
        assert set(statuses) <= {202, 503, 0}
    assert server.rest.refusals == []
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


async def test_an_answer_that_discord_keeps_refusing_does_not_hold_up_the_end(over_http: bool) -> None:
    """At a SIGTERM the bot gives up on an answer that discord.py would go on trying to deliver."""
    async with DiscordServer(over_http=over_http) as server:
        server.rest.faults.extend([500] * 5)
        async with on_discord(server, **replacing(adapters__discord__adapter__ANSWER_WITHIN_SECONDS=0.5)) as bot:
            answer = server.ask("digit", digit="4")
            await server.rest.refused.wait()
            assert await bot.stop() == 0
            with pytest.raises(NoAnswer):
                await answer
    assert len(server.rest.faults) > 1
    assert [record["outcome"] for record in bot.requests()] == ["given_up"]
    no_traceback("".join(bot.lines), TOKEN)


async def test_sigterm_on_a_silent_connection_does_not_hang() -> None:
    """A gateway that answers nothing any more, not even the close, is left after a few seconds."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        server.gateway.silence()
        assert await bot.stop() == 0
    no_traceback("".join(bot.lines), TOKEN)


@pytest.mark.parametrize(
    ("error", "told"), [(ValueError("<html>\n<body>"), "<html>"), (TimeoutError(), "TimeoutError")]
)
def test_a_failure_is_told_in_one_line(error: Exception, told: str) -> None:
    """Of a proxy's page of HTML the first one, and of an error without words its name."""
    adapter = object.__new__(Adapter)
    translated = adapter._translated(error)
    assert isinstance(translated, ConnectionError)
    assert str(translated) == told
