"""Bodies and secrets that clients send to the web server."""

import asyncio
import codecs
import gzip
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.adapters.web.errors import errors_as_json
from bot.adapters.web_requests import has_secret, read_json
from tests.waiting import until

BODY = b'{"text": "/digit 4"}'
SECRET = "correct horse"  # noqa: S105  of the test
MAX_BYTES = 100

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of a server that says what it has read."""

    async def read(request: web.Request) -> web.Response:
        if not has_secret(request, "X-Secret", SECRET):
            raise web.HTTPUnauthorized
        return web.json_response(await read_json(request, MAX_BYTES))

    app = web.Application(middlewares=[errors_as_json])
    app.add_routes([web.post("/", read)])
    async with TestClient(TestServer(app)) as client:
        yield client


async def post(client: Client, *fields: bytes, body: bytes = BODY, secret: bytes = SECRET.encode()) -> int:
    """Post raw bytes; returns the status."""
    header = [
        b"POST / HTTP/1.1",
        b"Host: localhost",
        b"X-Secret: " + secret,
        b"Content-Length: %d" % len(body),
        *fields,
    ]
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"\r\n".join(header) + b"\r\n\r\n" + body)
    status = int((await reader.readline()).split()[1])
    writer.transport.abort()
    return status


async def test_no_charset_is_looked_up(client: Client) -> None:
    """Python keeps every name of an encoding that it was ever asked for: a client's is not asked for."""
    asked: list[str] = []
    codecs.register(asked.append)
    for number in range(3):
        assert await post(client, b"Content-Type: application/json; charset=klingon-%d" % number) == HTTPStatus.OK
    codecs.unregister(asked.append)
    assert asked == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
async def test_json_names_its_own_encoding(client: Client, encoding: str) -> None:
    """Each encoding of JSON is read, whatever Content-Type says."""
    assert await post(client, b"Content-Type: text/x; charset=latin-1", body=BODY.decode().encode(encoding)) == 200


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ([b"Content-Encoding: gzip"], b"nonsense"),
        ([b"Content-Encoding: deflate"], b"\x00\x01\xff\xff"),
        ([b"Content-Encoding: deflate"], b"nonsense"),
        ([], b"\xff"),
        ([], b"[" * MAX_BYTES),
        ([], b"9" * MAX_BYTES + b"]"),
        ([], b""),
    ],
)
async def test_a_body_that_is_no_json_is_a_400(client: Client, fields: list[bytes], body: bytes) -> None:
    """Nonsense, in a compression too, is told so, and no line of the log speaks of a fault."""
    with capture_logs() as lines:
        assert await post(client, *fields, body=body) in (400, 413)
    assert not lines


async def test_a_body_may_be_compressed_but_is_not_inflated(client: Client) -> None:
    """A compressed message is read; one that would be too long is refused."""
    assert await post(client, b"Content-Encoding: gzip", body=gzip.compress(BODY)) == HTTPStatus.OK
    assert await post(client, b"Content-Encoding: gzip", body=gzip.compress(b" " * 10**6)) == 413


@pytest.mark.parametrize("start", [b"Content-Length: 99\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n9\r\n{", b""])
async def test_a_client_that_goes_away_is_no_fault(client: Client, start: bytes) -> None:
    """A body that breaks off, at any place, leaves nothing in the log, and no connection."""
    header = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Secret: " + SECRET.encode() + b"\r\n"
    assert client.server.runner is not None
    server = client.server.runner.server
    assert server is not None
    with capture_logs() as lines:
        for end in ("abort", "close"):
            _, writer = await asyncio.open_connection(client.host, client.port)
            writer.write(header + start)
            await until(lambda: server.connections)
            getattr(writer.transport, end)()
            await until(lambda: not server.connections)
    assert not lines


@pytest.mark.parametrize("secret", [b"", b"\xff", SECRET.encode()[:-1], SECRET.encode() + b"\xff", "ü".encode()])
async def test_a_wrong_secret_is_a_401(client: Client, secret: bytes) -> None:
    """A secret of any bytes is compared, and refused."""
    with capture_logs() as lines:
        assert await post(client, secret=secret) == HTTPStatus.UNAUTHORIZED
    assert not lines
