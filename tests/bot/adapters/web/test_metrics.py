"""The metrics endpoint: the formats that it speaks, and the clients that may read it."""

import asyncio

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.openmetrics import parser as openmetrics_parser

from bot.adapters.web.app import create
from bot.telemetry.metrics import Metrics
from core.pictures.strip import StripRequest
from tests.bot.adapters.web.conftest import conversation, knock, listening
from tests.bot.conftest import running
from tests.fakes.generators import GatedGenerator, serving
from tests.scrapes import read, scrape, value

TOKEN = "a-token-for-prometheus"  # noqa: S105  of the test


async def test_prometheus_gets_the_format_that_it_asks_for() -> None:
    """With OpenMetrics in its Accept header it gets that, and otherwise the plain text."""
    service = serving(GatedGenerator(), queue=1)
    async with TestClient(TestServer(create(conversation(service), metrics_for_all=True))) as client:
        accept = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"}
        modern, plain = await client.get("/metrics", headers=accept), await client.get("/metrics")
        assert modern.content_type == "application/openmetrics-text"
        assert list(openmetrics_parser.text_string_to_metric_families(await modern.text()))
        assert plain.content_type == "text/plain"
        assert read(await plain.text())
    await service.close()


async def test_a_scrape_waits_for_nobody() -> None:
    """While the queue is full and nothing is drawn, a scrape is answered and tells how many wait and are refused."""
    slow = GatedGenerator()
    metrics = Metrics()
    service = serving(slow, queue=3)
    metrics.watch(service, {})
    async with TestClient(TestServer(create(conversation(service, metrics=metrics), metrics_for_all=True))) as client:
        waiting = [asyncio.create_task(service.draw(StripRequest(4), flow=("web", "127.0.0.1"))) for _ in range(3)]
        await asyncio.sleep(0)
        assert (await client.get("/digit/4.png")).status == 503
        samples = read(await (await client.get("/metrics")).text())
        assert not any(task.done() for task in waiting)
        assert samples["digit_queue_depth"] == [({}, 3)]
        assert value(samples, "digit_requests_total", outcome="overloaded") == 1
        slow.gate.set()
        await asyncio.gather(*waiting)
    await service.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "digits.example.org"])
async def test_metrics_are_closed_by_default(host: str) -> None:
    """Whatever host a client names, and from this machine, as through a proxy on it: there is nothing."""
    service = serving(GatedGenerator(), queue=1)
    async with TestClient(TestServer(create(conversation(service)))) as client:
        response = await client.get("/metrics", headers={"Host": host})
        assert response.status == 404
        assert list(await response.json()) == ["error"]
    await service.close()


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer " + TOKEN, 200), ("Bearer " + TOKEN[:-1], 404), ("Bearer ", 404), (TOKEN, 404), ("Bearer ü", 404)],
)
async def test_a_token_opens_the_metrics(authorization: str, status: int) -> None:
    """Who brings the token of DIGIT_METRICS_TOKEN reads them, and nobody else, though they were open to everybody."""
    service = serving(GatedGenerator(), queue=1)
    app = create(conversation(service), metrics_token=TOKEN, metrics_for_all=True)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/metrics", headers={"Authorization": authorization})).status == status
        assert (await client.get("/metrics")).status == 404
    await service.close()


@pytest.mark.parametrize(
    "accept",
    [
        b"application/openmetrics-text; version=\xff",
        b"text/plain; version=1.x",
        b"text/plain; version=" + 4000 * b"9",
        b"text/plain; version=1.0.0; escaping=\xff",
    ],
)
async def test_a_format_that_is_none_is_plain_text(accept: bytes) -> None:
    """A scrape whose Accept header cannot be read gets the format that every Prometheus reads."""
    service = serving(GatedGenerator(), queue=1)
    async with listening(create(conversation(service), metrics_for_all=True)) as port:
        request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: " + accept
        header, _, text = (await knock(port, request + b"\r\n\r\n")).partition(b"\r\n\r\n")
    await service.close()
    assert header.startswith(b"HTTP/1.1 200 OK")
    assert read(text.decode())


async def test_the_log_and_the_metrics_agree() -> None:
    """Each request that is counted has its line, whatever became of it."""
    async with running() as bot, aiohttp.ClientSession() as client:
        for path in ("/digit/4.png", "/digit/x.png", "/number/2026.png", "/morph/3/3.gif", "/compare/4.zip"):
            await client.get(bot.address + path)
        samples = await scrape(bot)
        await bot.stop()
    lines = sorted((line["platform"], line["command"], line["outcome"]) for line in bot.requests())
    counted = [
        (labels["platform"], labels["command"], labels["outcome"])
        for labels, count in samples["digit_requests_total"]
        for _ in range(int(count))
    ]
    assert len(lines) == 5
    assert sorted(counted) == lines


async def test_only_requests_for_digits_are_counted() -> None:
    """Health checks, scrapes, the page and its parts do not drown what people ask for."""
    async with running() as bot, aiohttp.ClientSession() as client:
        for path in ("/healthz", "/readyz", "/metrics", "/", "/static/chat.js", "/models", "/nothing"):
            await client.get(bot.address + path)
        assert value(await scrape(bot), "digit_requests_total") == 0


async def test_the_setting_of_the_token_wins() -> None:
    """With DIGIT_METRICS_TOKEN its holders read the metrics, though DIGIT_METRICS is set; no log line holds it."""
    async with running(DIGIT_METRICS="true", DIGIT_METRICS_TOKEN=TOKEN) as bot, aiohttp.ClientSession() as client:
        assert (await client.get(bot.address + "/metrics")).status == 404
        bearer = {"Authorization": "Bearer " + TOKEN}
        assert (await client.get(bot.address + "/metrics", headers=bearer)).status == 200
        await bot.stop()
    assert TOKEN not in "".join(bot.lines)
