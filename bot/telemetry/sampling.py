"""Sampling of request log lines: bad requests and refusals pass no limit, and must not fill a disk."""

import time
from collections import Counter
from collections.abc import Callable

import structlog

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("record")

SAMPLE_LINES, SAMPLE_SECONDS = 60, 60.0
"""Lines in so many seconds for each platform and outcome; at 190 bytes a line one client could write 45 GB a day."""


class Sample:
    """Decides which requests get a line, and logs how many got none; the metrics count them all.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends = clock()
        self._requests: Counter[tuple[str, str]] = Counter()

    def takes(self, platform: str, outcome: str) -> bool:
        """Return whether a request gets a line; the first one after a window logs the counts of the window."""
        if self._clock() >= self._ends:
            self._report()
        self._requests[platform, outcome] += 1
        return self._requests[platform, outcome] <= SAMPLE_LINES

    def _report(self) -> None:
        requests, self._requests = self._requests, Counter()
        self._ends = self._clock() + SAMPLE_SECONDS
        for (platform, outcome), count in requests.items():
            if count > SAMPLE_LINES:
                logger.info("more requests", platform=platform, outcome=outcome, requests=count - SAMPLE_LINES)
