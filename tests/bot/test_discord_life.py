"""The bot's life on Discord: starts, restarts, crowds, outages, refusals, and the end."""

import asyncio
import json

import aiohttp
import pytest

from bot import replies
from tests.bot.conftest import BotProcess, finished, running
from tests.fakes.discord_payloads import GUILD_ID
from tests.fakes.discord_server import TOKEN, Answer, DiscordServer, NoAnswer


async def crowd(server: DiscordServer, people: int) -> "asyncio.Future[list[Answer]]":
    """Everybody asks at once; when this returns, Discord has sent it all."""
    questions = [server.ask("digit", digit=str(person % 10)) for person in range(people)]
    await asyncio.sleep(0)
    return asyncio.gather(*questions)


def logged(bot: BotProcess, level: str) -> list[str]:
    """What the bot wrote at a level."""
    return [line for line in bot.lines if f'"level": "{level}"' in line]


def no_traceback(written: str) -> None:
    """Nothing that an operator would take for a fault of the program, and no token."""
    assert "Traceback" not in written
    assert TOKEN not in written


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
    no_traceback(line)


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
        while (await client.get(bot.address + "/readyz")).status != 200:
            await asyncio.sleep(0)
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


@pytest.mark.parametrize("trouble", ["none", "reconnect", "cut"])
async def test_a_crowd_is_answered_in_time(trouble: str) -> None:
    """300 commands at once on one connection are all answered within 3 s, a reconnect amid them or not."""
    async with DiscordServer() as server, running(**server.settings):
        await server.online()
        first = await crowd(server, 150)
        if trouble == "reconnect":
            await server.gateway.ask_to_reconnect()
        elif trouble == "cut":
            server.gateway.drop()
        second = await crowd(server, 150)
        answers = await first + await second
        assert server.gateway.resumes == (trouble != "none")
        assert server.gateway.identifies == 1
    assert len({answer.text for answer in answers}) > 290
    assert max(answer.seconds for answer in answers) < 3


async def test_three_shards_serve_their_servers() -> None:
    """A bot that Discord splits into three connections answers in a server of each."""
    async with DiscordServer(shards=3) as server, running(**server.settings):
        await server.online()
        answers = [await server.ask("digit", digit="4", guild=str(shard << 22)) for shard in (3, 4, 5)]
        assert all(answer.files for answer in answers)
        assert server.gateway.identifies == 3
    assert server.gateway.closes == [1000] * 3


async def test_a_session_that_is_invalid_is_opened_anew() -> None:
    """After INVALID_SESSION the bot identifies once more, where the API says, and answers."""
    async with DiscordServer() as server, running(**server.settings):
        await server.online()
        await server.gateway.invalidate()
        await server.online()
        assert (await server.command("digit", digit="4")).files
        assert server.gateway.identifies == 2


async def test_the_heart_beats() -> None:
    """A gateway that wants a sign of life five times a second gets it, on one and the same connection."""
    async with DiscordServer(heartbeat=0.2) as server, running(**server.settings):
        await server.online()
        await server.gateway.until(lambda: server.gateway.heartbeats > 10)
        assert server.gateway.tries == 1


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_fault_of_discord_is_overcome(status: int) -> None:
    """A rate limit or a server error on the answer delays it and costs nothing else."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        server.rest.faults.append(status)
        assert (await server.command("digit", digit="4")).files
        await bot.stop()
    no_traceback("".join(bot.lines))


@pytest.mark.parametrize("status", [400, 403, 413, 503])
async def test_an_answer_that_is_not_taken_is_a_sentence(status: int) -> None:
    """Where Discord refuses the picture, the person reads that it went wrong, and the log has one line."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        # discord.py itself tries again after a 503.
        server.rest.faults.extend([status] * (1 + (status == 503)))
        server.rest.patience = 10
        answer = await server.command("digit", digit="4")
        await bot.stop()
    assert answer.files or (answer.text, answer.ephemeral) == (replies.SORRY, True)
    assert len(logged(bot, "warning")) == (not answer.files)
    no_traceback("".join(bot.lines))


