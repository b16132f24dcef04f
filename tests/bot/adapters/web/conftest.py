"""The real web application on a socket."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import RouteDef
from playwright._impl._driver import compute_driver_executable
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.adapters.web.app import create
from bot.adapters.web.client_ip import Network
from bot.adapters.web.connections import create_runner
from bot.adapters.web.site import LimitedSite
from bot.commands import parser
from bot.conversation.pipeline import Conversation
from bot.limits.policy import RateLimits
from bot.limits.storage import LimitStorage
from bot.telemetry.metrics import Metrics
from bot.telemetry.request_log import RequestLog
from core.catalog import Catalog
from core.hand_service import HandService
from core.handwriting import HandReader
from core.pictures.base import PictureRequest
from core.service import DigitService
from tests import programs

Client = TestClient[web.Request, web.Application]
LINES = [
    "/digit 4 count=3 seed=7",
    "/number 1/2 seed=7",
    "/number 12:30 + 0.5 seed=7 style=ink",
    "/number 1/../2 seed=7",
    "/morph 3 8 seed=7",
    "/compare 4 seed=7 models=cgan,vae neat=80",
]
"""Lines whose pictures are the same each time."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name without HTTPS, as a bot in somebody's own network has one.
    "--host-resolver-rules=MAP digits.test 127.0.0.1",
]
BY_THE_BROWSER = re.compile("the server responded with a status|ERR_INTERNET_DISCONNECTED")
"""Lines that the browser itself writes, about a status of 4xx and while a test has taken its network away."""
HOSTILE = '"><script>alert(1)</script>'


# A busy machine is slow, not broken; an answer that is there is never waited for.
expect.set_options(timeout=30_000)


@dataclass
class Platform:
    """A chat platform that is connected or not."""

    name: str
    ready: bool
    routes: Sequence[RouteDef] = ()

    async def run(self) -> None:
        """Serve nobody."""

    async def close(self) -> None:
        """Disconnect nothing."""


def conversation(
    service: DigitService, address_limit: int = 0, metrics: Metrics | None = None, hands: HandService | None = None
) -> Conversation:
    """Return a conversation with one limit at most."""
    limits = RateLimits(LimitStorage(), address_limit=address_limit)
    return Conversation(service, limits, RequestLog(metrics or Metrics()), hands)


@asynccontextmanager
async def serving(
    catalog: Catalog,
    adapters: Sequence[Platform] = (),
    *,
    public_url: str | None = None,
    address_limit: int = 0,
    proxies: str | None = None,
) -> AsyncIterator[Client]:
    """Serve these models, read photos if they can, and yield a client."""
    service, reader = DigitService(catalog, queue=50), HandReader.of(catalog)
    hands = HandService(reader) if reader else None
    networks = [ip_network(proxies)] if proxies else []
    app = create(
        conversation(service, address_limit, hands=hands),
        adapters,
        public_url=public_url,
        proxies=networks,
        metrics_for_all=True,
    )
    async with TestClient(TestServer(app)) as client:
        yield client
    if hands:
        await hands.close()
    await service.close()


@asynccontextmanager
async def listening(app: web.Application, proxies: Sequence[Network] = ()) -> AsyncIterator[int]:
    """Serve an application as the process does, with its limits for connections, and yield the port."""
    runner = create_runner(app, drain_seconds=0.1)
    await runner.setup()
    try:
        await LimitedSite(runner, "127.0.0.1", 0, proxies).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def knock(port: int, data: bytes, client: str = "127.0.0.1") -> bytes:
    """Send bytes from an address of this machine; returns all that comes back before the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(client, 0))
    try:
        writer.write(data)
        return await reader.read()
    finally:
        writer.transport.abort()


@pytest.fixture
async def client(catalog: Catalog) -> AsyncIterator[Client]:
    """A client of the application as it is without settings."""
    async with serving(catalog) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(catalog: Catalog) -> AsyncIterator[str]:
    """A page with no limits, in this process."""
    async with serving(catalog) as client:
        yield str(client.make_url("/"))


def asked(line: str) -> PictureRequest:
    """Return the picture that a line asks for."""
    request = parser.parse(line)
    assert isinstance(request, PictureRequest)
    return request


async def say(client: Client, line: str, **headers: str) -> dict[str, Any]:
    """Return the chat's answer to a line."""
    response = await client.post("/api/chat", json={"text": line}, headers=headers)
    body: dict[str, Any] = await response.json()
    return body


async def sentence(response: ClientResponse) -> str:
    """Return the one sentence of an error."""
    assert response.content_type == "application/json"
    body = await response.json()
    assert list(body) == ["error"]
    assert "\n" not in body["error"]
    return str(body["error"])


@pytest.fixture(scope="module")
def program() -> str:
    """A browser on this machine, which Playwright can drive."""
    program = programs.CHROMIUM.path()
    # The driver needs a library that not every machine has.
    if subprocess.run([*compute_driver_executable(), "--version"], capture_output=True, check=False).returncode:
        programs.missing("libatomic, for Playwright", "apt-get install libatomic1")
    return program


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(program: str) -> AsyncIterator[Browser]:
    """A browser without traffic of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        await browser.close()


async def appeared(page: Page, selector: str) -> None:
    """Wait until an element is there, and look in each frame: `expect` looks after 0.1, 0.35, 0.85 and 1.85 s."""
    await page.wait_for_function("(selector) => document.querySelector(selector)", arg=selector, timeout=30_000)


@asynccontextmanager
async def fresh_page(browser: Browser, address: str, **options: Any) -> AsyncIterator[Page]:
    """Yield an empty page in a fresh browser session, in which nothing is an error to the browser.

    Args:
        browser: that all tests of a file share.
        address: of the server, which relative ones begin with.
        options: of `Browser.new_context`.
    """
    errors: list[str] = []
    async with await browser.new_context(base_url=address, **({"reduced_motion": "reduce"} | options)) as context:
        context.on("console", lambda message: errors.append(message.text))
        context.on("weberror", lambda error: errors.append(str(error.error)))
        yield await context.new_page()
    assert [error for error in errors if not BY_THE_BROWSER.search(error)] == []
