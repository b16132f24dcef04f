"""Fuzzing of the web server: whatever comes in, nothing fails, and the log holds no traceback."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from logging.handlers import BufferingHandler
from urllib.parse import quote_from_bytes

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters import web_requests
from bot.adapters.telegram import webhook
from bot.adapters.web import connections
from bot.adapters.web.app import create
from bot.commands import registry
from core.catalog import Catalog
from core.hand_service import HandService
from core.handwriting import HandReader
from tests.bot.adapters.web.conftest import LINES, Platform, conversation, knock, listening
from tests.core.imaging.test_scanning import drawn, file_of
from tests.fakes.generators import GatedGenerator, serving
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

FUZZ = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SECRET = "s" * 64
ROOTS = [
    "",
    "static",
    "static/chat.js",
    "api/chat",
    "api/hand",
    "telegram",
    "metrics",
    "models",
    "healthz",
    "readyz",
    "curve.png",
]
ROOTS += [command.name for command in registry.picture_commands()]
OPTIONS = sorted({option.name for command in registry.picture_commands() for option in command.options})
ROUGH = [b"\xff", b"\x80", b"\x00", b"%", b"\r", b"\n", b":", b",", b";", b"=", b'"', b"\xed\xa0\x80", b"9" * 5000]
HEADERS = b"""
Accept Accept-Encoding Accept-Language Authorization Content-Encoding Content-Length Content-Type Cookie
Expect Forwarded Host If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since Keep-Alive Origin Range
Transfer-Encoding Upgrade X-Forwarded-For X-Telegram-Bot-Api-Secret-Token
""".split()
DATE = b"Wed, 21 Oct 20150000000000000000 07:28:00 GMT"
KNOWN = b"""
gzip deflate br chunked close keep-alive upgrade 100-continue * bytes=1- localhost 127.0.0.1 [::1]:80 1.2.3.4:5
application/json;charset=x text/plain;version= application/openmetrics-text;version= de-DE;q=0.5 W/"x"
""".split()
KNOWN += [SECRET.encode(), DATE]

rough = st.lists(st.sampled_from(ROUGH) | st.binary(max_size=8), max_size=4).map(b"".join)
"""Bytes that something is likely to stumble over."""
words = st.lists(st.sampled_from(KNOWN) | rough, max_size=3).map(b"".join)
line_free = words.map(lambda value: value.translate(None, b"\r\n\0"))
percent = rough.map(lambda value: quote_from_bytes(value[:2000]).encode())
digits = st.text("0123456789 -:/.,+", max_size=12).map(lambda text: quote_from_bytes(text.encode()).encode())
paths = st.builds(
    lambda root, parts, end: b"/" + b"/".join([root.encode(), *parts]) + end,
    st.sampled_from(ROOTS),
    st.lists(digits | percent, max_size=3),
    st.sampled_from([b"", b".png", b".gif", b".zip", b".jpg", b"?"]),
)
queries = st.lists(
    st.tuples(st.sampled_from([*OPTIONS, "q", "original", "name[]", ""]).map(str.encode), digits | percent), max_size=3
).map(lambda pairs: b"&".join(b"=".join(pair) for pair in pairs))
headers = st.lists(st.tuples(st.sampled_from(HEADERS), line_free), max_size=5)
PHOTO = file_of(drawn(4, 14))
photos = st.builds(
    lambda start, end, inserted: PHOTO[:start] + inserted + PHOTO[end:],
    st.integers(0, len(PHOTO)),
    st.integers(0, len(PHOTO)),
    rough,
)
bodies = (
    photos
    | rough
    | st.sampled_from([b'{"text": "%s"}' % line.encode() for line in LINES])
    | st.just(b'{"update_id": 1}')
)


class Site:
    """A bot that draws at once, and all that fails meanwhile.

    Args:
        port: it listens on.
        faults: collects what asyncio logs.
    """

    def __init__(self, port: int, faults: BufferingHandler) -> None:
        self._port = port
        self._faults = faults

    async def answer(self, data: bytes) -> bytes:
        """Send a request; returns all that comes back until the bot ends the connection."""
        with self._nothing_fails():
            answer = await knock(self._port, data)
            assert not re.search(rb"^HTTP/1.. 5", answer, re.MULTILINE)
        return answer

    async def endure(self, data: bytes) -> None:
        """Send bytes, hang up, and wait until the bot is done with them."""
        tasks = asyncio.all_tasks()
        with self._nothing_fails():
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(data)
            writer.close()
            assert b" 200 OK" in await knock(self._port, request(b"GET", b"/healthz", []))
            await until(lambda: asyncio.all_tasks() <= tasks)

    @contextmanager
    def _nothing_fails(self) -> Iterator[None]:
        with capture_logs() as lines:
            yield
        assert not [line for line in lines if line["log_level"] in ("warning", "error")]
        assert not self._faults.buffer


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site(catalog: Catalog) -> AsyncIterator[Site]:
    """One bot for all examples, with the endpoint of Telegram's webhook, that waits for nobody long."""
    generator, faults = GatedGenerator(), BufferingHandler(capacity=1000)
    generator.gate.set()
    service, reader = serving(generator, queue=50), HandReader.of(catalog)
    assert reader is not None
    hands = HandService(reader)
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    route = webhook.route(SECRET, lambda update: update["update_id"] and done)
    telegram = Platform("telegram", ready=True, routes=[route])
    proxies = [ip_network("127.0.0.1")]
    app = create(conversation(service, hands=hands), [telegram], proxies=proxies, metrics_for_all=True)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(web_requests, "BODY_SECONDS", 0.05)
        monkeypatch.setattr(connections, "LINGERING_SECONDS", 0.05)
        logging.getLogger("asyncio").addHandler(faults)
        async with listening(app) as port:
            yield Site(port, faults)
        logging.getLogger("asyncio").removeHandler(faults)
    await hands.close()
    await service.close()


