"""Claims of all replicas, in Redis."""

import secrets
from functools import partial

from bot.limits import claims
from bot.limits.claims import Claim
from bot.limits.redis_storage import PREFIX, RedisStorage

HANDLED = b"handled"
"""Value of a claim in Redis once its event is handled; until then it is that of the process which holds it."""
OWN = "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end "
"""Return 0 unless this process holds the claim: where it was cut off from Redis for a lease, another one may."""
RENEW = OWN + "return redis.call('pexpire', KEYS[1], ARGV[2])"
RELEASE = OWN + "return redis.call('del', KEYS[1])"


class RedisClaims:
    """Claims in Redis; each method returns None while it does not answer in time.

    Args:
        storage: the connections to Redis.
    """

    def __init__(self, storage: RedisStorage) -> None:
        self._storage = storage
        self._redis = storage.redis
        self._held = secrets.token_bytes(8)
        self._renew = storage.redis.register_script(RENEW)
        self._release = storage.redis.register_script(RELEASE)

    async def take(self, key: str, lease_seconds: float) -> Claim | None:
        """Try to claim an event for so long."""
        return await self._storage.call(partial(self._take, _name(key), _ms(lease_seconds)))

    async def renew(self, key: str, lease_seconds: float) -> object:
        """Hold a claim for so much longer."""
        return await self._storage.call(partial(self._renew, keys=[_name(key)], args=[self._held, _ms(lease_seconds)]))

    async def finish(self, key: str) -> object:
        """Note that the event is handled, for `claims.HANDLED_SECONDS`."""
        return await self._storage.call(partial(self._redis.set, _name(key), HANDLED, px=_ms(claims.HANDLED_SECONDS)))

    async def release(self, key: str) -> object:
        """Give a claim back."""
        return await self._storage.call(partial(self._release, keys=[_name(key)], args=[self._held]))

    async def _take(self, name: str, lease_ms: int) -> Claim:
        if await self._redis.set(name, self._held, nx=True, px=lease_ms):
            return Claim.TAKEN
        return Claim.HANDLED if await self._redis.get(name) == HANDLED else Claim.HELD


def _name(key: str) -> str:
    return f"{PREFIX}:claim:{key}"


def _ms(seconds: float) -> int:
    return int(1000 * seconds)
