"""The end of the process: who has knocked is let in, what was accepted is answered, and nothing holds it up."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import discord
import pytest
from pydantic import SecretStr

from bot import app, supervisor
from bot.adapters.base import Context
from bot.adapters.discord import adapter as discord_adapter
from bot.adapters.discord.adapter import Adapter
from bot.adapters.discord.settings import DiscordSettings
from bot.adapters.telegram import adapter as telegram_adapter
from bot.config.settings import Settings
from bot.console import Start
from core.catalog import Catalog, Model
from core.service import DigitService
from tests.bot.conftest import POLLING, WEBHOOK, BotProcess, on_telegram, running
from tests.constants import replacing
from tests.fakes.conversations import configuration, conversation
from tests.fakes.discord_server import TOKEN, DiscordServer, NoAnswer
from tests.fakes.generators import GatedGenerator, serving
from tests.fakes.telegram_server import Telegram
from tests.waiting import until

KNOCKING = 20
LONGEST_END = 20
"""Seconds: compose.yaml and systemd give a process no less before they kill it."""
HASTE = replacing(
    adapters__telegram__adapter__STOP_TIMEOUT_SECONDS=0.5,
    adapters__discord__adapter__ANSWER_WITHIN_SECONDS=0.5,
    adapters__discord__adapter__CLOSE_WITHIN_SECONDS=0.5,
    app__DRAIN_SECONDS=0.5,
)
"""For an end at which everything hangs: nobody wants to watch it."""
REQUEST = b"GET /digit/4.png HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
HALF_A_REQUEST = b'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"text": '


async def knock(bot: BotProcess, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect and send a request; the system takes both, whether or not the process looks."""
    url = urlsplit(bot.address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(request)
    await writer.drain()
    return reader, writer


async def test_who_has_knocked_before_the_signal_is_let_in() -> None:
    """Requests that the process had not yet looked at when the signal came are answered with their pictures."""
    async with running() as bot:
        bot.process.send_signal(signal.SIGSTOP)
        clients = [await knock(bot, REQUEST) for _ in range(KNOCKING)]
        bot.process.send_signal(signal.SIGTERM)
        bot.process.send_signal(signal.SIGCONT)
        answers = await asyncio.wait_for(asyncio.gather(*(reader.read() for reader, _ in clients)), timeout=30)
        assert [answer.split(b"\r\n")[0] for answer in answers] == KNOCKING * [b"HTTP/1.1 200 OK"]
        for _, writer in clients:
            writer.close()
        assert await bot.ended() == 0


async def test_who_comes_while_it_says_that_it_stops_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the signal and the closing of the door a proxy learns that the bot stops, and all are served."""
    pausing, done = asyncio.Event(), asyncio.Event()

    async def pause(seconds: float, *_: object, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        if not seconds:
            return await sleep(0)
        pausing.set()
        await done.wait()
        return None

    told: asyncio.Queue[Start] = asyncio.Queue()
    serving = asyncio.create_task(app.serve(configuration(), told.put_nowait))
    address = (await told.get()).address
    monkeypatch.setattr(asyncio, "sleep", pause)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(pausing.wait(), timeout=30)
    async with aiohttp.ClientSession() as client:
        async with client.get(address + "/readyz") as state:
            assert (state.status, (await state.json())["stopping"]) == (503, True)
        async with client.get(address + "/digit/4.png") as picture:
            assert picture.status == 200
    done.set()
    await serving


async def test_a_command_that_was_sent_before_the_signal_is_answered() -> None:
    """A command and a message that the process had not yet looked at when the signal came get their pictures."""
    async with DiscordServer() as server, running(**server.settings) as bot:
        await server.online()
        bot.process.send_signal(signal.SIGSTOP)
        asked = server.ask("digit", digit="4")
        await asyncio.sleep(0)
        bot.process.send_signal(signal.SIGTERM)
        bot.process.send_signal(signal.SIGCONT)
        assert (await asked).files
        assert await bot.ended() == 0


async def test_nothing_that_hangs_holds_up_the_end(new_telegram: Telegram) -> None:
    """While a request, an answer to Telegram, one to Discord and its goodbye never end, the process does, with 0."""
    release = new_telegram.hold("sendPhoto")
    async with DiscordServer() as server, on_telegram(new_telegram, **server.settings, **HASTE) as bot:
        await server.online()
        _, writer = await knock(bot, HALF_A_REQUEST)
        await new_telegram.say("/digit 4")
        await new_telegram.until(lambda: new_telegram.called("sendPhoto"))
        server.rest.faults.extend([500] * 5)
        server.rest.patience = 1.0
        asked = server.ask("digit", digit="4")
        await server.rest.refused.wait()
        server.gateway.silence()
        assert await bot.stop() == 0
        writer.close()
        with pytest.raises(NoAnswer):
            await asked
    release.set()
    assert not bot.events("error")
    assert "Traceback" not in "".join(bot.lines)
    async with on_telegram(new_telegram):
        await new_telegram.until(lambda: not new_telegram.pending)


def test_the_end_has_time_for_each_of_its_parts() -> None:
    """Answers have longer than their pictures, and all of the end is over before an engine kills the process."""
    discord_seconds = discord_adapter.ANSWER_WITHIN_SECONDS + 2 * discord_adapter.CLOSE_WITHIN_SECONDS
    assert min(discord_adapter.ANSWER_WITHIN_SECONDS, telegram_adapter.STOP_TIMEOUT_SECONDS) > app.GRACE_SECONDS
    longest = max(discord_seconds, telegram_adapter.STOP_TIMEOUT_SECONDS)
    assert supervisor.STOP_DELAY_SECONDS + longest + app.DRAIN_SECONDS < LONGEST_END


async def test_a_post_at_a_stop_is_told_when_to_come_back(new_telegram: Telegram) -> None:
    """An update that Telegram posts while the bot ends is refused with 503 and the time to try again, and not lost."""
    release = new_telegram.hold("sendPhoto")
    async with on_telegram(new_telegram, **WEBHOOK) as bot, aiohttp.ClientSession() as client:
        await new_telegram.next("setWebhook")
        await new_telegram.say("/digit 4")
        await new_telegram.until(lambda: new_telegram.called("sendPhoto"))
        bot.process.send_signal(signal.SIGTERM)
        secret = {"X-Telegram-Bot-Api-Secret-Token": new_telegram.webhook["secret_token"]}
        async with asyncio.timeout(30):
            while (refused := await client.post(bot.address + "/telegram", json={}, headers=secret)).status != 503:
                await refused.read()
        assert int(refused.headers["Retry-After"]) >= 1
        await new_telegram.say("/digit 5")
        await new_telegram.until(lambda: new_telegram.posts)
        release.set()
        assert await bot.ended() == 0
    async with on_telegram(new_telegram, **POLLING):
        await new_telegram.until(lambda: not new_telegram.pending)
    assert sorted(call["caption"].split()[2] for call in new_telegram.done("sendPhoto")) == ["4", "5"]


@asynccontextmanager
async def web_page(slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[aiohttp.ClientSession]:
    """The bot's page alone in this process, with pictures of `slow`, and a client; SIGTERM ends it."""
    catalog = Catalog({"gated": Model("gated", "Gated", {}, slow)}, "gated")
    monkeypatch.setattr(app, "open_catalog", lambda _: catalog)
    told: asyncio.Queue[Start] = asyncio.Queue()
    serving = asyncio.create_task(app.serve(configuration(Settings(port=0, metrics=True)), told.put_nowait))
    address = (await told.get()).address
    async with aiohttp.ClientSession(address) as client:
        yield client
    slow.gate.set()
    await serving


async def pending(client: aiohttp.ClientSession) -> int:
    """How many requests wait or are being drawn."""
    async with client.get("/readyz") as state:
        return int((await state.json())["pending"])


async def _pending_is(client: aiohttp.ClientSession, count: int) -> bool:
    return await pending(client) == count


async def _ask(client: aiohttp.ClientSession) -> tuple[int, str]:
    async with client.get("/digit/4.png") as response:
        return response.status, await response.text("latin-1")


async def test_what_cannot_be_drawn_before_the_end_is_refused(
    slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a stop those that wait longer than the grace time read that the bot restarts."""
    monkeypatch.setattr(app, "GRACE_SECONDS", 0.1)
    async with web_page(slow, monkeypatch) as client:
        drawn = asyncio.create_task(_ask(client))
        await until(lambda: _pending_is(client, 1))
        waiting = [asyncio.create_task(_ask(client)) for _ in range(5)]
        await until(lambda: _pending_is(client, 6))
        os.kill(os.getpid(), signal.SIGTERM)
        for status, body in await asyncio.gather(*waiting):
            assert status == 503
            assert "restarting" in body
        slow.gate.set()
        assert (await drawn)[0] == 200
    assert slow.drawn == 1


async def test_a_client_that_hangs_up_takes_its_request_along(
    slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of six clients that hang up, the five that waited are never drawn for."""
    async with web_page(slow, monkeypatch) as client:
        drawn = asyncio.create_task(_ask(client))
        await until(lambda: _pending_is(client, 1))
        gone = [asyncio.create_task(_ask(client)) for _ in range(5)]
        await until(lambda: _pending_is(client, 6))
        for task in gone:
            task.cancel()
        await until(lambda: _pending_is(client, 1))
        # And not because they had waited too long.
        async with client.get("/metrics") as metrics:
            assert 'outcome="given_up",platform="web"} 5.0' in await metrics.text()
        slow.gate.set()
        assert (await drawn)[0] == 200
        os.kill(os.getpid(), signal.SIGTERM)
    assert slow.drawn == 1


async def test_a_second_signal_ends_at_once() -> None:
    """An operator who does not want to wait for a request that hangs sends the signal again."""
    async with running(**replacing(app__DRAIN_SECONDS=600, app__SAME_SIGNAL_SECONDS=0)) as bot:
        _, writer = await knock(bot, HALF_A_REQUEST)
        bot.process.send_signal(signal.SIGTERM)
        async with aiohttp.ClientSession() as client:
            await until(lambda: _refused(client, bot.address))
        assert bot.process.returncode is None
        assert await bot.stop() == 0
        writer.close()


async def _refused(client: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with client.get(address + "/healthz"):
            return False
    except aiohttp.ClientConnectionError:
        return True


@pytest.fixture
def slow() -> Iterator[GatedGenerator]:
    """A generator that takes its time."""
    generator = GatedGenerator()
    yield generator
    generator.gate.set()


@asynccontextmanager
async def connected(service: DigitService) -> AsyncIterator[tuple[DiscordServer, Adapter]]:
    """A Discord, and in this process an adapter that `service` draws for; whoever asks for it closes it."""
    async with DiscordServer() as server:
        chat = Adapter(
            DiscordSettings(token=SecretStr(TOKEN), api_url=server.url), Context(conversation(service), None)
        )
        running = asyncio.create_task(chat.run())
        await server.online()
        yield server, chat
        await running
    await service.close()


async def test_a_command_that_comes_at_the_goodbye_is_answered(
    slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that came in just before the connection was closed gets its picture after that."""
    asked = []
    say_goodbye = discord.shard.Shard.disconnect

    async def take_one_more(shard: discord.shard.Shard) -> None:
        asked.append(server.ask("digit", digit="4"))
        async with asyncio.timeout(30):
            while not service.pending:
                await asyncio.sleep(0)
        await say_goodbye(shard)
        slow.gate.set()

    monkeypatch.setattr(discord.shard.Shard, "disconnect", take_one_more)
    service = serving(slow, queue=10)
    async with connected(service) as (server, chat):
        await chat.close()
        (answer,) = [await question for question in asked]
        assert answer.files
    assert server.gateway.closes == [1000]


async def test_an_announced_answer_is_given_at_the_end(slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that a person was told to wait for comes, though a connection would have had no time to close."""
    monkeypatch.setattr("bot.adapters.discord.handlers.DEFER_AFTER_SECONDS", 0)
    service = serving(slow, queue=10)
    async with connected(service) as (server, chat):
        asked = server.ask("digit", digit="4")
        await server.rest.deferred.wait()
        with monkeypatch.context() as patch:
            patch.setattr(discord_adapter, "CLOSE_WITHIN_SECONDS", 0)
            closing = asyncio.create_task(chat.close())
            await until(lambda: not chat.ready)
        slow.gate.set()
        assert (await asked).files
        await closing
