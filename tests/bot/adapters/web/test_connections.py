"""The time and the room that a client has on a connection."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from itertools import count

import numpy as np
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.adapters import web_requests
from bot.adapters.web import connections
from bot.adapters.web.app import create
from bot.adapters.web.connections import MAX_HEADER_BYTES, MAX_HEADERS
from bot.adapters.web.site import SEND_BUFFER_BYTES
from core.service import DigitService
from tests.bot.adapters.web.conftest import conversation, knock, listening
from tests.fakes.recording import RecordingGenerator, catalog_of
from tests.waiting import until

HALF_A_BODY = b'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"text": '
PICTURE = b"GET /number/98765432109876543210.png?seed=7 HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
async def app() -> AsyncIterator[web.Application]:
    """A bot whose pictures are noise, and so have many bytes."""
    noise = np.random.RandomState(0)
    generator = RecordingGenerator(lambda _, digits: noise.randint(0, 256, (len(digits), 28, 28), np.uint8))
    service = DigitService(catalog_of(generator), queue=50)
    yield create(conversation(service))
    await service.close()


def deaf_client(port: int) -> socket.socket:
    """A client that the system keeps little for, and that reads nothing."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.setblocking(False)
    return client


async def read_all(client: socket.socket) -> None:
    """Read until the connection ends."""
    while await asyncio.get_running_loop().sock_recv(client, 1 << 20):
        pass


async def test_a_client_that_does_not_read_is_cut(app: web.Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that asks for pictures and takes none is cut, and its request counts as given up."""
    monkeypatch.setattr(connections, "WRITE_SECONDS", 0.0)
    with capture_logs() as lines:
        async with listening(app) as port:
            with deaf_client(port) as client:
                client.sendall(200 * PICTURE)
                await until(lambda: any(line.get("outcome") == "given_up" for line in lines))
                with contextlib.suppress(ConnectionResetError):
                    await read_all(client)
    requests = [line["outcome"] for line in lines if line["event"] == "request"]
    assert requests.count("given_up") == 1
    assert len(requests) < 200


async def test_a_client_that_leaves_a_little_is_cut_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system keeps few answers; however little it has no room for, the client has to read, or is cut."""
    monkeypatch.setattr(connections, "WRITE_SECONDS", 0.1)
    transports: list[asyncio.Transport] = []

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        transports.append(request.transport)
        return web.Response(body=bytes(10_000))

    def cut() -> bool:
        # Closed alone, it would wait for ever until the client has read the rest.
        return bool(transports) and transports[0].is_closing() and not transports[0].get_write_buffer_size()

    app = web.Application()
    app.add_routes([web.get("/", answer)])
    async with listening(app) as port:
        with deaf_client(port) as client:
            for sent in count(1):
                client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                await until(lambda sent=sent: len(transports) == sent or cut())
                if cut() or transports[0].get_write_buffer_size():
                    break
            assert 10_000 * sent < 4 * SEND_BUFFER_BYTES
            await until(cut)


async def test_a_client_that_reads_late_gets_everything(app: web.Application) -> None:
    """Answers wait for a slow client within its time, one after another, and all of them arrive."""
    async with listening(app) as port:
        with deaf_client(port) as client:
            client.sendall(8 * PICTURE)
            taken = b""
            while taken.count(b"IEND") < 8:
                taken += await asyncio.get_running_loop().sock_recv(client, 1 << 16)
    assert taken.count(b"HTTP/1.1 200 OK") == 8


@pytest.mark.parametrize(
    "sent", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\nA: a", PICTURE, PICTURE + b"GET /"]
)
async def test_a_header_that_does_not_end_ends_the_connection(
    app: web.Application, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    """A connection on which no request comes, or half of one, first or later, is closed."""
    monkeypatch.setattr(connections, "KEEP_ALIVE_SECONDS", 0.1)
    async with listening(app) as port:
        answers = await knock(port, sent)
    assert answers.count(b"HTTP/1.1 200 OK") == sent.count(PICTURE)


async def test_a_body_that_does_not_end_is_a_408(app: web.Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a message gets a sentence."""
    monkeypatch.setattr(web_requests, "BODY_SECONDS", 0.0)
    async with listening(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALF_A_BODY)
        assert b" 408 " in await reader.readline()
        assert b"too long to arrive" in await reader.readuntil(b"}")
        writer.transport.abort()


@pytest.mark.parametrize("path", [b"/", b"/nothing"])
@pytest.mark.parametrize(("expected", "status"), [(b"100-Continue", b"100"), (b"\xff", b"417"), (b"", b"417")])
async def test_a_client_may_expect_to_be_told_to_continue(
    app: web.Application, path: bytes, expected: bytes, status: bytes
) -> None:
    """And nothing else."""
    async with listening(app) as port:
        answer = await knock(
            port, b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: %s\r\n\r\n" % (path, expected)
        )
    assert answer.split()[1] == status


@pytest.mark.parametrize(
    ("number", "size"), [(MAX_HEADERS + 1, 1), (1, MAX_HEADER_BYTES + 1), (MAX_HEADERS, MAX_HEADER_BYTES - 8)]
)
async def test_a_header_may_not_fill_the_memory(app: web.Application, number: int, size: int) -> None:
    """Too many fields, and one that is too long, are a 400; what a browser behind proxies sends is not."""
    fields = b"".join(b"X%d: %s\r\n" % (i, size * b"a") for i in range(number - (number == MAX_HEADERS)))
    async with listening(app) as port:
        answer = await knock(port, b"GET / HTTP/1.0\r\n" + fields + b"\r\n")
    assert answer.split()[1] == (b"200" if number == MAX_HEADERS else b"400")
