"""Progress of a run, for people: a bar or lines, and durations."""

import logging
import time
from collections.abc import Callable
from typing import Self

from tqdm import tqdm

logger = logging.getLogger(__name__)

LINE_SECONDS = 30.0
"""Between two lines of progress: the log of a run of hours stays short."""


class Progress:
    """Progress of a run: a bar on a terminal, and elsewhere a line every LINE_SECONDS."""

    def __init__(self, step: int, steps: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._bar = tqdm(total=steps, initial=step, unit="step", disable=None)
        self._first, self._step, self._steps, self._clock = step, step, steps, clock
        self._began = self._line = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def rate(self) -> float:
        """Steps per second since the command started."""
        return (self._step - self._first) / max(self._clock() - self._began, 1e-9)

    def update(self, step: int) -> None:
        """Show the number of steps taken."""
        self._step = step
        self._bar.update()
        now = self._clock()
        if self._bar.disable and now - self._line >= LINE_SECONDS:
            self._line = now
            left = duration((self._steps - step) / self.rate())
            logger.info("step %s of %s, %.2f a second, %s to go", f"{step:,}", f"{self._steps:,}", self.rate(), left)


def duration(seconds: float) -> str:
    """Return a duration for people, such as `1 h 35 min`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
