"""The client: presence, links, shards, heartbeats, resumes, new sessions, and no command lost on the way.

discord.py waits 5 s before each identify but the first one. The three tests that need more than one
run side by side: the first of them waits for its own, and the others have gone on meanwhile.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace

import aiohttp
import pytest
import pytest_asyncio

from bot.adapters.discord.client import Client
from tests.bot.adapters.discord.in_process import drawing_with, handlers_of
from tests.bot.conftest import no_traceback, running
from tests.fakes.discord_server import TOKEN, DiscordServer
from tests.fakes.generators import GatedGenerator, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

Slow = dict[str, "asyncio.Task[None]"]


async def three_shards() -> None:
    """Ask in a server of each shard."""
    async with DiscordServer(shards=3) as server:
        async with running(**server.settings):
            await server.online()
            answers = [await server.ask("digit", digit="4", guild=str(guild << 22)) for guild in (3, 4, 5)]
            assert all(answer.files for answer in answers)
            assert server.gateway.identifies == 3
        assert server.gateway.closes == [1000] * 3


async def invalid_session() -> None:
    """Lose the session, and ask in the next."""
    async with DiscordServer() as server, running(**server.settings):
        await server.online()
        await server.gateway.invalidate()
        await server.online()
        assert (await server.command("digit", digit="4")).files
        assert server.gateway.identifies == 2


async def down_at_start() -> None:
    """Fail the tries at 0 s and at 5 s; the one at 10 s gets through."""
    async with DiscordServer() as server:
        server.gateway.up = False
        async with running(**server.settings) as bot, aiohttp.ClientSession() as client:
            await server.gateway.until(lambda: server.gateway.tries == 2)
            async with client.get(bot.address + "/digit/4.png") as drawn, client.get(bot.address + "/readyz") as ready:
                assert (drawn.status, ready.status) == (200, 503)
            server.gateway.up = True
            await server.online()
            assert (await server.command("digit", digit="4")).files
        no_traceback("".join(bot.lines), TOKEN)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def slow() -> AsyncIterator[Slow]:
    """Yield the tests that take long, under way."""
    tasks = {each.__name__: asyncio.create_task(each()) for each in (three_shards, invalid_session, down_at_start)}
    yield tasks
    for task in tasks.values():
        task.cancel()


async def test_three_shards_serve_their_servers(slow: Slow) -> None:
    """A bot that Discord splits into three connections answers in a server of each, and leaves all three."""
    await slow["three_shards"]


async def test_a_session_that_is_invalid_is_opened_anew(slow: Slow) -> None:
    """After INVALID_SESSION the bot identifies once more, where the API says, and answers."""
    await slow["invalid_session"]


async def test_a_gateway_that_is_down_at_start_is_tried_again(slow: Slow) -> None:
    """For ten seconds nothing answers; the page draws meanwhile, and then Discord is served."""
    await slow["down_at_start"]


@pytest.mark.alone
async def test_the_heart_beats() -> None:
    """A gateway that wants a sign of life five times a second gets it, on one and the same connection."""
    async with DiscordServer(heartbeat=0.2) as server, running(**server.settings):
        await server.online()
        await server.gateway.until(lambda: server.gateway.heartbeats > 5)
        assert server.gateway.tries == 1


@pytest.mark.alone
@pytest.mark.parametrize("trouble", ["reconnect", "cut"])
async def test_a_crowd_is_answered_in_time(trouble: str) -> None:
    """300 commands at once are all answered within 3 s, though the connection is exchanged or lost amid them."""
    async with DiscordServer() as server, running(**server.settings):
        await server.online()
        first = await server.crowd(150)
        if trouble == "reconnect":
            await server.gateway.ask_to_reconnect()
        else:
            server.gateway.drop()
        second = await server.crowd(150)
        answers = await first + await second
        assert server.gateway.resumes == 1
        assert server.gateway.identifies == 1
    assert len({answer.text for answer in answers}) > 290
    assert max(answer.seconds for answer in answers) < 3


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


async def test_the_presence_shows_a_line_that_works() -> None:
    """Under the bot's name stands a command to type."""
    async with drawing_with(serving(GatedGenerator(), queue=1)) as server:
        assert server.gateway.presence["game"]["state"] == "/digit 4"


@pytest.mark.parametrize(("closed", "connected"), [((), True), ((0,), False), ((2,), False), ((0, 1, 2), False)])
async def test_each_shard_counts(monkeypatch: pytest.MonkeyPatch, closed: tuple[int, ...], connected: bool) -> None:
    """With one of three shards down a third of the servers gets no answer: the bot is not ready."""
    service = serving(GatedGenerator(), queue=1)
    shards = {number: SimpleNamespace(is_closed=lambda number=number: number in closed) for number in range(3)}
    monkeypatch.setattr(Client, "shards", shards)
    monkeypatch.setattr(Client, "is_ready", lambda _: True)
    assert Client(handlers_of(service), None).connected is connected
    await service.close()
