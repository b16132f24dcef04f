"""Threads: as many as pay, which is measured."""

import pytest

from training import pace


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ({1: 1.0}, 1),
        ({1: 1.0, 2: 0.6}, 2),
        ({1: 1.0, 2: 2.6}, 1),
        ({1: 1.0, 2: 0.95}, 1),
        ({1: 1.0, 2: 0.6, 4: 0.4, 6: 0.3}, 6),
        ({1: 1.0, 2: 0.6, 4: 0.58, 8: 0.1}, 2),
    ],
)
def test_threads_are_doubled_while_that_pays(seconds: dict[int, float], expected: int) -> None:
    """A busy machine gets one thread, an idle one all, and a large one as many as it gains from."""
    assert pace.fastest_threads(seconds.__getitem__, max(seconds)) == (expected, seconds[expected])


@pytest.mark.parametrize("steps", [13_500, 3_000, 25_000])
def test_a_measurement_meets_all_kinds_of_steps(steps: int) -> None:
    """Half of its steps are of the second half of a run, and one in eight is one of those that cost more."""
    taken: list[int] = []

    def training_step(step: int) -> float:
        taken.append(step)
        return 0.0

    assert pace.seconds_a_step(training_step, steps, least=0) >= 0
    _, *measured = taken
    assert len(measured) == pace.MEASURED_STEPS
    assert sum(step >= steps / 2 for step in measured) == 4
    assert [step % 8 for step in measured].count(0) == 1
