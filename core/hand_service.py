"""Photos read off the event loop, two at a time, while strips are drawn by their own worker."""

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor

from core.errors import Closed, Overloaded
from core.handwriting import HandReader, Handwriting

WORKERS = 2
"""Photos that are decoded at a time: each may take 100 MB while it is."""
QUEUE = 8
"""Photos that may wait or be read at once; one more is refused. Each is held as a file of up to 12 MB."""
SMOOTHING = 0.2
"""Weight of the newest photo in the moving average of their duration."""


class HandService:
    """Reads photos.

    Args:
        reader: reads one.
    """

    def __init__(self, reader: HandReader) -> None:
        self._reader = reader
        self._pending = 0
        self._seconds = 0.0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._workers = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="read")

    async def read(self, photo: bytes) -> Handwriting:
        """Read a photo or drawing.

        Args:
            photo: a PNG, JPEG or WebP.

        Raises:
            InvalidPhoto: it is too large, of another format, or damaged.
            Overloaded: too many photos are waiting.
            Closed: the service is shutting down.
        """
        self.check()
        self._pending += 1
        self._idle.clear()
        future = asyncio.get_running_loop().run_in_executor(self._workers, self._timed, photo)
        future.add_done_callback(self._release)
        # A caller that goes away must not take its place in the queue's books along.
        return await asyncio.shield(future)

    def check(self) -> None:
        """Raise what `read` would raise now for any photo: ask before a download."""
        if self._closing:
            raise Closed
        if self._pending >= QUEUE:
            raise Overloaded(retry_after=max(1, math.ceil(self._pending * self._seconds / WORKERS)))

    async def close(self) -> None:
        """Take nothing new, finish what was accepted, and stop the workers."""
        self._closing = True
        await self._idle.wait()
        self._workers.shutdown()

    def _release(self, future: "asyncio.Future[Handwriting]") -> None:
        if not future.cancelled():
            # An error belongs to the caller; one that went away leaves it here.
            future.exception()
        self._pending -= 1
        if self._pending == 0:
            self._idle.set()

    def _timed(self, photo: bytes) -> Handwriting:
        began = time.perf_counter()
        try:
            return self._reader.read(photo)
        finally:
            self._seconds += SMOOTHING * (time.perf_counter() - began - self._seconds)
