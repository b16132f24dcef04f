"""Progress: a line now and then where no terminal shows a bar."""

import pytest

from training.progress import LINE_SECONDS, Progress, duration


def test_lines_come_at_most_so_often(caplog: pytest.LogCaptureFixture) -> None:
    """Of a hundred steps of a second each only some are logged, with a rate and an estimate that are right."""
    caplog.set_level("INFO")
    seconds = 0.0
    with Progress(1000, 4600, clock=lambda: seconds) as progress:
        for step in range(1001, 1101):
            seconds += 1
            progress.update(step)
    assert len(caplog.messages) == 100 // LINE_SECONDS
    assert caplog.messages[-1] == "step 1,090 of 4,600, 1.00 a second, 58 min to go"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(29, "less than a minute"), (31, "1 min"), (3569, "59 min"), (3571, "1 h 00 min"), (5700, "1 h 35 min")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    """Minutes, and hours where there are any."""
    assert duration(seconds) == text
