"""Waiting for something to come true, with a deadline: a test that would hang fails."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")
DEADLINE_SECONDS = 30.0
PAUSE_SECONDS = 0.01


async def until(condition: Callable[[], Value | Awaitable[Value]], seconds: float = DEADLINE_SECONDS) -> Value:
    """Look again and again until a condition holds; returns what is true then.

    Args:
        condition: returns a truth value, or an awaitable of one.
        seconds: deadline.

    Raises:
        TimeoutError: it does not hold by then.
    """
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            value = await found if inspect.isawaitable(found) else found
            if value:
                return value
            # Not 0: a loop that never rests takes the processor from the bot that it waits for.
            await asyncio.sleep(PAUSE_SECONDS)
