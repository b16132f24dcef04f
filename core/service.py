"""The generation service: a bounded, fair queue in front of one worker thread that draws."""

import asyncio
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from core.catalog import Catalog
from core.errors import Closed, DigitError, Overloaded
from core.fair_queue import FairQueue, Flow
from core.pictures.base import Form, Picture, PictureRequest, draw

MAX_WAIT_SECONDS = 2.5
"""The longest wait for a picture, unless the caller allows a longer one."""
FIRST_PACE_SECONDS = 0.003
"""Seconds that a cost of 1 takes, until it is measured: those of a strip of five on a slow core."""
CARD_COST = 2.0
"""Added for a card, which has five times the pixels of a strip."""
SMOOTHING = 0.1
"""Weight of the newest drawing in the moving average of the pace."""
NO_FLOW: Flow = ("",)

Observer = Callable[[float, float], None]
"""Called in the worker's thread after each picture with the seconds that it waited and the seconds of its drawing."""


def _ignore(_waited_seconds: float, _drawing_seconds: float) -> None:
    """Default observer: does nothing."""


@dataclass(eq=False, slots=True)
class _Job:
    """A request in the queue, and its picture to come."""

    request: PictureRequest
    flow: Flow
    cost: float
    asked: float
    waits: bool = True
    done: "Future[Picture]" = field(default_factory=Future)

    def fail(self, error: DigitError) -> None:
        if self.done.set_running_or_notify_cancel():
            self.done.set_exception(error)


class DigitService:
    """Draws pictures one at a time, off the event loop.

    One worker is enough, and is what one core can do: a strip takes a few milliseconds, and drawing
    several requests in one batch was measured to save nothing an image.

    Args:
        catalog: the models.
        queue: requests that may wait or be drawn at once. One more is refused; of a flow that has fewer than the
            largest, it takes the place of that one's last.
        observer: called after each picture with its waiting and drawing time.

    Attributes:
        draining: whether the process is about to end, and adapters should bring only what they have accepted before.
    """

    def __init__(self, catalog: Catalog, queue: int, observer: Observer = _ignore) -> None:
        self.catalog = catalog
        self._observer = observer
        self._limit = queue
        self._queue: FairQueue[_Job] = FairQueue()
        self._drawn: _Job | None = None
        # Of the queue and of the job that is being drawn, which change in the worker's thread too.
        self._lock = threading.Lock()
        self._pace_seconds = FIRST_PACE_SECONDS
        self.draining = False
        self._closing = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="draw")

    async def draw(
        self, request: PictureRequest, max_wait_seconds: float = MAX_WAIT_SECONDS, flow: Flow = NO_FLOW
    ) -> Picture:
        """Draw a picture; cancelled while it waits, it gives its place back and is not drawn.

        Args:
            request: the picture to draw.
            max_wait_seconds: refuse at once where the expected wait is longer, and later where the wait has become so.
            flow: that shares the worker equally with others: a platform, then a person or an address.

        Raises:
            UnknownModel: the request names a model that the catalog does not have.
            Overloaded: the queue is full, or the wait is longer than `max_wait_seconds`.
            Closed: the service is shutting down.
        """
        job = _Job(request, flow, self.cost(request), time.perf_counter())
        with self._lock:
            wait = self._check(flow, job.cost, max_wait_seconds)
            if self._full and (victim := self._queue.victim(flow)):
                self._withdraw(victim)
                victim.fail(_overloaded(wait))
            self._queue.add(flow, job)
        # It draws the job whose turn it is by then, which may be another one.
        self._worker.submit(self._draw_next)
        timer = asyncio.get_running_loop().call_later(max_wait_seconds, self._give_up, job)
        try:
            return await asyncio.wrap_future(job.done)
        finally:
            timer.cancel()
            with self._lock:
                self._withdraw(job)

    async def drain(self, grace_seconds: float) -> None:
        """Begin to end: after the grace time all that wait or come are refused; return when there is none, or then."""
        self.draining = True
        asyncio.get_running_loop().call_later(grace_seconds, self._refuse_all)
        await asyncio.wait({self._finish()}, timeout=grace_seconds)

    async def close(self) -> None:
        """Take nothing new, finish what was accepted, and stop the worker."""
        self._closing = True
        await self._finish()
        self._worker.shutdown()

    @property
    def pending(self) -> int:
        """Requests that wait or are being drawn."""
        return len(self._queue) + (self._drawn is not None)

    def cost(self, request: PictureRequest) -> float:
        """Return the cost of a picture; 1 is a strip of five.

        Raises:
            UnknownModel: the request names a model that the catalog does not have.
        """
        more = CARD_COST if request.form is Form.CARD else 0
        return request.cost(request.models(self.catalog)) + more

    def check(self, request: PictureRequest, max_wait_seconds: float = MAX_WAIT_SECONDS, flow: Flow = NO_FLOW) -> None:
        """Raise what `draw` would raise now, without drawing."""
        cost = self.cost(request)
        with self._lock:
            self._check(flow, cost, max_wait_seconds)

    @property
    def _full(self) -> bool:
        return self.pending >= self._limit

    def _check(self, flow: Flow, cost: float, max_wait_seconds: float) -> float:
        """Return the expected seconds until a new job is drawn, or raise."""
        if self._closing:
            raise Closed
        drawn = self._drawn.cost if self._drawn else 0.0
        wait = self._pace_seconds * (drawn + self._queue.ahead(flow, cost))
        if wait > max_wait_seconds or (self._full and not (self._queue and self._queue.victim(flow))):
            raise _overloaded(wait)
        return wait

    def _refuse_all(self) -> None:
        self._closing = True
        with self._lock:
            while job := self._next():
                job.fail(Closed())

    def _give_up(self, job: _Job) -> None:
        """Refuse a job that has waited too long: others came meanwhile, or the machine has become slow."""
        with self._lock:
            if self._withdraw(job):
                job.fail(_overloaded(self._pace_seconds * self._queue.cost))

    def _withdraw(self, job: _Job) -> bool:
        """Remove a job from the queue; return whether it was there."""
        waited, job.waits = job.waits, False
        if waited:
            self._queue.remove(job.flow, job)
        return waited

    def _next(self) -> _Job | None:
        """Remove and return the job whose turn it is."""
        if not self._queue:
            return None
        job = self._queue.take()
        job.waits = False
        return job

    def _finish(self) -> "asyncio.Future[None]":
        """Return a future that is done once the worker has done all that it has to do now."""
        return asyncio.wrap_future(self._worker.submit(lambda: None))

    def _draw_next(self) -> None:
        with self._lock:
            job = self._next()
            # Cancelled since its last turn in the event loop, it takes no picture.
            if job is None or not job.done.set_running_or_notify_cancel():
                return
            self._drawn = job
        try:
            picture = self._timed(job)
        except BaseException as error:  # noqa: BLE001  it belongs to the caller, as any executor's does
            job.done.set_exception(error)
        else:
            job.done.set_result(picture)

    def _timed(self, job: _Job) -> Picture:
        began = time.perf_counter()
        try:
            return draw(self.catalog, job.request)
        finally:
            drawing = time.perf_counter() - began
            self._pace_seconds += SMOOTHING * (drawing / job.cost - self._pace_seconds)
            self._drawn = None
            self._observer(began - job.asked, drawing)


def _overloaded(wait_seconds: float) -> Overloaded:
    return Overloaded(retry_after=max(1, math.ceil(wait_seconds)))
