"""The metrics endpoint: the formats that it speaks, and the clients that may read it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict
from prometheus_client.openmetrics import parser as openmetrics_parser

from bot.adapters.web.app import create
from bot.adapters.web.metrics import PROXY_HEADERS, is_local
from bot.telemetry.metrics import Metrics
from core.pictures.strip import StripRequest
from tests.bot.adapters.web.conftest import conversation
from tests.bot.conftest import running
from tests.fakes.generators import GatedGenerator, serving
from tests.scrapes import read, scrape, value


async def test_prometheus_gets_the_format_that_it_asks_for() -> None:
    """With OpenMetrics in its Accept header it gets that, and otherwise the plain text."""
    service = serving(GatedGenerator(), queue=1)
    async with TestClient(TestServer(create(conversation(service)))) as client:
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
    async with TestClient(TestServer(create(conversation(service, metrics=metrics)))) as client:
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


@pytest.mark.parametrize("header", [*PROXY_HEADERS, "Host"])
async def test_a_proxy_on_this_machine_gives_nothing_away(header: str) -> None:
    """To a client behind a proxy there are no metrics, unless the operator wants that."""
    for for_all, status in ((False, 404), (True, 200)):
        service = serving(GatedGenerator(), queue=1)
        app = create(conversation(service), metrics_for_all=for_all)
        async with TestClient(TestServer(app)) as client:
            response = await client.get("/metrics", headers={header: "digits.example.org"})
            assert response.status == status
            if status == 404:
                assert list(await response.json()) == ["error"]
        await service.close()


@pytest.mark.parametrize(
    ("remote", "host", "local"),
    [
        ("127.0.0.1", "127.0.0.1:8080", True),
        ("127.0.0.2", "localhost:8080", True),
        ("::1", "[::1]:8080", True),
        ("::1", "[::1]", True),
        ("::ffff:127.0.0.1", "localhost", True),
        ("192.0.2.1", "127.0.0.1:8080", False),
        ("::ffff:192.0.2.1", "localhost", False),
        ("2001:db8::1", "[::1]:8080", False),
        ("127.0.0.1", "digits.example.org", False),
        ("127.0.0.1", "127.0.0.1.example.org", False),
        ("127.0.0.1", "[::1", False),
        ("127.0.0.1", "", False),
        ("", "localhost", False),
        (None, "localhost", False),
    ],
)
def test_this_machine_is_told_from_others(remote: str | None, host: str, local: bool) -> None:
    """A client counts as local by its address and by the host that it asks for, in either version of IP."""
    request: Any = SimpleNamespace(remote=remote, host=host, headers=CIMultiDict())
    assert is_local(request) is local


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


async def test_everybody_may_read_where_the_operator_says_so() -> None:
    """DIGIT_METRICS opens the metrics, and without it they are there for this machine alone."""
    through_a_proxy = {"X-Forwarded-For": "192.0.2.1"}
    for settings, status in (({"DIGIT_METRICS": "true"}, 200), ({}, 404)):
        async with running(**settings) as bot, aiohttp.ClientSession() as client:
            assert (await client.get(bot.address + "/metrics", headers=through_a_proxy)).status == status
            assert (await client.get(bot.address + "/metrics")).status == 200
