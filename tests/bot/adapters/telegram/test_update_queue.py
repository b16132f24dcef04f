"""The update queue: each update is handled once, a few at a time, and confirmed only when it is done."""

import asyncio

import pytest
from telegram import Update

from bot.adapters.telegram.update_queue import MIN_REMEMBERED, UpdateQueue


async def test_nothing_is_confirmed_before_it_is_done() -> None:
    """Telegram is asked to forget an update only after its answer, and those before it; one that comes again waits."""
    gates = {number: asyncio.Event() for number in (1, 2, 3)}
    begun = []

    async def work(update: Update) -> None:
        begun.append(update.update_id)
        await gates[update.update_id].wait()

    queue = UpdateQueue(work, max_concurrent=2)
    assert queue.offset is None
    tasks = [queue.put(Update(number)) for number in (1, 2, 3)]
    assert queue.put(Update(1)) is tasks[0]
    gates[2].set()
    gates[3].set()
    await asyncio.wait(tasks[1:])
    assert queue.offset == 1
    gates[1].set()
    await queue.finish(timeout_seconds=30)
    assert queue.offset == 4
    assert begun == [1, 2, 3]


async def test_the_queue_does_not_grow() -> None:
    """After ten thousand updates only the newest are remembered."""

    async def work(_: Update) -> None:
        return

    queue = UpdateQueue(work, max_concurrent=16)
    for number in range(10_000):
        await queue.put(Update(number))
    assert MIN_REMEMBERED <= len(queue._tasks) <= 2 * MIN_REMEMBERED
    assert queue.offset == 10_000


async def test_work_that_does_not_end_is_given_up() -> None:
    """A stop does not wait for ever, and what it gives up on is not confirmed as done."""

    async def work(_: Update) -> None:
        await asyncio.Event().wait()

    queue = UpdateQueue(work, max_concurrent=1)
    task = queue.put(Update(5))
    await queue.finish(timeout_seconds=0.01)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert queue.offset == 5
    assert queue.put(Update(5)) is not task
    await queue.finish(timeout_seconds=0)
