"""python-telegram-bot, set up: how many calls at once, how fast, and how patient with the network."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

# Without this the library warns of its own past at every RetryAfter.
os.environ.setdefault("PTB_TIMEDELTA", "true")

AT_ONCE = 16
"""Updates that are answered at a time. More cost more: at 256 an answer takes three times the processor."""
FLOOD_RETRIES = 3
LONGEST_FLOOD = timedelta(minutes=1)
"""The library holds back every call while it waits: a longer wait would silence the bot for everybody."""
NETWORK_RETRIES = (0.5, 1.0, 2.0)
"""Seconds before an answer that got lost is sent again."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two tries to connect."""
ANSWERS = ("answer", "edit", "send")

Client = Application[Any, Any, Any, Any, Any, Any]
Result = bool | dict[str, Any] | list[dict[str, Any]]
Post = Callable[[], Coroutine[Any, Any, Result]]


def create(token: str, api: str) -> Client:
    """A client that is not connected yet, and that leaves the fetching of updates to its owner.

    Args:
        token: of the bot.
        api: address of the Bot API server.
    """
    api = api.rstrip("/")
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .updater(None)
        .connection_pool_size(AT_ONCE)
        .get_updates_connection_pool_size(4)  # a poll that is cut off keeps its connection for a while
        .rate_limiter(_Limiter(max_retries=FLOOD_RETRIES))
        .build()
    )


class Outage:
    """A time in which Telegram is out of reach: told in one line, and waited out in growing pauses."""

    def __init__(self) -> None:
        self._reason = ""
        self._pause = SHORTEST_PAUSE

    async def wait(self, error: TelegramError) -> None:
        """Pause before the next try; a reason that is new is logged."""
        if error.message != self._reason:
            logger.warning("not connected to Telegram, and keep trying", reason=error.message)
        self._reason = error.message
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def end(self) -> None:
        """Telegram is in reach."""
        if self._reason:
            logger.info("connected to Telegram again")
        self._reason, self._pause = "", SHORTEST_PAUSE


class _Limiter(AIORateLimiter):
    """Keeps to Telegram's limits, waits when told to, and sends an answer again that the network lost."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Sequence[object],
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        async def post(*args: object, **kwargs: object) -> Result:
            return await _patiently(partial(callback, *args, **kwargs))

        # The rest belongs to connecting, which is tried again as a whole.
        call = post if endpoint.startswith(ANSWERS) else callback
        return await super().process_request(call, args, kwargs, endpoint, data, rate_limit_args)


async def _patiently(post: Post) -> Result:
    for pause in NETWORK_RETRIES:
        try:
            return await _unless_silenced(post)
        except BadRequest:  # which the library counts among the network's errors
            raise
        except NetworkError:
            await asyncio.sleep(pause)
    return await _unless_silenced(post)


async def _unless_silenced(post: Post) -> Result:
    try:
        return await post()
    except RetryAfter as error:
        if isinstance(error.retry_after, timedelta) and error.retry_after > LONGEST_FLOOD:
            raise TelegramError(error.message) from None
        raise
