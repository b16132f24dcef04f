"""One record of every request: a log line and the metrics, the same on each platform.

It says what kind of thing was asked and how that ended. It names nobody, and of what was typed it keeps
a single digit at most: a number, or the digits of a morph, may be somebody's own.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

from bot import commands
from bot.commands import Request
from bot.metrics import Metrics
from core.errors import BadRequest, DigitError
from core.requests import CompareRequest, DrawRequest, Picture, StripRequest

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("record")

UNREAD = "unknown"
"""The command of a request that could not be read."""
DRAWN, TOLD, UNDELIVERED, GIVEN_UP, ERROR = "drawn", "told", "undelivered", "given_up", "error"
"""How a request ends, unless an error of ours names it; see `outcome_of`."""

_ARRIVED: ContextVar[float | None] = ContextVar("arrived", default=None)


def arrived() -> None:
    """Time the request that this task will answer from now on, though it may have to wait for its turn."""
    _ARRIVED.set(time.perf_counter())


def outcome_of(error: BaseException) -> str:
    """What ended a request, in a word: `bad_request`, `overloaded`, `too_soon`, as the class of the error is called."""
    match error:
        case BadRequest():
            return "bad_request"
        case DigitError():
            return re.sub("(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
        case asyncio.CancelledError():
            return GIVEN_UP
    return ERROR


class Entry:
    """What is known of one request so far.

    Args:
        undelivered: errors which mean that a platform did not take the answer.
    """

    def __init__(self, undelivered: tuple[type[Exception], ...] = ()) -> None:
        self._undelivered = undelivered
        self._asked: Request | None = None
        self._pictures: tuple[Picture, ...] = ()
        self._failure: str | None = None

    def asks(self, request: Request) -> None:
        """Note what is asked for."""
        self._asked = request

    def drew(self, *pictures: Picture) -> None:
        """Note what it was answered with."""
        self._pictures = pictures

    def failed(self, error: BaseException) -> None:
        """Note why nothing was drawn; what comes after that counts only if the person does not even learn so."""
        if isinstance(error, self._undelivered):
            self._failure = UNDELIVERED
        elif self._failure is None:
            self._failure = outcome_of(error)

    @property
    def command(self) -> str:
        """What was asked for, without its words."""
        match self._asked:
            case None:
                return UNREAD
            case DrawRequest():
                return commands.command_of(self._asked).name
        return self._asked.value

    @property
    def outcome(self) -> str:
        """How it ended."""
        return self._failure or (DRAWN if self._pictures else TOLD)

    @property
    def details(self) -> dict[str, object]:
        """Enough to draw it again where that is nobody's own; of several pictures only what they share."""
        (picture,) = self._pictures if len(self._pictures) == 1 else (None,)
        asked = picture.request if picture else self._asked
        details: dict[str, object] = {}
        if isinstance(asked, StripRequest | CompareRequest) and asked.digit is not None:
            details["digit"] = asked.digit
        if isinstance(asked, DrawRequest):
            details["form"] = asked.form.value
        if picture:
            models = getattr(picture.request, "models", None) or [getattr(picture.request, "model", None)]
            details |= {"seed": picture.seed, "models": list(models)}
        return details


class Record:
    """Keeps the record of every request.

    Args:
        metrics: count them.
    """

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics

    @contextmanager
    def request(self, platform: str, *undelivered: type[Exception]) -> Iterator[Entry]:
        """Record a request, from here until its answer is sent; an error that passes is noted, and passes on.

        Args:
            platform: where it was asked.
            undelivered: errors which mean that the platform did not take the answer.
        """
        began = _ARRIVED.get() or time.perf_counter()
        entry = Entry(undelivered)
        try:
            yield entry
        except BaseException as error:
            entry.failed(error)
            raise
        finally:
            self._close(platform, entry, time.perf_counter() - began)

    def _close(self, platform: str, entry: Entry, seconds: float) -> None:
        self.metrics.answered(platform, entry.command, entry.outcome, seconds)
        milliseconds = round(1000 * seconds, 1)
        fields = {"platform": platform, "command": entry.command} | entry.details
        logger.info("request", **fields, milliseconds=milliseconds, outcome=entry.outcome)
