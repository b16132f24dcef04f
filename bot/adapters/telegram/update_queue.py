"""Update queue: each update is handled once, a few at a time, and confirmed only after its answer.

python-telegram-bot's own queue confirms updates before they are handled: `Updater` asks for the next ones as soon as
these are queued (`telegram/ext/_updater.py`, `polling_action_cb`), and its webhook answers 200 at once
(`telegram/ext/_utils/webhookhandler.py`, `TelegramHandler.post`). A process that is killed would lose them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

import structlog

from bot.adapters.telegram.poll_request import Json
from bot.adapters.telegram.settings import NAME
from bot.limits.claims import Claims
from bot.telemetry.request_log import mark_received

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

MIN_REMEMBERED = 1000
"""Handled updates that are recognised when they come again: Telegram repeats the hundred that are not confirmed."""
MAX_OVERTAKEN = 80
"""An update that hangs is confirmed once so many later ones are handled: Telegram sends a hundred at a time, and
nothing new while all of them are unconfirmed. The rest of the hundred keeps every slot busy meanwhile."""
LEASE_SECONDS = 8.0
"""Life of a claim that is not renewed: longer than a replica takes to find its Redis again. Telegram waits for an
answer, and would show a second one."""
MAX_HANDLING_SECONDS = 120.0
"""For an update, the longest flood wait and every retry included; then it is given up."""

_slots: ContextVar[asyncio.Semaphore | None] = ContextVar("slots", default=None)


@asynccontextmanager
async def without_slot() -> AsyncIterator[None]:
    """Let another update be handled within this block, while this one only waits."""
    slots = _slots.get()
    if slots is None:
        yield
        return
    slots.release()
    try:
        yield
    finally:
        await slots.acquire()


class UpdateQueue:
    """Handles updates.

    Args:
        handle: answers an update; it never raises.
        max_concurrent: updates that are handled at a time.
        claims: on updates, shared by all replicas where there is a Redis.
    """

    def __init__(
        self, handle: Callable[[Json], Awaitable[None]], max_concurrent: int, claims: Claims | None = None
    ) -> None:
        self._handle = handle
        self._claims = claims or Claims()
        self._slots = asyncio.Semaphore(max_concurrent)
        self._waiting: set[asyncio.Task[None] | None] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._newest: int | None = None

    def put(self, update: Json) -> "asyncio.Task[None]":
        """Start to handle an update, or return the task that handles it already.

        Raises:
            KeyError, TypeError: it is no update.
        """
        update_id = update["update_id"]
        if not isinstance(update_id, int):
            raise TypeError(update_id)
        if update_id not in self._tasks or self._tasks[update_id].cancelled():
            self._tasks[update_id] = asyncio.create_task(self._run(update))
            self._newest = max(update_id, self._newest or update_id)
            self._forget()
        return self._tasks[update_id]

    @property
    def offset(self) -> int | None:
        """The id of the first update that is not handled: Telegram may forget all before it. None before the first."""
        if self._newest is None:
            return None
        first, handled = self._newest + 1, 0
        for update_id in sorted(self._tasks, reverse=True):
            task = self._tasks[update_id]
            if task.done() and not task.cancelled():
                handled += 1
            elif handled < MAX_OVERTAKEN:
                first = update_id
        return first

    async def finish(self, timeout_seconds: float) -> None:
        """Finish the updates that are being handled, but not for longer than this, and give the others back.

        Those that wait for their turn are given back at once: all the time is for calls under way. One that is cut off
        may have reached Telegram, and its update, sent again, is answered twice.
        """
        if not self._tasks:
            return
        for task in self._waiting:
            if task is not None:
                task.cancel()
        _, late = await asyncio.wait(self._tasks.values(), timeout=timeout_seconds)
        for task in late:
            task.cancel()

    async def _run(self, update: Json) -> None:
        mark_received()
        async with self._claims.claim(NAME, str(update["update_id"]), lease_seconds=LEASE_SECONDS) as first:
            if first:
                await self._run_first(update)

    async def _run_first(self, update: Json) -> None:
        async with self._slot():
            _slots.set(self._slots)
            try:
                async with asyncio.timeout(MAX_HANDLING_SECONDS):
                    await self._handle(update)
            except TimeoutError:
                logger.warning("gave up an answer that took too long", seconds=MAX_HANDLING_SECONDS)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """Wait for a slot; until then `finish` gives the update back."""
        task = asyncio.current_task()
        self._waiting.add(task)
        try:
            await self._slots.acquire()
        finally:
            self._waiting.discard(task)
        try:
            yield
        finally:
            self._slots.release()

    def _forget(self) -> None:
        if len(self._tasks) > 2 * MIN_REMEMBERED:
            done = [update_id for update_id, task in self._tasks.items() if task.done()]
            for update_id in done[:-MIN_REMEMBERED]:
                del self._tasks[update_id]
