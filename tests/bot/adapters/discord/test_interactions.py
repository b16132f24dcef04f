"""Interactions over HTTP: whose posts are taken, what is refused at once, and when one is acknowledged."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from aiohttp import web

from bot.adapters.discord import interactions
from bot.adapters.discord.client import Client
from bot.adapters.discord.interactions import MAX_AGE_SECONDS, MAX_BODY_BYTES
from bot.adapters.web.errors import errors_as_json
from core.errors import Closed
from tests.bot.adapters.discord.in_process import drawing_with, handlers_of
from tests.bot.adapters.discord.questions import REQUESTS, asked
from tests.bot.conftest import BotProcess, no_traceback, on_discord
from tests.fakes.discord_endpoint import PING, EndpointClient
from tests.fakes.discord_payloads import DM, Json, interaction
from tests.fakes.discord_server import COMMAND, TOKEN, DiscordServer
from tests.fakes.generators import GatedGenerator, serving
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

DIGIT = {"id": "1", "name": "digit", "type": 1, "options": [{"name": "digit", "type": 3, "value": "4"}]}
ANOTHER_APPLICATION = "900000000000000009"


def command(**fields: object) -> Json:
    """Return the interaction of a `/digit 4`, with other fields in place of its own."""
    return interaction(COMMAND, DIGIT, DM, "1") | fields


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def discord_and_bot() -> AsyncIterator[tuple[DiscordServer, BotProcess]]:
    """One Discord that posts, and one bot; whatever is posted, the log has no line above INFO."""
    async with DiscordServer(over_http=True) as server:
        async with on_discord(server) as bot:
            yield server, bot
        no_traceback("".join(bot.lines), TOKEN)
    assert bot.events("warning", "error", "critical") == []


@pytest.fixture
def endpoint(discord_and_bot: tuple[DiscordServer, BotProcess]) -> EndpointClient:
    """The half of Discord that posts."""
    found = discord_and_bot[0].endpoint
    assert found is not None
    return found


@pytest.fixture
def undrawn(discord_and_bot: tuple[DiscordServer, BotProcess]) -> Iterator[None]:
    """Nothing that the test posts is drawn, answered or recorded."""
    server, bot = discord_and_bot
    before, calls = len(bot.requests()), len(server.rest.calls)
    yield
    assert len(bot.requests()) == before
    assert len(server.rest.calls) == calls


async def posted(endpoint: EndpointClient, body: bytes, age: float = 0.0, **headers: str) -> int:
    """Return the status of a post that is signed, but for the given headers."""
    status, answer = await endpoint.post(body, endpoint.headers(body, age) | headers)
    assert b"Traceback" not in answer
    return status


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("signature", ["", "x", "0" * 128, "é" * 64, "A" * 127, "f" * 130])
async def test_a_wrong_signature_is_refused(endpoint: EndpointClient, signature: str) -> None:
    """Nothing that somebody without the key posts is read any further."""
    body = json.dumps(command()).encode()
    headers = {"X-Signature-Ed25519": signature}
    assert await posted(endpoint, body, **headers) == 401


@pytest.mark.usefixtures("undrawn")
async def test_a_signature_holds_for_its_body_and_its_timestamp_alone(endpoint: EndpointClient) -> None:
    """A signed post cannot be changed, nor sent again with a timestamp of now; nor is another key's taken."""
    body = json.dumps(command()).encode()
    good = endpoint.headers(body)
    later = {"X-Signature-Timestamp": str(int(good["X-Signature-Timestamp"]) + 1)}
    assert (await endpoint.post(body + b" ", good))[0] == 401
    assert (await endpoint.post(body, good | later))[0] == 401
    assert (await endpoint.post(body, EndpointClient().headers(body)))[0] == 401
    assert (await endpoint.post(body, {}))[0] == 401


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("age", [MAX_AGE_SECONDS + 2, -MAX_AGE_SECONDS - 2, 1e8])
async def test_a_stale_or_future_timestamp_is_refused(endpoint: EndpointClient, age: float) -> None:
    """A post that was overheard is of no use five minutes later."""
    assert await posted(endpoint, json.dumps(PING).encode(), age) == 401


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e9", "٣", "9" * 400])
async def test_a_timestamp_that_is_none_is_refused(endpoint: EndpointClient, timestamp: str) -> None:
    """It is refused like a wrong signature."""
    headers = {"X-Signature-Timestamp": timestamp}
    assert await posted(endpoint, json.dumps(PING).encode(), **headers) == 401


@pytest.mark.usefixtures("undrawn")
async def test_a_body_that_is_too_large_is_refused(endpoint: EndpointClient) -> None:
    """A megabyte is refused though it is signed; the largest that is not is read."""
    largest = json.dumps(PING).encode().ljust(MAX_BODY_BYTES)
    assert await posted(endpoint, largest) == 200
    assert await posted(endpoint, largest + b" ") == 400


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff", b"4", b"[]", b"{}", b"null", b'{"type": null}', b'{"type": 99}', b"[" * 100_000),
        *(b'{"type": 2}', b'{"type": "x", "id": "1"}'),
        *(
            json.dumps(command(**fields)).encode()
            for fields in (
                {"type": 5},
                {"type": 6},
                {"type": -1},
                {"id": "one"},
                {"id": -1},
                {"token": None},
                {"data": None},
                {"data": {}},
                {"data": DIGIT | {"name": 4}},
                {"data": DIGIT | {"options": [{}]}},
                {"data": DIGIT | {"options": "digit"}},
                {"type": 3, "data": {"custom_id": "1:again::/digit 4"}},
                {"type": 3, "data": {"component_type": 2}},
                {"version": None, "attachment_size_limit": None, "channel": 4},
                {"user": None},
            )
        ),
    ],
)
async def test_what_is_no_interaction_is_refused(endpoint: EndpointClient, body: bytes) -> None:
    """Signed or not: no JSON, another JSON, an unknown type and an interaction without its parts are 400."""
    assert await posted(endpoint, body) == 400


