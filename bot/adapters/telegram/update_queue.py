"""Telegram's updates: each is taken once, a few are worked on at a time, and none is forgotten before it is done."""

import asyncio
from collections.abc import Awaitable, Callable

from telegram import Update

from bot import record

REMEMBERED = 1000
"""Updates, at least, whose coming again is noticed: Telegram repeats the hundred that are not confirmed."""


class Inbox:
    """Works on updates.

    Args:
        work: answers an update; it never raises.
        at_once: updates that are worked on at a time.
    """

    def __init__(self, work: Callable[[Update], Awaitable[None]], at_once: int) -> None:
        self._work = work
        self._slots = asyncio.Semaphore(at_once)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._newest: int | None = None

    def take(self, update: Update) -> "asyncio.Task[None]":
        """Start work on an update, or return the work on it that has been started before."""
        number = update.update_id
        if number not in self._tasks or self._tasks[number].cancelled():
            self._tasks[number] = asyncio.create_task(self._answer(update))
            self._newest = max(number, self._newest or number)
            self._forget()
        return self._tasks[number]

    @property
    def confirmed(self) -> int | None:
        """The least update that is not done: Telegram may forget all before it. None before the first one."""
        waiting = [number for number, task in self._tasks.items() if not task.done() or task.cancelled()]
        if waiting:
            return min(waiting)
        return None if self._newest is None else self._newest + 1

    async def finish(self, within: float) -> None:
        """Wait until all work is done, but no longer than so many seconds; what is left then is given up."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks.values(), timeout=within)
        for task in late:
            task.cancel()

    async def _answer(self, update: Update) -> None:
        record.arrived()
        async with self._slots:
            await self._work(update)

    def _forget(self) -> None:
        if len(self._tasks) > 2 * REMEMBERED:
            done = [number for number, task in self._tasks.items() if task.done()]
            for number in done[:-REMEMBERED]:
                del self._tasks[number]
