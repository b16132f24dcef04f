"""The request log: log lines and metrics of requests, the same on each platform.

A line holds the command and its outcome. It names nobody, and of the typed words it keeps a single digit at most:
a number, or the digits of a morph, may be somebody's own.
"""

import asyncio
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

from bot.telemetry.metrics import Metrics
from bot.telemetry.sampling import Sample
from core.errors import BadRequest, DigitError
from core.pictures.base import Picture, PictureRequest

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("record")

UNREAD = "unknown"
"""The command of a line that could not be read."""
DRAWN, TOLD, UNDELIVERED, GIVEN_UP, ERROR = "drawn", "told", "undelivered", "given_up", "error"
"""Outcomes of a request without an error of ours; see `outcome_of` for the others."""

_received: ContextVar[float | None] = ContextVar("received", default=None)


def mark_received() -> None:
    """Count the time of this task's request from now on, though it may have to wait for its turn."""
    _received.set(time.perf_counter())


def outcome_of(error: BaseException) -> str:
    """Return the outcome that an error stands for: `bad_request`, `overloaded`, `too_soon`."""
    match error:
        case BadRequest():
            return "bad_request"
        case DigitError():
            named: str | None = getattr(error, "outcome", None)
            return named or re.sub("(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
        case asyncio.CancelledError():
            return GIVEN_UP
    return ERROR


class Entry:
    """The entry of one request.

    Args:
        undelivered: errors which mean that a platform did not take the answer.

    Attributes:
        command: the name of the command.
    """

    def __init__(self, undelivered: tuple[type[Exception], ...] = ()) -> None:
        self.command = UNREAD
        self._undelivered = undelivered
        self._fields: dict[str, object] = {}
        self._drawn = False
        self._step = False
        self._failure: str | None = None

    def asked(self, command: str, request: PictureRequest | None, fields: Mapping[str, object]) -> None:
        """Note the request.

        Args:
            command: its name.
            request: for a picture.
            fields: of the request, safe to log.
        """
        self.command = command
        self._fields = dict(fields) | ({"form": request.form.value} if request else {})

    def drawn(self, picture: Picture, fields: Mapping[str, object]) -> None:
        """Note the picture of the answer, with the fields of its settled request."""
        self._drawn = True
        self._step = picture.request.is_step
        form, models = picture.request.form.value, list(picture.request.model_names)
        self._fields = {**fields, "form": form, "seed": picture.seed, "models": models}

    def offered(self) -> None:
        """Note that pictures were offered to choose from."""
        self._drawn = True

    def failed(self, error: BaseException) -> None:
        """Note an error; a later one replaces it only if the error message could not be delivered."""
        if isinstance(error, self._undelivered):
            self._failure = UNDELIVERED
        elif self._failure is None:
            self._failure = outcome_of(error)

    @property
    def outcome(self) -> str:
        """The outcome so far."""
        return self._failure or (DRAWN if self._drawn else TOLD)

    @property
    def is_sampled(self) -> bool:
        """Whether only some of its kind get a line: limits bound the pictures, and let many steps of a walk pass."""
        return self._step or self.outcome != DRAWN

    @property
    def fields(self) -> dict[str, object]:
        """The fields of the log line: enough to draw the picture again where that is nobody's own."""
        return {"command": self.command, **self._fields}


class RequestLog:
    """Counts every request, and logs each that drew a picture and a sample of the others.

    Args:
        metrics: count them.
        sample: of the others.
    """

    def __init__(self, metrics: Metrics, sample: Sample | None = None) -> None:
        self.metrics = metrics
        self._sample = sample or Sample()

    @contextmanager
    def request(self, platform: str, undelivered: Sequence[type[Exception]] = ()) -> Iterator[Entry]:
        """Log a request from here until its answer is sent; an error that passes is noted, and passes on.

        Args:
            platform: the platform of the request.
            undelivered: errors which mean that the platform did not take the answer.
        """
        began = _received.get() or time.perf_counter()
        entry = Entry(tuple(undelivered))
        try:
            yield entry
        except BaseException as error:
            entry.failed(error)
            raise
        finally:
            self._close(platform, entry, time.perf_counter() - began)

    def _close(self, platform: str, entry: Entry, seconds: float) -> None:
        self.metrics.answered(platform, entry.command, entry.outcome, seconds)
        if entry.is_sampled and not self._sample.takes(platform, entry.outcome):
            return
        milliseconds = round(1000 * seconds, 1)
        logger.info("request", platform=platform, **entry.fields, milliseconds=milliseconds, outcome=entry.outcome)
