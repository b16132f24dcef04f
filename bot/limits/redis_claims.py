"""Claims of all replicas, in Redis."""

from functools import partial

from bot.limits import claims
from bot.limits.claims import Claim
from bot.limits.redis_storage import PREFIX, RedisStorage

HELD, HANDLED = b"held", b"handled"
"""Values of a claim in Redis."""


class RedisClaims:
    """Claims in Redis; each method returns None while it does not answer in time.

    Args:
        storage: the connections to Redis.
    """

    def __init__(self, storage: RedisStorage) -> None:
        self._storage = storage
        self._redis = storage.redis

    async def take(self, key: str) -> Claim | None:
        """Try to claim an event for `claims.LEASE_SECONDS`."""
        return await self._storage.call(partial(self._take, _name(key)))

    async def renew(self, key: str) -> object:
        """Hold a claim for `claims.LEASE_SECONDS` more."""
        return await self._storage.call(partial(self._redis.pexpire, _name(key), _lease_ms()))

    async def finish(self, key: str) -> object:
        """Note that the event is handled, for `claims.HANDLED_SECONDS`."""
        return await self._storage.call(
            partial(self._redis.set, _name(key), HANDLED, px=int(1000 * claims.HANDLED_SECONDS))
        )

    async def release(self, key: str) -> object:
        """Give a claim back."""
        return await self._storage.call(partial(self._redis.delete, _name(key)))

    async def _take(self, name: str) -> Claim:
        if await self._redis.set(name, HELD, nx=True, px=_lease_ms()):
            return Claim.TAKEN
        return Claim.HANDLED if await self._redis.get(name) == HANDLED else Claim.HELD


def _name(key: str) -> str:
    return f"{PREFIX}:claim:{key}"


def _lease_ms() -> int:
    return int(1000 * claims.LEASE_SECONDS)
