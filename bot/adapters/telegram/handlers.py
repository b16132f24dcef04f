"""Handlers of messages, callback queries and inline queries: an update to a request, and its reply to an answer."""

from datetime import timedelta
from functools import partial

import structlog
from telegram import CallbackQuery, Chat, InlineQuery, Message, Update, User
from telegram.constants import CallbackQueryLimit, ChatID, FloodLimit
from telegram.error import TelegramError
from telegram.ext import ContextTypes
from yarl import URL

from bot import i18n
from bot.adapters.telegram import callback_data, inline, messages, photos
from bot.adapters.telegram.server_clock import ServerClock
from bot.adapters.telegram.settings import NAME
from bot.commands import free_text, hand, registry
from bot.conversation.errors import Unreadable
from bot.conversation.pipeline import Conversation, Exchange
from bot.conversation.reply import Reply
from bot.conversation.sender import Sender
from bot.i18n import lazy
from core.errors import BadRequest, DigitError

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

MAX_MESSAGE_AGE = timedelta(minutes=5)
"""Nobody waits any longer for the answer to an older message, sent while the bot was away. Its chat is asked once to
send it again: a day's messages, all of them answered, would hold up everybody who writes now."""
SHARED_USERS = frozenset(ChatID)
"""Users that stand for everybody who writes in the name of a group or a channel."""
START = "/start"
GREETING = lazy("Hello! Pick a digit, and I draw five of it that nobody ever wrote. /help says what else I can do.")
GREETING_COMMAND = "digit"
"""The command whose choices go with the greeting."""


class Handlers:
    """Answers updates.

    Args:
        conversation: answers requests.
        public_url: URL at which Telegram reaches the web page, for inline mode; None if it does not.
        clock: tells the age of a message.
    """

    def __init__(self, conversation: Conversation, public_url: URL | None, clock: ServerClock) -> None:
        self._conversation = conversation
        self._public_url = public_url
        self._clock = clock

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a command; in a private chat, any message, a photo among them."""
        message = update.message
        if message is None or not _is_meant(message, context.bot.username):
            return
        sender = _sender(message.from_user, message.chat, message.sender_chat)
        with self._conversation.exchange(sender, TelegramError) as exchange:
            missed = self._clock.age(message.date) > MAX_MESSAGE_AGE
            reply = await (exchange.missed() if missed else _reply(exchange, message))
            # Each notice is one message more: somebody eager would have the bot run into Telegram's limits.
            if not reply.repeated:
                await messages.send(message, reply)

    async def on_callback_query(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the press of a button with a picture or a text, or above the chat with the sentence about an error."""
        query = update.callback_query
        if query is None:
            return
        sender = _sender(query.from_user, query.message.chat if query.message else None, quiet_errors=True)
        with self._conversation.exchange(sender, TelegramError) as exchange:
            await _answer_press(query, await exchange.reply(partial(callback_data.read, query.data)))

    async def on_inline_query(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer pictures for the text behind the bot's name, or a button into the private chat."""
        query = update.inline_query
        if query is None:
            return
        # The limit of a chat's pictures holds for the person: Telegram does not tell in which chat they type.
        sender = Sender(
            platform=NAME,
            language=query.from_user.language_code or "",
            person=query.from_user.id,
            chat=query.from_user.id,
            quiet_errors=True,
        )
        with self._conversation.exchange(sender, TelegramError) as exchange, i18n.use_language(sender.language):
            await _answer_inline(query, exchange, self._public_url)

    def skip(self, error: Exception) -> None:
        """Count an update that cannot be read, as after a change of the Bot API; what is in it reaches no log."""
        with self._conversation.request_log.request(NAME) as entry:
            entry.failed(Unreadable())
        logger.warning("an update cannot be read, and is skipped", reason=type(error).__name__)


async def _reply(exchange: Exchange, message: Message) -> Reply:
    """Return the reply to a message; the name of a command alone is answered with its question, if it has one."""
    line = line_of(message)
    name, *words = line.split() or [""]
    name = name.partition("@")[0].lower()
    if photo := photos.find(message, name):
        # A caption that is no command is about the photo.
        read = hand.COMMAND.read_number(words) if name.startswith("/") else None
        return await exchange.hand(partial(photos.load, photo), read)
    if not words and name == START:
        return await exchange.prompt(registry.picture_command(GREETING_COMMAND), GREETING)
    for command in registry.picture_commands():
        if not words and command.prompt and name.removeprefix("/") == command.name:
            return await exchange.prompt(command)
    return await exchange.reply(partial(free_text.read, line))


async def _answer_press(query: CallbackQuery, reply: Reply) -> None:
    if reply.picture is None and reply.error:
        await query.answer(str(reply.text)[: CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH])
        return
    # Answer first: if the query has expired, send nothing.
    await query.answer()
    if query.message and reply.picture:
        await messages.show(query.message, reply, reply.picture)
    elif query.message:
        await messages.send(query.message, reply)


async def _answer_inline(query: InlineQuery, exchange: Exchange, public_url: URL | None) -> None:
    if public_url is None:
        button = inline.private_chat_button(query.query)
        await query.answer([], cache_time=inline.CACHE_SECONDS, is_personal=True, button=button)
        return
    try:
        offers = await exchange.offers(partial(inline.read, query.query), inline.OFFERED_PICTURES)
    except DigitError as error:
        # Half of what is typed is no request yet: that is no failure, and a sentence for each letter would flicker.
        unread = isinstance(error, BadRequest)
        if not unread:
            exchange.failed(error)
        seconds = inline.CACHE_SECONDS if unread else 0
        await query.answer([], cache_time=seconds, is_personal=True, button=inline.error_button(error))
        return
    results = inline.results(offers, public_url)
    await query.answer(results, cache_time=inline.cache_seconds(offers), is_personal=True)


def _sender(
    user: User | None, chat: Chat | None, sender_chat: Chat | None = None, *, quiet_errors: bool = False
) -> Sender:
    """Return the sender of a message or of a pressed button; one without a user of its own is the chat's."""
    person = user if user and user.id not in SHARED_USERS else sender_chat or chat
    in_group = chat is not None and chat.type != Chat.PRIVATE
    return Sender(
        platform=NAME,
        language=(user.language_code if user else None) or "",
        person=person.id if person else None,
        chat=chat.id if chat else None,
        max_messages=FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP if in_group else None,
        quiet_errors=quiet_errors,
    )


def _is_meant(message: Message, username: str) -> bool:
    """Whether a message waits for an answer of this bot: in a group, only a command that is its own."""
    command, _, addressee = next(iter(_text(message).split()), "").partition("@")
    if command.startswith("/") and addressee:
        return addressee.lower() == username.lower()
    name = next(iter(line_of(message).split()), "").lower()
    return message.chat.type == Chat.PRIVATE or (name.startswith("/") and name[1:] in registry.names())


def _text(message: Message) -> str:
    return message.text or message.caption or ""


def line_of(message: Message) -> str:
    """Return the line of a message; a deep link such as `/start digit_4` is the line `/digit 4`."""
    text = _text(message)
    command, *parameters = text.split() or [""]
    if command.partition("@")[0].lower() == START and len(parameters) == 1:
        return "/" + parameters[0].replace("_", " ")
    return text
