"""Times in the metrics: what waits is told apart from what is drawn."""

import pytest

from bot.telemetry.metrics import Metrics


def test_waiting_counts_as_waiting_and_drawing_as_drawing() -> None:
    """A picture that waited for three seconds and was drawn in one adds each to its own sum."""
    metrics = Metrics()
    metrics.drawn(3.0, 1.0)
    metrics.drawn(0.5, 0.25)
    found = {name: metrics.registry.get_sample_value(f"digit_{name}_seconds_sum") for name in ("queue", "generation")}
    assert found == pytest.approx({"queue": 3.5, "generation": 1.25})
    assert metrics.registry.get_sample_value("digit_queue_seconds_count") == 2