def request(method: bytes, target: bytes, fields: list[tuple[bytes, bytes]], body: bytes = b"") -> bytes:
    """A request, after which the connection ends; host and length of its body are there unless a field has others."""
    names = {name for name, _ in fields}
    more = [(b"Host", b"localhost"), (b"Content-Length", b"%d" % len(body)), (b"Connection", b"close")]
    fields = [*fields, *((name, value) for name, value in more if name not in names)]
    lines = [method + b" " + target + b" HTTP/1.1", *(name + b": " + value for name, value in fields)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@FUZZ
@given(path=paths, query=queries)
@example(b"/static/" + 300 * b"a", b"")
async def test_no_path_and_no_query_fails(site: Site, path: bytes, query: bytes) -> None:
    """Each address is answered, with a picture, a file or a sentence."""
    assert (await site.answer(request(b"GET", path + b"?" + query, []))).startswith(b"HTTP/1.1 ")


@FUZZ
@given(path=paths, fields=headers)
@example(b"/", [(b"Host", b"\xff")])
@example(b"/static/chat.js", [(b"If-Modified-Since", DATE)])
@example(b"/nothing", [(b"Expect", b"\xff")])
@example(b"/metrics", [(b"Accept", b"application/openmetrics-text; version=\xff")])
async def test_no_header_fails(site: Site, path: bytes, fields: list[tuple[bytes, bytes]]) -> None:
    """Whatever stands in a header, the request is answered or refused."""
    assert (await site.answer(request(b"GET", path, fields))).startswith(b"HTTP/1.")


@FUZZ
@given(path=st.sampled_from([b"/api/chat", b"/api/hand", b"/telegram"]), fields=headers, body=bodies)
@example(b"/api/chat", [(b"Content-Encoding", b"gzip")], b"nonsense")
@example(b"/api/hand", [(b"Content-Encoding", b"gzip")], PHOTO)
@example(b"/telegram", [(b"X-Telegram-Bot-Api-Secret-Token", b"\xff")], b"{}")
async def test_no_body_fails(site: Site, path: bytes, fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Whatever is posted, however it is declared, is answered or refused."""
    secret = (b"X-Telegram-Bot-Api-Secret-Token", SECRET.encode())
    assert (await site.answer(request(b"POST", path, [*fields, secret], body))).startswith(b"HTTP/1.")


@FUZZ
@given(data=st.lists(st.sampled_from([b"GET / HTTP/1.1\r\n", b"Host: x\r\n", b"\r\n"]) | words))
@example([b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"])
async def test_no_bytes_fail(site: Site, data: list[bytes]) -> None:
    """Bytes that are no HTTP, or nearly are, and a client that is gone, do nobody any harm."""
    await site.endure(b"".join(data))
