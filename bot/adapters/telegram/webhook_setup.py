"""Setting, deleting and describing the webhook: by the replicas themselves, and by `python -m bot webhook`."""

from collections.abc import Awaitable, Callable
from datetime import UTC

from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError

from bot.adapters.platform_client import Refused
from bot.adapters.telegram import client
from bot.adapters.telegram.server_clock import ServerClock
from bot.adapters.telegram.settings import TelegramSettings
from bot.adapters.telegram.webhook import secret_token

UPDATE_TYPES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)
MAX_CONNECTIONS = 100
"""The most that Telegram opens at a time: all replicas share them."""


async def set_webhook(bot: Bot, url: str) -> str:
    """Have updates posted to a URL; return that in a sentence."""
    await bot.set_webhook(
        url, secret_token=secret_token(bot.token), allowed_updates=UPDATE_TYPES, max_connections=MAX_CONNECTIONS
    )
    return f"Telegram posts updates to {url}"


async def delete_webhook(bot: Bot) -> str:
    """Have updates kept for polling; return that in a sentence."""
    await bot.delete_webhook()
    return "there is no webhook: updates wait for a bot that polls"


async def describe_webhook(bot: Bot) -> str:
    """Return where Telegram posts updates, how many wait, and its last failure."""
    state = await bot.get_webhook_info()
    where = f"Telegram posts updates to {state.url}" if state.url else "there is no webhook"
    sentences = [f"{where}, and {state.pending_update_count} wait"]
    if state.last_error_date:
        when = state.last_error_date.astimezone(UTC).isoformat(timespec="seconds")
        sentences.append(f"the last failure was at {when}: {state.last_error_message}")
    return "; ".join(sentences)


async def with_bot(settings: TelegramSettings, act: Callable[[Bot], Awaitable[str]]) -> str:
    """Do one of these with the bot of some settings.

    Args:
        settings: with a token.
        act: with the bot.

    Raises:
        Refused: Telegram does not know the token.
        ConnectionError: Telegram cannot be reached, or refuses the call; the message says why.
    """
    assert settings.token is not None  # noqa: S101  without a token there is no bot
    application, _ = client.create(settings.token.get_secret_value(), str(settings.api_url), ServerClock())
    try:
        async with application.bot as bot:
            return await act(bot)
    except InvalidToken:
        raise Refused(settings.variable("token")) from None
    except TelegramError as error:
        raise ConnectionError(error.message) from None
