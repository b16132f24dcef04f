"""Update queue: each update is handled once, a few at a time, and confirmed only after its answer.

python-telegram-bot's own queue confirms updates before they are handled: `Updater` asks for the next ones as soon as
these are queued (`telegram/ext/_updater.py`, `polling_action_cb`), and its webhook answers 200 at once
(`telegram/ext/_utils/webhookhandler.py`, `TelegramHandler.post`). A process that is killed would lose them.
"""

import asyncio
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.telemetry.request_log import mark_received

MIN_REMEMBERED = 1000
"""Handled updates that are recognised when they come again: Telegram repeats the hundred that are not confirmed."""


class UpdateQueue:
    """Handles updates.

    Args:
        handle: answers an update; it never raises.
        max_concurrent: updates that are handled at a time.
    """

    def __init__(self, handle: Callable[[Update], Awaitable[None]], max_concurrent: int) -> None:
        self._handle = handle
        self._slots = asyncio.Semaphore(max_concurrent)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._newest: int | None = None

    def put(self, update: Update) -> "asyncio.Task[None]":
        """Start to handle an update, or return the task that handles it already."""
        update_id = update.update_id
        if update_id not in self._tasks or self._tasks[update_id].cancelled():
            self._tasks[update_id] = asyncio.create_task(self._run(update))
            self._newest = max(update_id, self._newest or update_id)
            self._forget()
        return self._tasks[update_id]

    @property
    def offset(self) -> int | None:
        """The id of the first update that is not handled: Telegram may forget all before it. None before the first."""
        waiting = [update_id for update_id, task in self._tasks.items() if not task.done() or task.cancelled()]
        if waiting:
            return min(waiting)
        return None if self._newest is None else self._newest + 1

    async def finish(self, timeout_seconds: float) -> None:
        """Wait until every update is handled, but not longer than this; the others are given up."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks.values(), timeout=timeout_seconds)
        for task in late:
            task.cancel()

    async def _run(self, update: Update) -> None:
        mark_received()
        async with self._slots:
            await self._handle(update)

    def _forget(self) -> None:
        if len(self._tasks) > 2 * MIN_REMEMBERED:
            done = [update_id for update_id, task in self._tasks.items() if task.done()]
            for update_id in done[:-MIN_REMEMBERED]:
                del self._tasks[update_id]
