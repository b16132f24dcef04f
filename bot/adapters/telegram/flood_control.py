"""Flood control: a chat for which Telegram answers 429 is held alone; the whole bot once that is true of every chat."""

import asyncio
import math
import os
import time
from collections import Counter
from collections.abc import Callable

import structlog
from telegram.error import RetryAfter

from bot.adapters.telegram.update_queue import without_slot

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

# Avoid PTB's deprecation warning at every RetryAfter, which has a timedelta with this.
os.environ.setdefault("PTB_TIMEDELTA", "true")

MAX_FLOOD_WAIT_SECONDS = 60.0
"""The longest wait after which an answer is still sent; nobody waits longer for a digit."""
MARGIN_SECONDS = 0.1
"""Added to Telegram's whole seconds: a call that comes a moment too early is refused for longer."""
MAX_FLOODED_CHATS = 5
"""Telegram does not tell a limit of the whole bot from one of a chat. Refusals of so many chats in a row, with no call
accepted between them, mean the whole bot: one person's chats alone do not look like that while others are answered."""
MAX_HELD_PER_CHAT, MAX_HELD = 20, 200
"""Answers that wait for a held chat, and in all: a group bears twenty a minute, and each may hold a picture."""

Recipient = int | str
"""A chat, or the query that is answered."""


class FloodControl:
    """Holds back calls to the recipients for which Telegram answered 429.

    Args:
        clock: returns seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[Recipient, float] = {}
        self._all_free_at = -math.inf
        self._refused: set[Recipient] = set()
        self._held: Counter[Recipient] = Counter()

    async def wait(self, recipient: Recipient) -> None:
        """Wait until a recipient may be called; others take the place of the update meanwhile.

        Raises:
            RetryAfter: that would take too long, or too many wait already.
        """
        while (seconds := self.wait_seconds(recipient)) > 0:
            full = self._held[recipient] >= MAX_HELD_PER_CHAT or self._held.total() >= MAX_HELD
            if full or seconds > MAX_FLOOD_WAIT_SECONDS:
                raise RetryAfter(math.ceil(seconds))
            self._held[recipient] += 1
            try:
                async with without_slot():
                    await asyncio.sleep(seconds)
            finally:
                self._held -= Counter([recipient])

    def wait_seconds(self, recipient: Recipient) -> float:
        """Return the seconds until a recipient may be called; 0 or less if it may now."""
        return max(self._free_at.get(recipient, -math.inf), self._all_free_at) - self._clock()

    def refuse(self, recipient: Recipient, seconds: float) -> None:
        """Note that Telegram refused a call for so many seconds."""
        now = self._clock()
        self._free_at = {held: free_at for held, free_at in self._free_at.items() if free_at > now}
        self._free_at[recipient] = now + seconds + MARGIN_SECONDS
        self._refused.add(recipient)
        whole_bot = len(self._refused) >= MAX_FLOODED_CHATS
        if whole_bot:
            # The shortest wait: if it was one person's chats after all, the others lose least.
            self._all_free_at = min(self._free_at.values())
        logger.warning("Telegram refuses calls for a while", seconds=seconds, whole_bot=whole_bot)

    def accept(self) -> None:
        """Note that Telegram accepted a call."""
        self._refused.clear()
