"""python-telegram-bot's client: concurrent calls, rate limits, and retries."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder

from bot.backoff import BackOff

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

# Avoid PTB's deprecation warning at every RetryAfter, which has a timedelta with this.
os.environ.setdefault("PTB_TIMEDELTA", "true")

MAX_CONCURRENT_UPDATES = 16
"""Updates that are handled at a time. More cost more: at 256 an answer takes three times the processor."""
POLL_CONNECTIONS = 4
"""A poll that is cut off keeps its connection for a while."""
MAX_FLOOD_RETRIES = 3
MAX_FLOOD_WAIT = timedelta(minutes=1)
"""The library holds back every call while it waits: a longer wait would silence the bot for everybody."""
MAX_NETWORK_RETRIES = 3
"""Times that an answer is sent again after a fault of the network."""
FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS = 0.5, 2.0
FIRST_RECONNECT_SECONDS, MAX_RECONNECT_SECONDS = 1.0, 30.0
ANSWER_METHODS = ("answer", "edit", "send")
"""Beginnings of the methods that answer somebody."""

Client = Application[Any, Any, Any, Any, Any, Any]
Result = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[[], Coroutine[Any, Any, Result]]


def create(token: str, api_url: str) -> Client:
    """Return a client that is not connected yet, and that leaves the fetching of updates to its owner.

    Args:
        token: of the bot.
        api_url: of the Bot API server.
    """
    api_url = api_url.rstrip("/")
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .connection_pool_size(MAX_CONCURRENT_UPDATES)
        .get_updates_connection_pool_size(POLL_CONNECTIONS)
        .rate_limiter(RateLimiter(max_retries=MAX_FLOOD_RETRIES))
        .build()
    )


class Outage:
    """A time in which Telegram cannot be reached: logged once for each reason, and waited out in growing pauses."""

    def __init__(self) -> None:
        self._reason = ""
        self._backoff = BackOff(FIRST_RECONNECT_SECONDS, MAX_RECONNECT_SECONDS)

    async def wait(self, error: TelegramError) -> None:
        """Pause before the next try; log a new reason."""
        if error.message != self._reason:
            logger.warning("not connected to Telegram, and keep trying", reason=error.message)
        self._reason = error.message
        await asyncio.sleep(self._backoff.next_seconds())

    def end(self) -> None:
        """Note that Telegram is reached."""
        if self._reason:
            logger.info("connected to Telegram again")
        self._reason = ""
        self._backoff.reset()


class RateLimiter(AIORateLimiter):
    """Keeps to Telegram's rate limits, and sends an answer again after a fault of the network.

    The library's own limiter tries again after RetryAfter only (`telegram/ext/_aioratelimiter.py`).
    """

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Sequence[object],
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Make a call of the Bot API."""

        async def call_again(*args: object, **kwargs: object) -> Result:
            return await _with_retries(partial(callback, *args, **kwargs))

        # The others belong to connecting, which is tried again as a whole.
        call = call_again if endpoint.startswith(ANSWER_METHODS) else callback
        return await super().process_request(call, args, kwargs, endpoint, data, rate_limit_args)


async def _with_retries(call: Call) -> Result:
    backoff = BackOff(FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS)
    for _ in range(MAX_NETWORK_RETRIES):
        try:
            return await _without_long_waits(call)
        except BadRequest:  # which the library counts among the network's errors
            raise
        except NetworkError:
            await asyncio.sleep(backoff.next_seconds())
    return await _without_long_waits(call)


async def _without_long_waits(call: Call) -> Result:
    """Make a call; fail instead of letting the library wait longer than MAX_FLOOD_WAIT."""
    try:
        return await call()
    except RetryAfter as error:
        if isinstance(error.retry_after, timedelta) and error.retry_after > MAX_FLOOD_WAIT:
            raise TelegramError(error.message) from None
        raise
