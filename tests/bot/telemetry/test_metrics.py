"""Metrics: Prometheus reads every request, and the dashboard shows every metric."""

import json
import re

import aiohttp
import pytest

from bot import __version__
from bot.telemetry.metrics import Metrics
from tests.bot.conftest import BotProcess, on_telegram
from tests.conftest import ROOT
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import Telegram
from tests.scrapes import Samples, scrape, value
from tests.waiting import until

SELECTOR = re.compile(r"(\w+)\{([^}]*)\}")
BY_PROMETHEUS = {"job": "digit", "instance": "127.0.0.1:8080"}
"""The labels that it adds to each sample."""
FAMILY = re.compile("_(total|bucket|sum|count|created)$")
GROUPING = re.compile(r"by \(([^)]*)\)")


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


BUCKETS = "0.001 0.002 0.003 0.005 0.01 0.02 0.03 0.05 0.1 0.2 0.5 1.0 2.0 3.0 5.0 10.0 +Inf"
"""Of version 0.2: somebody's dashboard asks for them by name."""


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
        assert [labels["le"] for labels, _ in samples["digit_generation_seconds_bucket"]] == BUCKETS.split()
        ready = {labels["adapter"]: ready for labels, ready in samples["digit_adapter_ready"]}
        assert ready == {"discord": 1, "telegram": 1}
        assert samples["digit_build_info"] == [({"version": __version__, "model": "cgan"}, 1)]
        assert value(samples, "process_resident_memory_bytes") > 10_000_000
        await new_telegram.revoke()
        await until(lambda: _is_out(bot, "telegram"))
        assert value(await scrape(bot), "digit_adapter_ready", adapter="discord") == 1


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


def test_waiting_counts_as_waiting_and_drawing_as_drawing() -> None:
    """A picture that waited for three seconds and was drawn in one adds each to its own sum."""
    metrics = Metrics()
    metrics.drawn(3.0, 1.0)
    metrics.drawn(0.5, 0.25)
    found = {name: metrics.registry.get_sample_value(f"digit_{name}_seconds_sum") for name in ("queue", "generation")}
    assert found == pytest.approx({"queue": 3.5, "generation": 1.25})
    assert metrics.registry.get_sample_value("digit_queue_seconds_count") == 2
