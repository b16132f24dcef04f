"""Telegram: connects by polling or by webhook, stays connected, and takes each update to its answer."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import structlog
from aiohttp import web
from pydantic import SecretStr
from telegram import Update
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.ext import CallbackQueryHandler, ContextTypes, InlineQueryHandler, MessageHandler, filters
from yarl import URL

from bot import replies
from bot.adapters import Refused
from bot.adapters.telegram_app import client, webhook
from bot.adapters.telegram_app.answers import Answers
from bot.adapters.telegram_app.messages import tell
from bot.adapters.telegram_app.setup import introduce
from bot.adapters.telegram_app.updates import Inbox
from bot.gates import Gates
from bot.record import Record
from bot.settings import Settings
from core.errors import Closed
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

USED = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)
SPOKEN = filters.UpdateType.MESSAGE & ~filters.VIA_BOT & ~filters.StatusUpdate.ALL
LONG_POLL = 50
"""Seconds for which Telegram holds a poll open while there is nothing new."""
PROMPTLY = 1.0
"""Seconds after which new updates are fetched although an answer to an old one is still under way."""
WATCH = 60.0
"""Seconds between two looks at whether the webhook is still in place."""
GRACE = 5.0
"""Seconds, at most, for the answers under way at a stop; what is not done then comes again after the restart."""


class TelegramApp:
    """Serves Telegram.

    Args:
        token: of the bot.
        settings: where Telegram is, and where it finds us.
        service: draws.
        gates: hold back who asks too often.
        record: of every request.
    """

    name = "telegram"

    def __init__(
        self, token: SecretStr, settings: Settings, service: DigitService, gates: Gates, record: Record
    ) -> None:
        self.ready = False
        self._webhook_url = str(settings.telegram_webhook_url or "")
        self._secret = webhook.secret(token.get_secret_value())
        self.routes: Sequence[web.RouteDef] = [webhook.route(self._secret, self._take)] if self._webhook_url else []
        self._client = client.create(token.get_secret_value(), str(settings.telegram_api_url))
        public_url = URL(str(settings.public_url)) if settings.public_url else None
        answers = Answers(service, gates, record, public_url)
        self._client.add_handler(MessageHandler(SPOKEN, answers.to_message))
        self._client.add_handler(CallbackQueryHandler(answers.to_press))
        self._client.add_handler(InlineQueryHandler(answers.to_inline))
        self._client.add_error_handler(self._on_error)
        self._inbox = Inbox(self._client.process_update, client.AT_ONCE)
        self._serving: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        self._doubt = asyncio.Event()
        self._outage = client.Outage()
        self._introduced = False

    async def run(self) -> None:
        """Serve until `close`.

        Raises:
            Refused: Telegram does not know the token, or no longer.
        """
        self._stopped.clear()
        self._serving = asyncio.create_task(self._serve())
        try:
            await asyncio.wait([self._serving])
            await self._inbox.finish(GRACE)
            if self._serving.cancelled():
                await self._confirm()
            else:
                self._serving.result()
        finally:
            self.ready = False
            self._serving.cancel()
            await self._client.shutdown()
            self._stopped.set()

    async def close(self) -> None:
        """Answer what was accepted, tell Telegram what that was, and disconnect."""
        self.ready = False
        if self._serving is not None:
            self._serving.cancel()
            await self._stopped.wait()

    async def _serve(self) -> None:
        while True:
            try:
                await self._connect()
                await (self._watch() if self._webhook_url else self._poll())
            except InvalidToken:
                raise Refused("TELEGRAM_TOKEN") from None
            except TelegramError as error:
                self.ready = False
                await self._outage.wait(error)

    async def _connect(self) -> None:
        await self._client.initialize()
        if not self._introduced:
            self._introduced = True
            await introduce(self._client.bot)
        # What waits at Telegram is kept in both directions.
        if self._webhook_url:
            await self._client.bot.set_webhook(
                self._webhook_url,
                secret_token=self._secret,
                allowed_updates=USED,
                max_connections=client.AT_ONCE,
            )
        else:
            await self._client.bot.delete_webhook()

    async def _poll(self) -> None:
        while True:
            # The first poll is short: it shows at once whether the connection is good.
            timeout = LONG_POLL if self.ready else 0
            updates = await self._client.bot.get_updates(self._inbox.confirmed, timeout=timeout, allowed_updates=USED)
            if timeout:
                self._outage.end()
            self.ready = True
            if updates:
                await asyncio.wait([self._inbox.take(update) for update in updates], timeout=PROMPTLY)

    async def _watch(self) -> None:
        self.ready = True
        told = None
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), WATCH)
            self._doubt.clear()
            state = await self._client.bot.get_webhook_info()
            self._outage.end()
            if state.url != self._webhook_url:
                logger.warning("another program has changed the webhook", url=state.url)
                return
            if state.last_error_date != told:
                told = state.last_error_date
                logger.warning("Telegram cannot post to the webhook", reason=state.last_error_message, last=str(told))

    async def _confirm(self) -> None:
        """Tell Telegram what is done; a poll that asks for the next update is the only way to say so."""
        if self._inbox.confirmed is not None and not self._webhook_url:
            with contextlib.suppress(TelegramError):
                await self._client.bot.get_updates(self._inbox.confirmed, limit=1, allowed_updates=USED)

    def _take(self, posted: dict[str, Any]) -> "asyncio.Task[None]":
        if not self.ready:
            raise Closed
        update = Update.de_json(posted, self._client.bot)
        if not isinstance(update.update_id, int):
            raise TypeError(update.update_id)
        return self._inbox.take(update)

    async def _on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        match context.error:
            case InvalidToken():
                self._doubt.set()
            case BadRequest() as error if "rights to send" in error.message:
                await _tell(update, replies.NO_RIGHTS)
            case BadRequest() | Forbidden() as error:
                # Blocked, thrown out, deleted, or asked too long ago: nobody waits for that answer.
                logger.info("not delivered", reason=error.message)
            case TelegramError() as error:
                logger.warning("not delivered", reason=error.message)
            case error:
                logger.error("update failed", exc_info=error)
                await _tell(update, replies.SORRY)


async def _tell(update: object, sentence: str) -> None:
    if isinstance(update, Update):
        with contextlib.suppress(TelegramError):
            await tell(update, sentence)
