"""Counts in a Redis that replicas share; where it does not answer, nobody waits for it."""

import asyncio
from contextlib import suppress
from typing import Self

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage.redis import RedisStorage
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.counters import Windows

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("limits")

PREFIX = "digit-bot"
"""Of every key in Redis; each expires with what it counts."""
PATIENCE = 0.5
"""Seconds that Redis gets for an answer. Only who asks just when it is lost waits for so long."""
PAUSE = 5.0
"""Seconds between two tries to reach a Redis that was lost; more than PATIENCE."""
AT_ONCE = 16
"""Counts that are under way at a time, each on a connection of its own."""
PROBE = RateLimitItemPerMinute(1, namespace="probe")
FAILURES = (StorageError, OSError)


class RedisCounters:
    """Counts in Redis, as `Windows`; entered (`async with`), it looks at once whether Redis answers.

    Args:
        url: redis://, rediss:// or unix://, with user, password, database and options as redis-py takes them.

    Raises:
        ValueError, TypeError: the address, or an option in it, cannot be read.
    """

    def __init__(self, url: str) -> None:
        timeouts = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        self._pool = ConnectionPool.from_url(url, **timeouts, retry=Retry(NoBackoff(), 0))
        # Reads the options, and connects to nothing yet.
        self._pool.make_connection()  # type: ignore[no-untyped-call]
        # The address that the storage is given stands for nothing: the pool has the real one.
        storage = RedisStorage(
            "redis://",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=PREFIX,
            connection_pool=self._pool,  # type: ignore[arg-type]
        )
        self._windows = Windows(storage)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._lost = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.hit(PROBE, "")
        self._watch = asyncio.create_task(self._bring_back())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watch:
            self._watch.cancel()
        with suppress(*FAILURES):
            await self._pool.disconnect()

    async def hit(self, limit: RateLimitItem, key: str, *, exact: bool = False) -> int | None:
        """As `Counters.hit`; None where Redis does not answer."""
        async with self._slots:
            # Asked here, so that of a crowd only the first few wait for a Redis that hangs.
            if self._lost.is_set():
                return None
            try:
                return await self._ask(limit, key, exact=exact)
            except FAILURES as error:
                self._lose(_reason(error))
                return None

    async def _ask(self, limit: RateLimitItem, key: str, *, exact: bool = False) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self._windows.hit(limit, key, exact=exact)

    def _lose(self, reason: str) -> None:
        if not self._lost.is_set():
            self._lost.set()
            logger.warning(
                "the Redis of DIGIT_REDIS_URL does not answer: check both; until it does, each replica counts alone",
                reason=reason,
            )

    async def _bring_back(self) -> None:
        while True:
            await self._lost.wait()
            await asyncio.sleep(PAUSE)
            # A count and no mere ping, which a Redis that takes no writes answers, too.
            with suppress(*FAILURES):
                await self._ask(PROBE, "")
                self._lost.clear()
                logger.info("Redis answers again: replicas count their limits together")


def _reason(error: Exception) -> str:
    cause = error.storage_error if isinstance(error, StorageError) else error
    return str(cause) or f"no answer within {PATIENCE} s"
