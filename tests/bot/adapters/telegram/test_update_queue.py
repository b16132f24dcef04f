"""The update queue: each update is handled once, a few at a time, and confirmed only when it is done."""

import asyncio

import pytest
import structlog

from bot.adapters.telegram import update_queue
from bot.adapters.telegram.poll_request import Json
from bot.adapters.telegram.update_queue import MAX_OVERTAKEN, MIN_REMEMBERED, UpdateQueue, without_slot
from tests.bot.conftest import PEOPLE
from tests.fakes.telegram_server import Telegram

POLL_LIMIT = 100
"""Updates that Telegram sends at a time."""


async def test_nothing_is_confirmed_before_it_is_done() -> None:
    """Telegram is asked to forget an update only after its answer, and those before it; one that comes again waits."""
    gates = {number: asyncio.Event() for number in (1, 2, 3)}
    begun = []

    async def work(update: Json) -> None:
        begun.append(update["update_id"])
        await gates[update["update_id"]].wait()

    queue = UpdateQueue(work, max_concurrent=2)
    assert queue.offset is None
    tasks = [queue.put({"update_id": number}) for number in (1, 2, 3)]
    assert queue.put({"update_id": 1}) is tasks[0]
    gates[2].set()
    gates[3].set()
    await asyncio.wait(tasks[1:])
    assert queue.offset == 1
    gates[1].set()
    await queue.finish(timeout_seconds=30)
    assert queue.offset == 4
    assert begun == [1, 2, 3]


async def test_the_queue_does_not_grow() -> None:
    """Of ten thousand updates only the newest are remembered, at any time."""

    async def work(_: Json) -> None:
        return

    queue = UpdateQueue(work, max_concurrent=16)
    for number in range(10_000):
        await queue.put({"update_id": number})
        assert min(number, MIN_REMEMBERED) <= len(queue._tasks) <= 2 * MIN_REMEMBERED + 1
    assert queue.offset == 10_000


async def test_work_that_does_not_end_is_given_up() -> None:
    """A stop does not wait for ever, and what it gives up on is not confirmed as done."""

    async def work(_: Json) -> None:
        await asyncio.Event().wait()

    queue = UpdateQueue(work, max_concurrent=1)
    task = queue.put({"update_id": 5})
    await queue.finish(timeout_seconds=0.01)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert queue.offset == 5
    assert queue.put({"update_id": 5}) is not task
    await queue.finish(timeout_seconds=0)


async def test_an_end_is_for_what_is_under_way() -> None:
    """Updates that wait for their turn are given back at once: the time is for those that are being answered."""
    gate, begun = asyncio.Event(), asyncio.Event()

    async def work(_: Json) -> None:
        begun.set()
        await gate.wait()

    queue = UpdateQueue(work, max_concurrent=1)
    answered, *waiting = [queue.put({"update_id": number}) for number in range(5)]
    await begun.wait()
    finishing = asyncio.create_task(queue.finish(timeout_seconds=30))
    await asyncio.wait(waiting)
    assert all(task.cancelled() for task in waiting)
    assert not answered.done()
    gate.set()
    await finishing
    assert answered.done()
    assert not answered.cancelled()
    assert queue.offset == 1


async def test_an_answer_that_hangs_does_not_stop_polling() -> None:
    """Overtaken by most of the hundred that Telegram sends at a time, it is confirmed, so that newer ones come."""
    gates = [asyncio.Event() for _ in range(POLL_LIMIT + 1)]

    async def work(update: Json) -> None:
        await gates[update["update_id"]].wait()

    queue = UpdateQueue(work, max_concurrent=16)
    tasks = [queue.put({"update_id": number}) for number in range(1, POLL_LIMIT + 1)]
    for gate in gates[2 : MAX_OVERTAKEN + 1]:
        gate.set()
    await asyncio.wait(tasks[1:MAX_OVERTAKEN])
    assert queue.offset == 1, "not overtaken by enough, it comes again after a crash"
    gates[MAX_OVERTAKEN + 1].set()
    await tasks[MAX_OVERTAKEN]
    assert queue.offset == MAX_OVERTAKEN + 2
    for gate in gates[2:]:
        gate.set()
    await asyncio.wait(tasks[1:])
    assert not tasks[0].done()
    assert queue.offset == POLL_LIMIT + 1
    gates[1].set()
    await tasks[0]


async def test_a_burst_is_not_confirmed_before_its_answers() -> None:
    """Where all the hundred wait for slow answers, none of them is given up."""
    queue = UpdateQueue(lambda _: asyncio.Event().wait(), max_concurrent=16)
    for number in range(1, POLL_LIMIT + 1):
        queue.put({"update_id": number})
    await asyncio.sleep(0)
    assert queue.offset == 1
    await queue.finish(timeout_seconds=0)


async def test_an_answer_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that would hang for ever keeps its place among those under way for only so long."""
    monkeypatch.setattr(update_queue, "MAX_HANDLING_SECONDS", 0.01)
    done = []

    async def work(update: Json) -> None:
        if update["update_id"] == 1:
            await asyncio.Event().wait()
        done.append(update["update_id"])

    queue = UpdateQueue(work, max_concurrent=1)
    with structlog.testing.capture_logs() as lines:
        await asyncio.wait([queue.put({"update_id": 1}), queue.put({"update_id": 2})])
    assert done == [2]
    assert queue.offset == 3
    assert [line["log_level"] for line in lines] == ["warning"]


async def test_an_update_that_only_waits_takes_no_ones_place() -> None:
    """While a held chat waits, others are answered, though one update alone is handled at a time."""
    release, begun = asyncio.Event(), []

    async def work(update: Json) -> None:
        begun.append(update["update_id"])
        if update["update_id"] < 3:
            async with without_slot():
                await release.wait()
        begun.append(-update["update_id"])

    queue = UpdateQueue(work, max_concurrent=1)
    tasks = [queue.put({"update_id": number}) for number in (1, 2, 3)]
    await tasks[2]
    assert begun == [1, 2, 3, -3]
    release.set()
    await asyncio.wait(tasks)
    assert begun == [1, 2, 3, -3, -1, -2]


@pytest.mark.asyncio(loop_scope="module")
async def test_two_hundred_at_once_are_all_answered(telegram: Telegram) -> None:
    """Each of two hundred people gets the digit that they asked for, once."""
    people = {next(PEOPLE): str(i % 10) for i in range(200)}
    for person, digit in people.items():
        await telegram.say(f"/digit {digit}", user=person)
    await telegram.next("sendPhoto", after=199)
    await telegram.until(lambda: not telegram.pending)
    answered = {call["chat_id"]: call["caption"].split()[2] for call in telegram.done("sendPhoto")}
    assert len(telegram.done("sendPhoto")) == len(answered) == len(people)
    assert answered == people