@pytest.mark.usefixtures("undrawn")
async def test_an_interaction_of_another_application_is_refused(endpoint: EndpointClient) -> None:
    """One key is one application: an operator who gave the wrong one gets no answers under another name."""
    body = json.dumps(command(application_id=ANOTHER_APPLICATION)).encode()
    assert await posted(endpoint, body) == 401


async def test_nothing_but_posts_are_taken(endpoint: EndpointClient) -> None:
    """A browser at that address is told so."""
    async with endpoint.session.get(endpoint.bot + "/discord/interactions") as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")


async def test_no_gateway_is_opened(discord_and_bot: tuple[DiscordServer, BotProcess]) -> None:
    """A bot that is posted to neither connects to the gateway nor asks how many connections are left."""
    server, _ = discord_and_bot
    assert (await server.command("digit", digit="4")).files
    assert server.gateway.tries == 0
    assert not [path for path in server.rest.calls if "gateway" in path]


async def test_each_command_is_acknowledged_after_its_answer(
    discord_and_bot: tuple[DiscordServer, BotProcess],
) -> None:
    """202 without a body comes once the answer is there: a proxy can give it to another replica until then."""
    server, _ = discord_and_bot
    assert server.endpoint is not None
    statuses = server.endpoint.statuses
    statuses.clear()
    for name in REQUESTS:
        assert (await asked(server, name)).files
    await until(lambda: len(statuses) == len(REQUESTS))
    assert statuses == [202] * len(REQUESTS)


async def test_a_ping_is_answered_before_the_bot_has_logged_in() -> None:
    """Discord tests the endpoint when its URL is saved, whatever else is down; a command is refused meanwhile."""
    async with DiscordServer(over_http=True) as server:
        assert server.endpoint is not None
        endpoint = interactions.Endpoint(server.endpoint.public_key, _not_connected)
        async with _listening(endpoint) as address:
            server.endpoint.bot = address
            assert await posted(server.endpoint, json.dumps(PING).encode()) == 200
            assert await posted(server.endpoint, json.dumps(command()).encode()) == 503


async def test_a_command_that_takes_long_is_acknowledged_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The post of a picture that is announced ends with that; what is never answered ends in time as well."""
    slow = GatedGenerator()
    monkeypatch.setattr("bot.adapters.discord.handlers.DEFER_AFTER_SECONDS", 0)
    async with drawing_with(serving(slow, queue=10), DiscordServer(over_http=True)) as server:
        assert server.endpoint is not None
        statuses = server.endpoint.statuses
        question = server.ask("digit", digit="4")
        await until(lambda: statuses == [202])
        assert server.rest.deferred.is_set()
        slow.gate.set()
        assert (await question).files
    silent = interactions.Endpoint(server.endpoint.public_key, lambda _: None)
    monkeypatch.setattr(interactions, "ACKNOWLEDGE_AFTER_SECONDS", 0)
    async with server.endpoint, _listening(silent) as address:
        server.endpoint.bot = address
        assert await posted(server.endpoint, json.dumps(command()).encode()) == 202


async def test_an_end_waits_for_each_post() -> None:
    """A stop of the bot cuts off no post: neither the first that is acknowledged nor the last ends the wait alone."""
    received: list[int] = []
    async with EndpointClient() as discord:
        endpoint = interactions.Endpoint(discord.public_key, lambda found: received.append(int(found["id"])))
        async with _listening(endpoint) as discord.bot:
            await asyncio.wait_for(endpoint.idle(), 10)
            bodies = [json.dumps(command(id=number)).encode() for number in ("11", "12")]
            posts = [asyncio.create_task(posted(discord, body)) for body in bodies]
            await until(lambda: len(received) == 2)
            end = asyncio.create_task(endpoint.idle())
            for interaction_id, post in zip((11, 12), posts, strict=True):
                assert not end.done()
                endpoint.answered(interaction_id)
                assert await post == 202
            await asyncio.wait_for(end, 10)


async def test_the_librarys_private_call_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py makes an interaction of a payload, gives commands to the tree and a press to `on_interaction`."""
    client = Client(handlers_of(serving(GatedGenerator(), queue=1)), None, "0" * 64)
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr(client.tree, "_from_interaction", lambda made: seen.append(("tree", made.id)))
    monkeypatch.setattr(client._connection, "dispatch", lambda event, made: seen.append((event, made.id)))
    press = interaction(3, {"custom_id": "1:again::/digit 4", "component_type": 2}, DM, "1")
    for payload in (command(id="11"), press | {"id": "12"}):
        client.receive(payload)
    assert seen == [("tree", 11), ("interaction", 11), ("interaction", 12)]


def _not_connected(_: Json) -> None:
    raise Closed


@asynccontextmanager
async def _listening(endpoint: interactions.Endpoint) -> AsyncIterator[str]:
    """Serve an endpoint alone; yields its address."""
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes([endpoint.route])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
