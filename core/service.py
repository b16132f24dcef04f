"""The generation service: a bounded queue in front of one worker thread that draws."""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from core.catalog import Catalog
from core.errors import Closed, Overloaded
from core.pictures.base import Picture, PictureRequest, draw

MAX_WAIT_SECONDS = 2.5
"""The longest wait with which a request is still admitted, unless the caller allows a longer one."""
SMOOTHING = 0.1
"""Weight of the newest drawing in the moving average of their duration."""

Observer = Callable[[float, float], None]
"""Called in the worker's thread after each picture with the seconds that it waited and the seconds of its drawing."""


def _ignore(_waited_seconds: float, _drawing_seconds: float) -> None:
    """Default observer: does nothing."""


class DigitService:
    """Draws pictures one at a time, off the event loop.

    One worker is enough, and is what one core can do: a strip takes a few milliseconds, and drawing
    several requests in one batch was measured to save nothing an image.

    Args:
        catalog: the models.
        queue: requests that may wait or be drawn at once; one more is refused.
        observer: called after each picture with its waiting and drawing time.
    """

    def __init__(self, catalog: Catalog, queue: int, observer: Observer = _ignore) -> None:
        self.catalog = catalog
        self._observer = observer
        self._limit = queue
        self._pending = 0
        self._seconds = 0.0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="draw")

    async def draw(self, request: PictureRequest, max_wait_seconds: float = MAX_WAIT_SECONDS) -> Picture:
        """Draw a picture.

        Args:
            request: the picture to draw.
            max_wait_seconds: refuse at once where the expected wait is longer.

        Raises:
            UnknownModel: the request names a model that the catalog does not have.
            Overloaded: the queue is full, or the wait would be longer than `max_wait_seconds`.
            Closed: the service is shutting down.
        """
        self.check(request, max_wait_seconds)
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

    def check(self, request: PictureRequest, max_wait_seconds: float = MAX_WAIT_SECONDS) -> None:
        """Raise what `draw` would raise now, without drawing."""
        request.models(self.catalog)
        if self._closing:
            raise Closed
        wait = self._pending * self._seconds
        if self._pending >= self._limit or wait > max_wait_seconds:
            raise Overloaded(retry_after=max(1, math.ceil(wait)))

    def _release(self, _: "asyncio.Future[Picture]") -> None:
        self._pending -= 1
        if self._pending == 0:
            self._idle.set()

    def _timed(self, request: PictureRequest, asked: float) -> Picture:
        began = time.perf_counter()
        try:
            return draw(self.catalog, request)
        finally:
            drawing = time.perf_counter() - began
            self._seconds += SMOOTHING * (drawing - self._seconds)
            self._observer(began - asked, drawing)
