"""The request log of the web: a line a request, written once the response is delivered or lost."""

import asyncio

from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.adapters.web.app import create
from tests.bot.adapters.web.conftest import conversation
from tests.fakes.generators import GatedGenerator, serving


async def test_a_picture_that_nobody_waits_for_is_given_up() -> None:
    """Somebody who closes the page before the picture is there does not count as served."""
    slow = GatedGenerator()
    service = serving(slow, queue=3)
    server = TestServer(create(conversation(service)))
    async with TestClient(server) as client:
        assert server.runner is not None
        assert server.runner.server is not None
        with capture_logs() as lines:
            _, writer = await asyncio.open_connection(client.host, client.port)
            writer.write(b"GET /digit/4.png HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while not service.pending:
                await asyncio.sleep(0)
            writer.transport.abort()
            (connection,) = server.runner.server.connections
            while connection.transport:
                await asyncio.sleep(0)
            slow.gate.set()
            while not lines:
                await asyncio.sleep(0)
    await service.close()
    assert [(line["platform"], line["outcome"]) for line in lines] == [("web", "given_up")]


async def test_the_log_tells_how_a_request_ended() -> None:
    """A body that is no JSON and a line that cannot be drawn count as a bad request, help as told."""
    service = serving(GatedGenerator(), queue=0)
    async with TestClient(TestServer(create(conversation(service)))) as client:
        with capture_logs() as lines:
            for text in ("/digit 4", "/digit 44", "/help"):
                await client.post("/api/chat", json={"text": text})
            await client.post("/api/chat", data=b"{")
            await client.post("/api/chat", data=b" " * 5000)
    await service.close()
    assert [(line["command"], line["outcome"]) for line in lines] == [
        ("digit", "overloaded"),
        ("unknown", "bad_request"),
        ("help", "told"),
        ("unknown", "bad_request"),
        ("unknown", "bad_request"),
    ]
