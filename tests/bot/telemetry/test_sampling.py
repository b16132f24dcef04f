"""Sampling: a flood of bad requests is a few lines and a count."""

from typing import Any

import pytest
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from bot.telemetry.metrics import Metrics
from bot.telemetry.request_log import RequestLog
from bot.telemetry.sampling import SAMPLE_LINES, SAMPLE_SECONDS, Sample
from core.catalog import Catalog
from core.errors import InvalidDigit
from core.pictures.base import draw
from core.pictures.strip import StripRequest
from core.walk import START


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def ask(log: RequestLog, times: int, platform: str = "web", *, drawn: bool = False) -> list[Any]:
    """Send so many requests, bad ones unless they are drawn; returns the lines."""
    with capture_logs() as lines:
        for _ in range(times):
            with log.request(platform) as entry:
                entry.offered() if drawn else entry.failed(InvalidDigit("x"))
    return lines


def test_a_flood_is_a_few_lines_and_the_metrics_count_it_all() -> None:
    """Of a thousand bad requests SAMPLE_LINES have a line, and the next minute begins with the count of the others."""
    clock, metrics = Clock(), Metrics()
    log = RequestLog(metrics, Sample(clock))
    assert [line["event"] for line in ask(log, 1000)] == ["request"] * SAMPLE_LINES
    clock.now += SAMPLE_SECONDS
    count, line = ask(log, 1)
    assert (count["event"], count["platform"], count["outcome"]) == ("more requests", "web", "bad_request")
    assert count["requests"] == 1000 - SAMPLE_LINES
    assert line["event"] == "request"
    counted = 'digit_requests_total{command="unknown",outcome="bad_request",platform="web"} 1001.0'
    assert counted in generate_latest(metrics.registry).decode()


def test_a_quiet_minute_has_every_line_and_no_count() -> None:
    """SAMPLE_LINES a minute are all there, minute for minute."""
    clock = Clock()
    log = RequestLog(Metrics(), Sample(clock))
    for _ in range(3):
        assert [line["event"] for line in ask(log, SAMPLE_LINES)] == ["request"] * SAMPLE_LINES
        clock.now += SAMPLE_SECONDS


def test_a_walk_is_a_few_lines_and_hides_no_picture(catalog: Catalog) -> None:
    """Of the steps of a walk SAMPLE_LINES have a line, and every picture beside them has its own."""
    log = RequestLog(Metrics(), Sample(Clock()))
    step, picture = (draw(catalog, StripRequest(4, 1, seed=7, walk=place)) for place in ((0.5, 0), START))
    with capture_logs() as lines:
        for drawn in (*[step] * 100, *[picture] * 100):
            with log.request("web") as entry:
                entry.drawn(drawn, {})
    assert len(lines) == SAMPLE_LINES + 100


@pytest.mark.parametrize(("platform", "drawn"), [("telegram", False), ("web", True)])
def test_a_flood_hides_nothing_else(platform: str, *, drawn: bool) -> None:
    """Another platform's bad requests and every picture still have their lines."""
    log = RequestLog(Metrics(), Sample(Clock()))
    ask(log, 1000)
    assert len(ask(log, 1, platform, drawn=drawn)) == 1