async def test_a_late_answer_is_no_fault() -> None:
    """What Discord has given up on is dropped with one line of information, and the next command is answered."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        server.rest.patience = 0
        for name in ("digit", "help", "draw"):
            with pytest.raises(NoAnswer):
                await server.command(name, digit="4")
        with pytest.raises(NoAnswer):
            await server.complete("digit", "model", "c")
        server.rest.patience = 3
        assert (await server.command("digit", digit="4")).files
        await bot.stop()
    assert logged(bot, "warning") == []
    no_traceback("".join(bot.lines))


async def test_a_refused_token_is_one_line_and_exit_69() -> None:
    """With Discord as the only platform, a token that it does not know ends the process; the token stays secret."""
    async with DiscordServer() as server:
        code, written = await finished(**(server.settings | {"DISCORD_TOKEN": TOKEN + "x", "DIGIT_PORT": "0"}))
    assert code == 69
    assert written.count("DISCORD_TOKEN") == 1
    no_traceback(written)


async def test_a_token_that_is_withdrawn_is_refused() -> None:
    """A gateway that closes on the token ends the process as well."""
    async with DiscordServer() as server:
        server.gateway.token = "another"  # noqa: S105
        code, written = await finished(**server.settings, DIGIT_PORT="0")
    assert code == 69
    assert server.gateway.closes == [4004]
    no_traceback(written)


async def test_a_gateway_that_is_down_at_start_is_tried_again() -> None:
    """For ten seconds nothing answers; the page draws meanwhile, and then Discord is served."""
    async with DiscordServer() as server:
        server.gateway.up = False
        async with running(**server.settings) as bot, aiohttp.ClientSession() as client:
            await server.gateway.until(lambda: server.gateway.tries == 2)
            assert (await client.get(bot.address + "/digit/4.png")).status == 200
            assert (await client.get(bot.address + "/readyz")).status == 503
            server.gateway.up = True
            await server.online()
            assert (await server.command("digit", digit="4")).files
    no_traceback("".join(bot.lines))


async def test_an_api_that_is_down_at_start_is_tried_again() -> None:
    """Each try that fails is one line."""
    async with DiscordServer() as server:
        server.rest.up = False
        async with running(**server.settings) as bot:
            await server.rest.refused.wait()
            server.rest.up = True
            await server.online()
    assert len(logged(bot, "warning")) == 1
    no_traceback("".join(bot.lines))


async def test_sigterm_under_load_answers_what_was_accepted() -> None:
    """Of 200 commands under way at a SIGTERM each is answered; then the bot shows offline at once."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        answers = await crowd(server, 200)
        assert await bot.stop() == 0
        assert all(answer.files for answer in await answers)
    assert server.gateway.closes == [1000]
    no_traceback("".join(bot.lines))


@pytest.mark.parametrize("half", ["gateway", "rest"])
async def test_sigterm_during_an_outage_ends_at_once(half: str) -> None:
    """A bot that is still trying to reach Discord stops as well as any other."""
    async with DiscordServer() as server:
        getattr(server, half).up = False
        async with running(**server.settings) as bot:
            await (server.rest.refused.wait() if half == "rest" else server.gateway.until(lambda: server.gateway.tries))
            assert await bot.stop() == 0
    no_traceback("".join(bot.lines))


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
    no_traceback("".join(bot.lines))


async def test_sigterm_on_a_silent_connection_does_not_hang() -> None:
    """A gateway that answers nothing any more, not even the close, is left after a few seconds."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        server.gateway.silence()
        assert await bot.stop() == 0
    no_traceback("".join(bot.lines))


async def test_an_address_of_the_api_that_is_none_is_exit_78() -> None:
    """A URL that cannot be one is named before anything starts."""
    code, written = await finished(DISCORD_TOKEN="x", DISCORD_API_URL="discord", DIGIT_PORT="0")  # noqa: S106
    assert code == 78
    assert "DISCORD_API_URL" in written
