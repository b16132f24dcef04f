"""What Telegram's users send, and what they get: commands, presses of buttons, and inline queries."""

import re
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from telegram import CallbackQuery, Chat, InlineQuery, InlineQueryResultsButton, Message, Update
from telegram.constants import CallbackQueryLimit, FloodLimit
from telegram.error import TelegramError
from telegram.ext import ContextTypes
from yarl import URL

from bot import commands, replies
from bot.adapters.telegram_app import buttons, inline, messages
from bot.gates import Gates, RoomFull
from bot.record import Entry, Record
from core.errors import BadRequest, DigitError
from core.requests import CompareRequest, DrawRequest, Picture, StripRequest
from core.service import DigitService

PATIENCE = timedelta(minutes=5)
"""Who has waited longer than this for an answer, while the bot was down, no longer waits."""
BOOTED = datetime.now(UTC) - timedelta(seconds=time.monotonic())
"""When the machine was started, by the clock as it is when the bot starts."""
PROMPTS: Mapping[str, tuple[str, StripRequest | CompareRequest]] = {
    "/start": (replies.GREETING, StripRequest(None)),
    "/digit": (replies.WHICH, StripRequest(None)),
    "/compare": (replies.WHICH, CompareRequest(None)),
}
"""Commands that, with nothing after them, are answered with the ten digits to press."""
BARE = re.compile(rf"({'|'.join(PROMPTS)})(@\w+)?\s*", re.IGNORECASE)
START = re.compile(r"/start(@\w+)?\s+(?P<link>\S+)", re.IGNORECASE)


class Answers:
    """Answers updates.

    Args:
        service: draws.
        gates: hold back who asks too often.
        record: of every request.
        public_url: where Telegram reaches the web page, for inline mode; None if it does not.
    """

    def __init__(self, service: DigitService, gates: Gates, record: Record, public_url: URL | None) -> None:
        self._service = service
        self._gates = gates
        self._record = record
        self._public_url = public_url

    async def to_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a command; in a private chat, whatever is said."""
        message = update.message
        if message is None or not _is_meant(message, context.bot.username):
            return
        with self._recorded() as entry:
            try:
                await self._speak_in(message.chat)
                await self._answer(message, entry)
            except DigitError as error:
                entry.failed(error)
                # One who is alone with the bot is answered; to a group each notice is one message more.
                if not isinstance(error, RoomFull) or error.first or message.chat.type == Chat.PRIVATE:
                    await messages.say(message, replies.sentence(error))

    async def to_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the press of a button: at once what keeps it from being done, otherwise with a picture."""
        query = update.callback_query
        if query is None:
            return
        with self._recorded() as entry:
            await self._to_press(query, entry)

    async def _to_press(self, query: CallbackQuery, entry: Entry) -> None:
        try:
            asked = buttons.read(query.data)
            entry.asks(asked)
            await self._gates.person("telegram", query.from_user.id)
            if query.message:
                await self._speak_in(query.message.chat)
                await self._gates.picture("telegram", query.message.chat.id)
            picture = await self._draw(asked, entry)
        except DigitError as error:
            entry.failed(error)
            await query.answer(replies.sentence(error)[: CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH])
            return
        # Before the picture: of a press that is too old to be answered nobody expects one.
        await query.answer()
        if query.message:
            await messages.show(query.message, asked, picture)

    async def to_inline(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer pictures for what stands after the bot's name, or a way into the private chat."""
        query = update.inline_query
        if query is None:
            return
        with self._recorded() as entry:
            await self._to_inline(query, entry)

    async def _to_inline(self, query: InlineQuery, entry: Entry) -> None:
        results, button = [], None
        try:
            if self._public_url is None:
                button = InlineQueryResultsButton(replies.PRIVATE, start_parameter=inline.link(query.query))
            else:
                results = await inline.draw(self._service, query.query, self._public_url, entry)
        except DigitError as error:
            # Half of what is typed is no request yet: a sentence for each letter would only flicker.
            if not isinstance(error, BadRequest):
                entry.failed(error)
            button = InlineQueryResultsButton(replies.HOW, start_parameter="help")
        await query.answer(results, cache_time=0, is_personal=True, button=button)

    def _recorded(self) -> AbstractContextManager[Entry]:
        return self._record.request("telegram", TelegramError)

    async def _speak_in(self, chat: Chat) -> None:
        if chat.type != Chat.PRIVATE:
            await self._gates.message("telegram", chat.id, FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP)

    async def _answer(self, message: Message, entry: Entry) -> None:
        line = _line(message)
        bare = BARE.fullmatch(line)
        if bare:
            question, digit = PROMPTS[bare[1].lower()]
            entry.asks(digit)
            await messages.say(message, question, buttons.digits(digit))
            return
        asked = commands.parse(line)
        entry.asks(asked)
        if isinstance(asked, commands.Topic):
            await self._explain(message, asked)
            return
        await self._gates.person("telegram", (message.from_user or message.chat).id)
        await self._gates.picture("telegram", message.chat.id)
        await messages.send(message, asked, await self._draw(asked, entry))

    async def _explain(self, message: Message, topic: commands.Topic) -> None:
        catalog = self._service.catalog
        text, curve = replies.answer(topic, catalog), catalog.curve
        if topic is commands.Topic.ABOUT and curve is not None and messages.is_caption(text):
            await messages.illustrate(message, text, curve)
        else:
            await messages.say(message, text)

    async def _draw(self, asked: DrawRequest, entry: Entry) -> Picture:
        picture = await self._service.draw(asked)
        entry.drew(picture)
        return picture


def _is_meant(message: Message, username: str) -> bool:
    """Whether a message waits for an answer of this bot: in a group, only a command that is its own."""
    if _now() - message.date > PATIENCE:
        return False
    command, _, bot = next(iter(_line(message).split()), "").partition("@")
    if command.startswith("/") and bot:
        return bot.lower() == username.lower()
    return message.chat.type == Chat.PRIVATE or command.lower() in commands.NAMES


def _now() -> datetime:
    # Not the clock as it is now: set an hour ahead while the bot runs, it would make everybody wait for nothing.
    return BOOTED + timedelta(seconds=time.monotonic())


def _line(message: Message) -> str:
    """What is said; a deep link such as `/start digit_4` says `/digit 4`."""
    text = message.text or message.caption or ""
    start = START.fullmatch(text)
    return "/" + start["link"].replace("_", " ") if start else text
