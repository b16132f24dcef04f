"""The Discord of our tests is as strict as the real one: what it lets through proves something."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord_payloads import APPLICATION, Json
from tests.fakes.discord_server import TOKEN, DiscordServer, NoAnswer

HEADERS = {"Authorization": f"Bot {TOKEN}"}
TEXT = {"type": 4, "data": {"content": "hello", "allowed_mentions": {"parse": []}}}
BUTTON = {"type": 2, "style": 2, "label": "Again", "custom_id": "again"}


class Bot:
    """A client that does as it is told, right or wrong."""

    def __init__(self, server: DiscordServer, http: aiohttp.ClientSession) -> None:
        self.server = server
        self.http = http
        self.sockets: list[aiohttp.ClientWebSocketResponse] = []

    async def connect(self, token: str = TOKEN) -> aiohttp.ClientWebSocketResponse:
        """Open a gateway connection and identify."""
        data = {"token": token, "intents": 0, "properties": {"os": "x"}, "shard": [0, 1]}
        return await self.greet({"op": 2, "d": data})

    async def greet(self, payload: Json) -> aiohttp.ClientWebSocketResponse:
        """Open a gateway connection and send this after its hello."""
        socket = await self.http.ws_connect(self.server.gateway.url, params={"v": "10", "encoding": "json"})
        self.sockets.append(socket)
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json(payload)
        return socket

    async def asked(self, socket: aiohttp.ClientWebSocketResponse) -> Json:
        """The next interaction."""
        while (event := await socket.receive_json())["t"] != "INTERACTION_CREATE":
            pass
        data: Json = event["d"]
        return data

    async def answer(self, interaction: Json, body: Json) -> tuple[int, int]:
        """Answer an interaction; returns the status, and the code where it was refused."""
        url = f"{self.server.url}/interactions/{interaction['id']}/{interaction['token']}/callback"
        async with self.http.post(url, json=body) as response:
            return response.status, (await response.json()).get("code", 0)

    async def register(self, **command: Any) -> int:
        """Write one command; returns the status."""
        body = [{"name": "digit", "description": "Draw", "options": []} | command]
        url = f"{self.server.url}/applications/{APPLICATION}/commands"
        async with self.http.put(url, json=body, headers=HEADERS) as response:
            return response.status


@asynccontextmanager
async def visiting(server: DiscordServer) -> AsyncIterator[Bot]:
    """A client that leaves nothing open."""
    async with server, aiohttp.ClientSession() as http:
        bot = Bot(server, http)
        yield bot
        for socket in bot.sockets:
            await socket.close()


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """A client of a fresh Discord."""
    async with visiting(DiscordServer()) as bot:
        yield bot


async def test_an_answer_comes_once_and_in_time(bot: Bot) -> None:
    """The first answer is taken, a second is 40060, one to a closed question is 10062."""
    socket = await bot.connect()
    await bot.server.online()
    question = bot.server.ask("digit", digit="4")
    interaction = await bot.asked(socket)
    assert await bot.answer(interaction | {"id": "1"}, TEXT) == (404, 10062)
    assert await bot.answer(interaction, TEXT) == (200, 0)
    assert await bot.answer(interaction, TEXT) == (400, 40060)
    assert (await question).text == "hello"
    bot.server.rest.patience = 0
    question = bot.server.ask("digit", digit="4")
    interaction = await bot.asked(socket)
    with pytest.raises(NoAnswer):
        await question
    assert await bot.answer(interaction, TEXT) == (404, 10062)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"content": ""}, 50006),
        ({"content": "x" * 2001}, 50035),
        ({"allowed_mentions": {"parse": ["everyone"]}}, 50035),
        ({"attachments": [{"id": 0, "filename": "a.png"}]}, 50035),
        ({"components": [{"type": 1, "components": [BUTTON] * 2}]}, 50035),
        ({"components": [{"type": 1, "components": [BUTTON | {"custom_id": "x" * 101}]}]}, 50035),
        ({"components": [{"type": 1, "components": [BUTTON | {"label": "x" * 81}]}]}, 50035),
        ({"components": [{"type": 1, "components": [BUTTON | {"custom_id": str(i)} for i in range(6)]}]}, 50035),
        ({"components": [{"type": 1, "components": []}]}, 50035),
        ({"components": [BUTTON]}, 50035),
    ],
)
async def test_a_message_keeps_the_limits(bot: Bot, data: Json, code: int) -> None:
    """What is too long, too many, double or missing is refused, and can be said again."""
    socket = await bot.connect()
    await bot.server.online()
    question = bot.server.ask("digit", digit="4")
    interaction = await bot.asked(socket)
    assert await bot.answer(interaction, {"type": 4, "data": TEXT["data"] | data}) == (400, code)  # type: ignore[operator]
    assert await bot.answer(interaction, TEXT) == (200, 0)
    await question


@pytest.mark.parametrize(
    "command",
    [
        {"name": "Digit"},
        {"name": "two words"},
        {"name": "x" * 33},
        {"description": ""},
        {"description": "x" * 101},
        {"contexts": [3]},
        {
            "options": [
                {"name": "a", "description": "b", "type": 3},
                {"name": "c", "description": "d", "type": 3, "required": True},
            ]
        },
        {"options": [{"name": "a", "description": "b", "type": 3, "min_value": 1}]},
        {"options": [{"name": "a", "description": "b", "type": 3, "choices": [{"name": "", "value": "x"}]}]},
        {"options": [{"name": "a", "description": "b", "type": 3, "choices": [{"name": "x", "value": "x" * 101}]}]},
        {"options": [{"name": "a", "description": "b", "type": 4, "max_length": 1}]},
        {"options": [{"name": "a", "description": "b", "type": 3, "max_length": 6001}]},
    ],
)
async def test_a_command_keeps_the_limits(bot: Bot, command: Json) -> None:
    """Names, descriptions, options and their order are checked as a whole: one that is wrong and none is written."""
    assert await bot.register(**command) == 400
    assert bot.server.rest.commands == {}
    assert await bot.register() == 200


async def test_nobody_is_let_in_without_the_token(bot: Bot) -> None:
    """REST says 401, the gateway closes with 4004."""
    async with bot.http.get(bot.server.url + "/users/@me") as response:
        assert response.status == 401
    assert await closed(await bot.connect(token="wrong")) == 4004  # noqa: S106


async def test_identifying_takes_five_seconds(bot: Bot) -> None:
    """A second identify right after the first is an invalid session."""
    await bot.connect()
    await bot.server.online()
    socket = await bot.connect()
    assert await socket.receive_json() == {"op": 9, "d": False}


@pytest.mark.parametrize(
    ("payload", "code"),
    [({"op": 2, "d": {}}, 4005), ({"op": 99, "d": {}}, 4001), ({"op": 1, "d": "x" * 5000}, 4002)],
)
async def test_the_gateway_closes_on_nonsense(bot: Bot, payload: Json, code: int) -> None:
    """To identify twice, an unknown opcode and too long a payload each end the connection with their code."""
    socket = await bot.connect()
    await bot.server.online()
    await socket.send_str(json.dumps(payload))
    assert await closed(socket) == code


async def test_the_gateway_closes_on_a_flood(bot: Bot) -> None:
    """More than 120 events are too many for a minute."""
    socket = await bot.connect()
    await bot.server.online()
    for _ in range(121):
        await socket.send_json({"op": 3, "d": {}})
    assert await closed(socket) == 4008


async def test_a_heart_that_stops_is_noticed() -> None:
    """Who sends no heartbeat is dropped."""
    async with visiting(DiscordServer(heartbeat=0.05)) as bot:
        assert await closed(await bot.connect()) == 4009


async def test_a_resume_replays_what_was_missed(bot: Bot) -> None:
    """Events after the last one seen come again, in their order; a session that nobody knows is invalid."""
    socket = await bot.connect()
    ready = await socket.receive_json()
    questions = [bot.server.ask("digit", digit=str(digit)) for digit in range(3)]
    first = await socket.receive_json()
    await socket.close()
    await bot.server.gateway.until(lambda: not bot.server.gateway.online)
    data = {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": first["s"]}
    socket = await bot.greet({"op": 6, "d": data})
    events = [await socket.receive_json() for _ in range(3)]
    assert [event["t"] for event in events] == ["INTERACTION_CREATE", "INTERACTION_CREATE", "RESUMED"]
    assert [event["s"] for event in events] == [first["s"] + 1, first["s"] + 2, first["s"] + 3]
    for question in questions:
        question.cancel()
    stranger = await bot.greet({"op": 6, "d": data | {"session_id": "unknown"}})
    assert (await stranger.receive_json())["op"] == 9


async def closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """Read to the end; returns the code that the server closed with."""
    async with asyncio.timeout(10):
        async for _ in socket:
            pass
    return socket.close_code
