"""Claims: an event that comes twice, or to two replicas, is handled once, and by another if its replica dies."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto
from typing import Protocol

from bot.limits.hidden_keys import HiddenKeys

LEASE_SECONDS = 1.5
"""Life of a claim that is not renewed. Discord waits three seconds for an answer: half of them are left to the replica
that takes over from one that was killed."""
RENEWAL_SECONDS = 0.5
"""Between two renewals of a claim that is held."""
HANDLED_SECONDS = 900.0
"""For which a handled event is remembered: Discord takes no answer to an older interaction, and a signed post cannot be
sent again after ten minutes. Telegram repeats an update within minutes."""
WAIT_SECONDS = 0.1
"""Between two looks at an event that another replica handles."""
MAX_REMEMBERED = 2000
"""Events that this process remembers: seven seconds of the most that it answers."""


class Claim(Enum):
    """The result of a try to claim an event."""

    TAKEN = auto()
    HELD = auto()
    """Another replica handles the event."""
    HANDLED = auto()


class SharedClaims(Protocol):
    """Claims of all replicas; each method returns None while the storage cannot be reached."""

    async def take(self, key: str, lease_seconds: float) -> Claim | None:
        """Try to claim an event for so long."""

    async def renew(self, key: str, lease_seconds: float) -> object:
        """Hold a claim for so much longer."""

    async def finish(self, key: str) -> object:
        """Note that the event is handled."""

    async def release(self, key: str) -> object:
        """Give a claim back."""


class Claims:
    """Claims on events, and locks: in this process and, where they are shared, of all replicas.

    Args:
        shared: claims of all replicas; without them, and while they cannot be reached, this process claims alone.
        secrets: of the hash under which `shared` is given keys.
    """

    def __init__(self, shared: SharedClaims | None = None, secrets: Sequence[str] = ()) -> None:
        self._shared = shared
        self._keys = HiddenKeys(secrets)
        self._known: OrderedDict[str, None] = OrderedDict()
        self._finishing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def claim(self, *key: str, lease_seconds: float | None = None) -> AsyncIterator[bool]:
        """Claim an event; without an error in the context it counts as handled, otherwise it can be claimed again.

        Args:
            key: the platform, and the id of the event.
            lease_seconds: life of the claim of a replica that is killed, or that cannot reach the others' storage;
                LEASE_SECONDS unless it is given.

        Yields:
            Whether to handle the event: False if it was handled, or is being handled in this process. While another
            replica handles it, this waits: that one may be killed.
        """
        hidden = self._keys.hide(key)
        if hidden in self._known:
            yield False
            return
        self._remember(hidden)
        try:
            async with self._hold(hidden, lease_seconds or LEASE_SECONDS, for_good=True) as taken:
                yield taken
        except BaseException:
            self._known.pop(hidden, None)
            raise

    @asynccontextmanager
    async def lock(self, *key: str) -> AsyncIterator[None]:
        """Let one replica at a time into the context; the others wait."""
        async with self._hold(self._keys.hide(key), LEASE_SECONDS, for_good=False):
            yield

    @asynccontextmanager
    async def _hold(self, hidden: str, lease_seconds: float, *, for_good: bool) -> AsyncIterator[bool]:
        shared = self._shared
        if shared is None:
            yield True
            return
        if await _take(shared, hidden, lease_seconds) is Claim.HANDLED:
            yield False
            return
        renewing = asyncio.create_task(_renew(shared, hidden, lease_seconds))
        handled = False
        try:
            yield True
            handled = for_good
        finally:
            renewing.cancel()
            if not handled:
                await shared.release(hidden)
            elif await shared.finish(hidden) is None:
                self._finish_later(shared, hidden, lease_seconds)

    def _finish_later(self, shared: SharedClaims, hidden: str, lease_seconds: float) -> None:
        """Note that an event is handled as soon as the storage is back; after its lease nobody waits for that."""

        async def finish() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(lease_seconds):
                    while await shared.finish(hidden) is None:  # noqa: ASYNC110  nobody else tells
                        await asyncio.sleep(RENEWAL_SECONDS)

        task = asyncio.create_task(finish())
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    def _remember(self, hidden: str) -> None:
        self._known[hidden] = None
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)


async def _take(shared: SharedClaims, hidden: str, lease_seconds: float) -> Claim | None:
    """Claim an event that no other replica handles; while one does, wait, for its lease even without the storage."""
    now, held_until = asyncio.get_running_loop().time, -math.inf
    while (claim := await shared.take(hidden, lease_seconds)) is Claim.HELD or (claim is None and now() < held_until):
        if claim is Claim.HELD:
            held_until = now() + lease_seconds
        await asyncio.sleep(WAIT_SECONDS)
    return claim


async def _renew(shared: SharedClaims, hidden: str, lease_seconds: float) -> None:
    while True:
        await asyncio.sleep(RENEWAL_SECONDS)
        await shared.renew(hidden, lease_seconds)
