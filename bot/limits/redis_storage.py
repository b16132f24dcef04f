"""Rate limit storage shared through Redis; while Redis does not answer, nobody waits for it."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Self, TypeVar

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage.redis import RedisStorage as RedisBackend
from limits.errors import StorageError
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.limits.storage import Windows

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("limits")

PREFIX = "digit-bot"
"""Prefix of every key in Redis; each key expires with its window."""
SLOT_TIMEOUT_SECONDS = 0.1
"""For one of MAX_CONNECTIONS; a hit or a claim that gets none in this time is kept in memory."""
ANSWER_TIMEOUT_SECONDS = 0.5
"""For an answer of Redis; only requests under way when Redis is lost wait for so long."""
SLOW_ANSWER_SECONDS = 0.1
"""An answer that takes longer is slow: in one data centre it takes a millisecond."""
SLOW_PERIOD_SECONDS = 2.0
"""Time with slow answers alone after which Redis counts as lost; a stall of this process is shorter."""
RETRY_SECONDS = 5.0
"""Between two tries to reach a lost Redis; more than ANSWER_TIMEOUT_SECONDS."""
MAX_CONNECTIONS = 16
"""Calls at a time, each on a connection of its own."""
PROBE = RateLimitItemPerMinute(1, namespace="probe")
FAILURES = (StorageError, RedisError, OSError)

Answer = TypeVar("Answer")
Call = Callable[[], Awaitable[Answer]]
"""Asks Redis."""


class RedisStorage:
    """Hits in Redis; entering it (`async with`) tries at once whether Redis answers.

    Args:
        url: redis://, rediss:// or unix://, with user, password, database and options as redis-py takes them, which
            the settings have checked.

    Attributes:
        redis: makes the calls that are given to `call`.
    """

    def __init__(self, url: str) -> None:
        timeouts = {"socket_connect_timeout": ANSWER_TIMEOUT_SECONDS, "socket_timeout": ANSWER_TIMEOUT_SECONDS}
        self._pool = ConnectionPool.from_url(url, **timeouts, retry=Retry(NoBackoff(), 0))
        # The library wants a URL as well, and uses the pool instead.
        storage = RedisBackend(
            "redis://",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=PREFIX,
            connection_pool=self._pool,  # type: ignore[arg-type]
        )
        self._windows = Windows(storage)
        self.redis = Redis(connection_pool=self._pool)
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)
        self._lost = asyncio.Event()
        self._slow_since = math.inf
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.hit(PROBE, "")
        self._watch = asyncio.create_task(self._reconnect())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watch:
            self._watch.cancel()
        with suppress(*FAILURES):
            await self._pool.disconnect()

    async def hit(self, limit: RateLimitItem, key: str, *, exact: bool = False, cost: int = 1) -> int | None:
        """Count a hit as `LimitStorage.hit` does; return None while Redis does not answer in time."""
        return await self.call(partial(self._windows.hit, limit, key, exact=exact, cost=cost))

    async def call(self, ask: Call[Answer]) -> Answer | None:
        """Ask Redis; return None while it does not answer in time."""
        try:
            async with asyncio.timeout(SLOT_TIMEOUT_SECONDS):
                await self._slots.acquire()
        except TimeoutError:
            return None
        try:
            # Checked within the slot, so that of a crowd only the first few wait for a Redis that hangs.
            return None if self._lost.is_set() else await self._ask(ask)
        except FAILURES as error:
            self._lose(_reason(error))
            return None
        finally:
            self._slots.release()

    async def _ask(self, ask: Call[Answer]) -> Answer:
        asked = time.monotonic()
        async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS):
            answer = await ask()
        self._note_pace(time.monotonic() - asked)
        return answer

    def _note_pace(self, answer_seconds: float) -> None:
        now = time.monotonic()
        if answer_seconds <= SLOW_ANSWER_SECONDS:
            self._slow_since = math.inf
            return
        self._slow_since = min(self._slow_since, now)
        if now - self._slow_since >= SLOW_PERIOD_SECONDS:
            self._lose(f"answers take more than {SLOW_ANSWER_SECONDS} s")

    def _lose(self, reason: str) -> None:
        if not self._lost.is_set():
            self._lost.set()
            logger.warning(
                "Redis is unreachable or slow (DIGIT_REDIS_URL); using per-process limits",
                reason=reason,
            )

    async def _reconnect(self) -> None:
        while True:
            await self._lost.wait()
            await asyncio.sleep(RETRY_SECONDS)
            # A hit and not a ping: a Redis that refuses writes answers a ping, too.
            with suppress(*FAILURES):
                async with asyncio.timeout(SLOW_ANSWER_SECONDS):
                    await self._ask(partial(self._windows.hit, PROBE, ""))
                self._lost.clear()
                logger.info("Redis is back; using shared limits")


def _reason(error: Exception) -> str:
    cause = error.storage_error if isinstance(error, StorageError) else error
    return str(cause) or f"no answer within {ANSWER_TIMEOUT_SECONDS} s"
