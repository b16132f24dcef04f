"""Flood control: whom a refusal of Telegram holds back, and for how long."""

import asyncio

import pytest
from telegram.error import RetryAfter

from bot.adapters.telegram.flood_control import (
    MARGIN_SECONDS,
    MAX_FLOODED_CHATS,
    MAX_HELD,
    MAX_HELD_PER_CHAT,
    FloodControl,
)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


def free(control: FloodControl, chat: int) -> bool:
    """Return whether a chat may be called."""
    return control.wait_seconds(chat) <= 0


def test_one_chat_is_held_alone_and_as_long_as_telegram_says() -> None:
    """Others may be called at once, the chat itself a moment after its seconds."""
    clock = Clock()
    control = FloodControl(clock)
    control.refuse(1, 40)
    assert free(control, 2)
    clock.seconds += 40
    assert not free(control, 1)
    clock.seconds += MARGIN_SECONDS
    assert free(control, 1)


def test_refusals_of_many_chats_in_a_row_hold_everybody() -> None:
    """That is how a limit of the whole bot looks: all wait, and after the first chat's seconds the next call may go."""
    clock = Clock()
    control = FloodControl(clock)
    for chat in range(MAX_FLOODED_CHATS):
        assert free(control, 99)
        control.refuse(chat, 30 + chat)
    assert not free(control, 99)
    clock.seconds += 30 + MARGIN_SECONDS
    assert free(control, 99)
    control.refuse(99, 30)
    assert not free(control, 100), "one more refusal is enough until a call is accepted"


def test_refusals_between_accepted_calls_hold_their_own_chats() -> None:
    """Somebody who provokes refusals in many chats silences no other as long as others are answered."""
    control = FloodControl(Clock())
    for chat in range(3 * MAX_FLOODED_CHATS):
        control.refuse(chat, 30)
        control.accept()
    assert free(control, 99)
    assert not any(free(control, chat) for chat in range(3 * MAX_FLOODED_CHATS))


def test_the_same_chat_again_and_again_is_still_one_chat() -> None:
    """A chat that is refused often holds nobody else."""
    control = FloodControl(Clock())
    for _ in range(3 * MAX_FLOODED_CHATS):
        control.refuse(1, 30)
    assert free(control, 2)


def test_chats_that_are_free_again_are_forgotten() -> None:
    """Memory does not grow with the chats that were ever refused."""
    clock = Clock()
    control = FloodControl(clock)
    for chat in range(1000):
        control.refuse(chat, 1)
        control.accept()
        clock.seconds += 2
    assert len(control._free_at) == 1


@pytest.mark.parametrize(("chats", "held"), [(1, MAX_HELD_PER_CHAT), (2 * MAX_HELD, MAX_HELD)])
async def test_only_so_many_answers_wait(chats: int, held: int) -> None:
    """One more for a held chat, or for all of them, is given up at once; whoever waits keeps waiting."""
    control = FloodControl(Clock())
    for chat in range(chats):
        control.refuse(chat, 60 - 1)
        control.accept()
    waiting = [asyncio.create_task(control.wait(chat % chats)) for chat in range(held)]
    await asyncio.sleep(0)
    with pytest.raises(RetryAfter):
        await control.wait(0)
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    assert not control._held


async def test_nobody_waits_for_longer_than_a_minute() -> None:
    """An answer that could only come after that is given up at once."""
    control = FloodControl(Clock())
    control.refuse(1, 61)
    with pytest.raises(RetryAfter) as caught:
        await control.wait(1)
    assert "0:01:02" in str(caught.value)
