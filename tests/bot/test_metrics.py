"""What Prometheus reads, who may read it, and the dashboard that shows it."""

import asyncio
import json
import re
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict
from prometheus_client.openmetrics import parser as openmetrics_parser
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.adapters import web_app
from bot.adapters.web_app.scrape import PROXIED, is_local
from bot.metrics import Metrics
from bot.record import Record
from core.requests import StripRequest
from tests.bot.conftest import BotProcess, on_telegram, running
from tests.conftest import ROOT
from tests.fakes.discord_server import DiscordServer
from tests.fakes.generators import GatedGenerator, serving
from tests.fakes.telegram_server import Telegram
from tests.waiting import until

Samples = dict[str, list[tuple[dict[str, str], float]]]
SELECTOR = re.compile(r"(\w+)\{([^}]*)\}")
BY_PROMETHEUS = {"job": "digit", "instance": "127.0.0.1:8080"}
"""The labels that it adds to each sample."""
FAMILY = re.compile("_(total|bucket|sum|count|created)$")
GROUPING = re.compile(r"by \(([^)]*)\)")


def read(text: str) -> Samples:
    """Every sample of a scrape, by its name."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def value(samples: Samples, name: str, **labels: str) -> float:
    """The sum of the samples that have these labels."""
    return sum(value for have, value in samples.get(name, []) if labels.items() <= have.items())


async def scrape(bot: BotProcess) -> Samples:
    """What a Prometheus on the same machine reads."""
    async with aiohttp.ClientSession() as client, client.get(bot.address + "/metrics") as response:
        assert response.status == 200
        return read(await response.text())


async def scrape_until(bot: BotProcess, answers: int) -> Samples:
    """What it reads once so many requests are done with."""

    async def counted() -> Samples | None:
        samples = await scrape(bot)
        return samples if value(samples, "digit_requests_total") >= answers else None

    return await until(counted)


async def _is_out(bot: BotProcess, adapter: str) -> bool:
    return value(await scrape(bot), "digit_adapter_ready", adapter=adapter) == 0


async def asked_everywhere(bot: BotProcess, discord: DiscordServer, telegram: Telegram) -> Samples:
    """The metrics after one strip on each platform and one bad request on the page."""
    await discord.online()
    await discord.command("digit", digit="4")
    await telegram.say("/digit 4")
    await telegram.next("sendPhoto")
    async with aiohttp.ClientSession() as client:
        await client.get(bot.address + "/digit/4.png")
        await client.get(bot.address + "/digit/44.png")
    return await scrape_until(bot, 4)


async def test_a_scrape_tells_what_was_asked(new_telegram: Telegram) -> None:
    """Requests by platform, command and outcome, each with its time, adapters, version and memory are all there."""
    async with DiscordServer() as discord, on_telegram(new_telegram, **discord.settings) as bot:
        samples = await asked_everywhere(bot, discord, new_telegram)
        for platform in ("discord", "telegram", "web"):
            ends = {"platform": platform, "command": "digit", "outcome": "drawn"}
            assert value(samples, "digit_requests_total", **ends) == 1
        assert value(samples, "digit_requests_total", platform="web", outcome="bad_request") == 1
        assert value(samples, "digit_answer_seconds_count", platform="web") == 2
        assert value(samples, "digit_generation_seconds_count") == value(samples, "digit_queue_seconds_count") == 3
        assert 0 < value(samples, "digit_generation_seconds_sum") < value(samples, "digit_answer_seconds_sum")
        assert samples["digit_queue_depth"] == [({}, 0)]
        ready = {labels["adapter"]: ready for labels, ready in samples["digit_adapter_ready"]}
        assert ready == {"discord": 1, "telegram": 1}
        assert samples["digit_build_info"] == [({"version": __version__, "model": "cgan"}, 1)]
        assert value(samples, "process_resident_memory_bytes") > 10_000_000
        await new_telegram.revoke()
        await until(lambda: _is_out(bot, "telegram"))
        assert value(await scrape(bot), "digit_adapter_ready", adapter="discord") == 1


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


async def test_what_is_no_request_for_a_digit_is_not_counted() -> None:
    """Health checks, scrapes, the page and its parts do not drown what people ask for."""
    async with running() as bot, aiohttp.ClientSession() as client:
        for path in ("/healthz", "/readyz", "/metrics", "/", "/static/page.js", "/models", "/nothing"):
            await client.get(bot.address + path)
        assert value(await scrape(bot), "digit_requests_total") == 0


async def test_prometheus_gets_the_format_that_it_asks_for() -> None:
    """With OpenMetrics in its Accept header it gets that, and otherwise the plain text."""
    service = serving(GatedGenerator(), queue=1)
    async with TestClient(TestServer(web_app.create(service, Record(Metrics())))) as client:
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
    metrics.watch(service, ())
    async with TestClient(TestServer(web_app.create(service, Record(metrics)))) as client:
        waiting = [asyncio.create_task(service.draw(StripRequest(4))) for _ in range(3)]
        await asyncio.sleep(0)
        assert (await client.get("/digit/4.png")).status == 503
        samples = read(await (await client.get("/metrics")).text())
        assert not any(task.done() for task in waiting)
        assert samples["digit_queue_depth"] == [({}, 3)]
        assert value(samples, "digit_requests_total", outcome="overloaded") == 1
        slow.gate.set()
        await asyncio.gather(*waiting)
    await service.close()


@pytest.mark.parametrize("header", [*PROXIED, "Host"])
async def test_a_proxy_on_this_machine_gives_nothing_away(header: str) -> None:
    """To whoever comes through a proxy there are no metrics, unless the operator wants that."""
    for for_all, status in ((False, 404), (True, 200)):
        service = serving(GatedGenerator(), queue=1)
        app = web_app.create(service, Record(Metrics()), metrics_for_all=for_all)
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
    """A client counts as local by where it comes from and what it asks for, in either version of IP."""
    request: Any = SimpleNamespace(remote=remote, host=host, headers=CIMultiDict())
    assert is_local(request) is local


async def test_everybody_may_read_where_the_operator_says_so() -> None:
    """DIGIT_METRICS opens the metrics, and without it they are there for this machine alone."""
    through_a_proxy = {"X-Forwarded-For": "192.0.2.1"}
    for settings, status in (({"DIGIT_METRICS": "true"}, 200), ({}, 404)):
        async with running(**settings) as bot, aiohttp.ClientSession() as client:
            assert (await client.get(bot.address + "/metrics", headers=through_a_proxy)).status == status
            assert (await client.get(bot.address + "/metrics")).status == 200


async def test_the_dashboard_shows_what_there_is(new_telegram: Telegram) -> None:
    """Every expression of the dashboard finds each of its metrics, with the labels that it groups them by."""
    dashboard = json.loads((ROOT / "deploy" / "grafana.json").read_text())
    targets = [target for panel in dashboard["panels"] for target in panel.get("targets", [])]
    async with DiscordServer() as discord, on_telegram(new_telegram, **discord.settings) as bot:
        samples = await asked_everywhere(bot, discord, new_telegram)
    assert len(targets) >= 8
    for expression in (target["expr"] for target in targets):
        selected = SELECTOR.findall(expression)
        assert selected, expression
        for name, conditions in selected:
            assert name in samples, expression
            assert conditions == 'job=~"$job"'
            labels = samples[name][0][0] | BY_PROMETHEUS
            for grouping in GROUPING.findall(expression):
                assert {label.strip() for label in grouping.split(",")} <= labels.keys(), expression
    shown = {FAMILY.sub("", name) for target in targets for name, _ in SELECTOR.findall(target["expr"])}
    assert {FAMILY.sub("", name) for name in samples if name.startswith("digit_")} == {
        name for name in shown if name.startswith("digit_")
    }
