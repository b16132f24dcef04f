"""Telegram: connects by polling or by webhook, stays connected, and takes each update to its answer."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from aiohttp import web
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import CallbackQueryHandler, InlineQueryHandler, MessageHandler, filters

from bot.adapters.base import Context
from bot.adapters.platform_client import Refused
from bot.adapters.telegram import client, errors, webhook
from bot.adapters.telegram.handlers import Handlers
from bot.adapters.telegram.poll_request import Json
from bot.adapters.telegram.profile import translate_profile, update_profile
from bot.adapters.telegram.server_clock import ServerClock
from bot.adapters.telegram.settings import NAME, TelegramSettings
from bot.adapters.telegram.update_queue import UpdateQueue
from bot.adapters.telegram.webhook_setup import UPDATE_TYPES, set_webhook
from core.errors import Closed

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

MESSAGES = filters.UpdateType.MESSAGE & ~filters.VIA_BOT & ~filters.StatusUpdate.ALL
LONG_POLL_SECONDS = 50
"""Time for which Telegram holds a poll open while there is no new update."""
MAX_POLL_PAUSE_SECONDS = 0.25
"""Time after which new updates are fetched although an answer to an old one is still under way."""
WEBHOOK_CHECK_SECONDS = 60.0
"""Time between two checks that the webhook is still in place."""
STOP_TIMEOUT_SECONDS = 14.0
"""For the answers under way at a stop: the time for their pictures, and more for sending them from a busy machine.
Updates without one by then come again, to another replica or after the restart."""


class Adapter:
    """Serves Telegram; see `bot.adapters.base.Adapter`.

    Args:
        settings: with a token.
        context: the things that an adapter works with.
    """

    name = NAME

    def __init__(self, settings: TelegramSettings, context: Context) -> None:
        assert settings.token is not None  # noqa: S101  the token switches the platform on
        token = settings.token.get_secret_value()
        self.ready = False
        self._check_webhook = asyncio.Event()
        self._token_variable = settings.variable("token")
        self._webhook_url = str(settings.webhook_url or "")
        self._secret = webhook.secret_token(token)
        self.routes: Sequence[web.RouteDef] = [webhook.route(self._secret, self._put)] if self._webhook_url else []
        clock = ServerClock()
        self._client, self._polls = client.create(token, str(settings.api_url), clock)
        self._handlers = handlers = Handlers(context.conversation, context.public_url, clock)
        self._client.add_handler(MessageHandler(MESSAGES, handlers.on_message))
        self._client.add_handler(CallbackQueryHandler(handlers.on_callback_query))
        self._client.add_handler(InlineQueryHandler(handlers.on_inline_query))
        self._client.add_error_handler(errors.handler(self._check_webhook.set))
        self._claims = context.claims
        self._queue = UpdateQueue(self._handle, client.MAX_CONCURRENT_UPDATES, context.claims)
        self._serving: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        self._outage = client.Outage()
        self._profile_updated = False
        self._translating: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve until `close`.

        Raises:
            Refused: Telegram does not know the token, or no longer.
        """
        self._stopped.clear()
        self._serving = asyncio.create_task(self._serve())
        try:
            await asyncio.wait([self._serving])
            await self._queue.finish(STOP_TIMEOUT_SECONDS)
            if self._serving.cancelled():
                await self._confirm()
            else:
                self._serving.result()
        finally:
            self.ready = False
            self._serving.cancel()
            if self._translating is not None:
                self._translating.cancel()
                await asyncio.wait([self._translating])
            await self._client.shutdown()
            self._stopped.set()

    async def close(self) -> None:
        """Answer the accepted updates, confirm them, and disconnect."""
        self.ready = False
        if self._serving is not None:
            self._serving.cancel()
            await self._stopped.wait()

    async def _serve(self) -> None:
        while True:
            try:
                await self._connect()
                await (self._watch_webhook() if self._webhook_url else self._poll())
            except InvalidToken:
                raise Refused(self._token_variable) from None
            except TelegramError as error:
                self.ready = False
                await self._outage.wait(error)

    async def _connect(self) -> None:
        await self._client.initialize()
        if not self._profile_updated:
            self._profile_updated = True
            async with self._claims.lock(NAME, "profile"):
                await update_profile(self._client.bot)
            # Nobody waits for the translations of the menus.
            self._translating = asyncio.create_task(self._translate_profile())
        # Updates that wait at Telegram are kept in both directions.
        if self._webhook_url:
            await self._set_webhook()
        else:
            await self._client.bot.delete_webhook()

    async def _translate_profile(self) -> None:
        # One replica after another: the first writes what is new, and the others find nothing to write.
        async with self._claims.lock(NAME, "translations"):
            await translate_profile(self._client.bot)

    async def _set_webhook(self) -> None:
        # Of many replicas that start together one sets it; whose URL is not in place does so in any case.
        async with self._claims.claim(NAME, "webhook", self._webhook_url) as first:
            if first or (await self._client.bot.get_webhook_info()).url != self._webhook_url:
                await set_webhook(self._client.bot, self._webhook_url)

    async def _poll(self) -> None:
        while True:
            # The first poll is short: it shows at once whether the connection is good.
            timeout = LONG_POLL_SECONDS if self.ready else 0
            await self._client.bot.get_updates(self._queue.offset, timeout=timeout, allowed_updates=UPDATE_TYPES)
            if timeout:
                self._outage.end()
            self.ready = True
            if self._polls.updates:
                await asyncio.wait(self._put_all(self._polls.updates), timeout=MAX_POLL_PAUSE_SECONDS)

    async def _watch_webhook(self) -> None:
        self.ready = True
        logged = None
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._check_webhook.wait(), WEBHOOK_CHECK_SECONDS)
            self._check_webhook.clear()
            state = await self._client.bot.get_webhook_info()
            self._outage.end()
            if state.url != self._webhook_url:
                logger.warning("another program has changed the webhook", url=state.url)
                return
            if state.last_error_date != logged:
                logged = state.last_error_date
                logger.warning("Telegram cannot post to the webhook", reason=state.last_error_message, last=str(logged))

    async def _confirm(self) -> None:
        """Confirm the handled updates; a poll that asks for the next one is the only way."""
        if self._queue.offset is not None and not self._webhook_url:
            with contextlib.suppress(TelegramError):
                await self._client.bot.get_updates(self._queue.offset, limit=1, allowed_updates=UPDATE_TYPES)

    def _put_all(self, updates: Sequence[Json]) -> "list[asyncio.Task[None]]":
        try:
            return [self._queue.put(update) for update in updates]
        except (KeyError, TypeError):
            raise TelegramError("Invalid server response") from None

    def _put(self, posted: Json) -> "asyncio.Task[None]":
        if not self.ready:
            raise Closed
        return self._queue.put(posted)

    async def _handle(self, received: Json) -> None:
        try:
            update = Update.de_json(received, self._client.bot)
        except Exception as error:  # noqa: BLE001  the library raises whatever comes to pass
            self._handlers.skip(error)
        else:
            await self._client.process_update(update)
