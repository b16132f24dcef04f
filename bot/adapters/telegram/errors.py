"""Errors of answers: refused by Telegram, or unforeseen."""

import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import Update
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.ext import ContextTypes

from bot import i18n
from bot.adapters.telegram.messages import send
from bot.conversation.reply import Reply
from bot.conversation.sentences import APOLOGY
from bot.i18n import lazy
from bot.text import Text

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

NO_RIGHTS = lazy("I'm not allowed to send pictures here. Please ask whoever runs this chat, or write to me in private.")

Handler = Callable[[object, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


def handler(on_invalid_token: Callable[[], None]) -> Handler:
    """Return the handler of the errors that handlers of updates raise.

    Args:
        on_invalid_token: called when Telegram refuses the token of an answer.
    """

    async def handle(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        match context.error:
            case InvalidToken():
                on_invalid_token()
            case BadRequest() as error if "rights to send" in error.message:
                await _explain(update, NO_RIGHTS)
            case BadRequest() | Forbidden() as error:
                # Blocked, thrown out, deleted, or asked too long ago: nobody waits for that answer.
                logger.info("not delivered", reason=error.message)
            case TelegramError() as error:
                logger.warning("not delivered", reason=error.message)
            case error:
                logger.error("update failed", exc_info=error)
                await _explain(update, APOLOGY)

    return handle


async def _explain(update: object, sentence: lazy) -> None:
    """Send the person behind an update a sentence in place of the answer."""
    if not isinstance(update, Update):
        return
    user = update.effective_user
    with contextlib.suppress(TelegramError), i18n.use_language((user.language_code if user else None) or ""):
        if update.message:
            await send(update.message, Reply(Text((str(sentence),))))
        elif update.callback_query:
            await update.callback_query.answer(str(sentence))
