"""python-telegram-bot's client: concurrent calls, rate limits, and retries."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.adapters.telegram.flood_control import FloodControl, Recipient
from bot.adapters.telegram.poll_request import PollRequest
from bot.adapters.telegram.server_clock import ServerClock
from bot.backoff import BackOff

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

MAX_CONCURRENT_UPDATES = 16
"""Updates that are handled at a time. More cost more: at 256 an answer takes three times the processor."""
POLL_CONNECTIONS = 4
"""A poll that is cut off keeps its connection for a while."""
MAX_FLOOD_RETRIES = 3
"""Times that a call is made again which Telegram refused for a while, or which was for a chat that has moved."""
MAX_NETWORK_RETRIES = 3
"""Times that an answer is sent again after a fault of the network."""
FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS = 0.5, 2.0
FIRST_RECONNECT_SECONDS, MAX_RECONNECT_SECONDS = 1.0, 30.0
ANSWER_METHODS = ("answer", "edit", "send")
"""Beginnings of the methods that answer somebody."""
RECIPIENTS = ("chat_id", "callback_query_id", "inline_query_id")
"""Parameters that name the recipient of a call."""

Client = Application[Any, Any, Any, Any, Any, Any]
Result = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[[], Coroutine[Any, Any, Result]]


def create(token: str, api_url: str, clock: ServerClock) -> tuple[Client, PollRequest]:
    """Return a client that is not connected yet, and the requests with which it polls.

    Args:
        token: of the bot.
        api_url: of the Bot API server.
        clock: set by each answer.
    """
    api_url = api_url.rstrip("/")
    hooks = {"event_hooks": {"response": [clock.read]}}
    polls = PollRequest(POLL_CONNECTIONS, httpx_kwargs=hooks)
    client = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .request(HTTPXRequest(MAX_CONCURRENT_UPDATES, httpx_kwargs=hooks))
        .get_updates_request(polls)
        .rate_limiter(RateLimiter())
        .build()
    )
    return client, polls


class Outage:
    """A time in which Telegram cannot be reached: waited out in growing pauses, each of them logged."""

    def __init__(self) -> None:
        self._lasts = False
        self._backoff = BackOff(FIRST_RECONNECT_SECONDS, MAX_RECONNECT_SECONDS)

    async def wait(self, error: TelegramError) -> None:
        """Pause before the next try; log why, and how long."""
        wait = _seconds(error) if isinstance(error, RetryAfter) else 0
        pause = max(wait, self._backoff.next_seconds())
        logger.warning("not connected to Telegram, and keep trying", reason=error.message, retry_seconds=pause)
        self._lasts = True
        await asyncio.sleep(pause)

    def end(self) -> None:
        """Note that Telegram is reached."""
        if self._lasts:
            logger.info("connected to Telegram again")
        self._lasts = False
        self._backoff.reset()


class RateLimiter(AIORateLimiter):
    """Keeps to Telegram's rate limits, and sends an answer again after a fault of the network.

    The library's own limiter tries again after RetryAfter only, and holds back every call of the bot until then
    (`telegram/ext/_aioratelimiter.py`).

    Args:
        limits: of the library's own limiter.
    """

    def __init__(self, **limits: int) -> None:
        super().__init__(**limits)
        self._flood_control = FloodControl()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Sequence[object],
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Make a call of the Bot API.

        Raises:
            RetryAfter: Telegram refuses calls for this chat, or all calls, for too long.
        """

        async def call_again(*args: object, **kwargs: object) -> Result:
            return await _with_retries(partial(callback, *args, **kwargs))

        # The others belong to connecting, which is tried again as a whole.
        call = call_again if endpoint.startswith(ANSWER_METHODS) else callback
        limited = partial(super().process_request, call, args, kwargs, endpoint, data, rate_limit_args)
        for _ in range(MAX_FLOOD_RETRIES):
            try:
                return await self._call(limited, _recipient(endpoint, data))
            except RetryAfter:
                continue
            except ChatMigrated as error:
                if not endpoint.startswith("send"):  # nothing of the old chat can be edited in the new one
                    raise
                data["chat_id"] = error.new_chat_id
        return await self._call(limited, _recipient(endpoint, data))

    async def _call(self, call: Call, recipient: Recipient) -> Result:
        await self._flood_control.wait(recipient)
        try:
            result = await call()
        except RetryAfter as error:
            self._flood_control.refuse(recipient, _seconds(error))
            raise
        self._flood_control.accept()
        return result


def _recipient(endpoint: str, data: dict[str, Any]) -> Recipient:
    """Return the chat or the query that a call is for; the method, if it is for nobody."""
    return next((data[name] for name in RECIPIENTS if name in data), endpoint)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


async def _with_retries(call: Call) -> Result:
    backoff = BackOff(FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS)
    for _ in range(MAX_NETWORK_RETRIES):
        try:
            return await call()
        except BadRequest:  # which the library counts among the network's errors
            raise
        except NetworkError:
            await asyncio.sleep(backoff.next_seconds())
    return await call()
