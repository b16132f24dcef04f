"""The generation service: a bounded queue in front of one worker thread that draws."""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from core.catalog import Catalog
from core.drawing import chosen, draw
from core.errors import Closed, Overloaded
from core.requests import DrawRequest, Picture

PATIENCE = 2.5
"""Seconds that a request may expect to wait, unless who asks has more patience."""
SMOOTHING = 0.1

Observer = Callable[[float, float], None]
"""Is told of each picture for how many seconds it waited and for how many it was drawn, in the worker's thread."""


def _nobody(_waited: float, _drawing: float) -> None:
    """Who is told where nobody wants to know."""


class DigitService:
    """Draws what is asked for, one picture at a time, off the event loop.

    One worker is enough, and is what one core can do: a strip takes a few milliseconds, and drawing
    several requests in one batch was measured to save nothing an image.

    Args:
        catalog: the models.
        queue: requests that may wait or be drawn at once; one more is refused.
        observer: is told how long each picture took.
    """

    def __init__(self, catalog: Catalog, queue: int, observer: Observer = _nobody) -> None:
        self.catalog = catalog
        self._observer = observer
        self._limit = queue
        self._pending = 0
        self._seconds = 0.0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="draw")

    async def draw(self, request: DrawRequest, patience: float = PATIENCE) -> Picture:
        """Draw a picture.

        Args:
            request: what to draw.
            patience: seconds that whoever asks is ready to wait.

        Raises:
            UnknownModel: the request names a model that the catalog does not have.
            Overloaded: the queue is full, or the wait would be longer than `patience`.
            Closed: the service is shutting down.
        """
        self._admit(request, patience)
        self._pending += 1
        self._idle.clear()
        future = asyncio.get_running_loop().run_in_executor(self._worker, self._timed, request, time.perf_counter())
        future.add_done_callback(self._release)
        # A caller that goes away must not take its place in the queue's books along.
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Take nothing new, finish what was accepted, and stop the worker."""
        self._closing = True
        await self._idle.wait()
        self._worker.shutdown()

    @property
    def pending(self) -> int:
        """Requests that wait or are being drawn."""
        return self._pending

    def _admit(self, request: DrawRequest, patience: float) -> None:
        chosen(self.catalog, request)
        if self._closing:
            raise Closed
        wait = self._pending * self._seconds
        if self._pending >= self._limit or wait > patience:
            raise Overloaded(retry_after=max(1, math.ceil(wait)))

    def _release(self, _: "asyncio.Future[Picture]") -> None:
        self._pending -= 1
        if self._pending == 0:
            self._idle.set()

    def _timed(self, request: DrawRequest, asked: float) -> Picture:
        began = time.perf_counter()
        try:
            return draw(self.catalog, request)
        finally:
            drawing = time.perf_counter() - began
            self._seconds += SMOOTHING * (drawing - self._seconds)
            self._observer(began - asked, drawing)
