"""What Telegram's users send, and what they get: commands, presses of buttons, and inline queries."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from telegram import (
    Chat,
    InlineKeyboardMarkup,
    InlineQueryResultsButton,
    InputMediaPhoto,
    MaybeInaccessibleMessage,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.constants import CallbackQueryLimit, FloodLimit
from telegram.ext import ContextTypes
from yarl import URL

from bot import commands, replies
from bot.adapters import telegram_buttons as buttons
from bot.adapters import telegram_inline as inline
from bot.adapters.telegram_buttons import Action
from bot.cooldown import Allowance, Cooldown, RoomFull
from core.errors import DigitError
from core.requests import Picture, StripRequest
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

PATIENCE = timedelta(minutes=5)
"""Who has waited longer than this for an answer, while the bot was down, no longer waits."""
PROMPTS = {"/start": replies.GREETING, "/digit": replies.WHICH}
"""Commands that, with nothing after them, are answered with the ten digits to press."""
BARE = re.compile(r"(/start|/digit)(@\w+)?\s*", re.IGNORECASE)
START = re.compile(r"/start(@\w+)?\s+(?P<link>\S+)", re.IGNORECASE)


class Answers:
    """Answers updates.

    Args:
        service: draws.
        cooldown: between two pictures of a person.
        public_url: where Telegram reaches the web page, for inline mode; None if it does not.
    """

    def __init__(self, service: DigitService, cooldown: Cooldown, public_url: URL | None) -> None:
        self._service = service
        self._cooldown = cooldown
        self._allowance = Allowance(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP)
        self._public_url = public_url

    async def to_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a command; in a private chat, whatever is said."""
        message = update.message
        if message is None or not _is_meant(message, context.bot.username):
            return
        try:
            await self._speak_in(message.chat)
            await self._answer(message)
        except RoomFull as error:
            if error.first:
                await _say(message, replies.sentence(error))
        except DigitError as error:
            await _say(message, replies.sentence(error))

    async def to_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the press of a button: at once what keeps it from being done, otherwise with a picture."""
        query = update.callback_query
        if query is None:
            return
        try:
            action, asked = buttons.read(query.data)
            await self._cooldown.check("telegram", query.from_user.id)
            if query.message:
                await self._speak_in(query.message.chat)
            picture = await self._draw(asked)
        except DigitError as error:
            await query.answer(replies.sentence(error)[: CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH])
            return
        # Before the picture: of a press that is too old to be answered nobody expects one.
        await query.answer()
        if query.message:
            await _show(query.message, action, asked, picture)

    async def to_inline(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer strips for what stands after the bot's name, or a way into the private chat."""
        query = update.inline_query
        if query is None:
            return
        results, button = [], None
        try:
            if self._public_url is None:
                button = InlineQueryResultsButton(replies.PRIVATE, start_parameter=inline.link(query.query))
            else:
                results = await inline.draw(self._service, query.query, self._public_url)
        except DigitError:
            # Half of what is typed is no request yet: a sentence for each letter would only flicker.
            button = InlineQueryResultsButton(replies.HOW, start_parameter="help")
        await query.answer(results, cache_time=0, is_personal=True, button=button)

    async def _speak_in(self, chat: Chat) -> None:
        if chat.type != Chat.PRIVATE:
            await self._allowance.take(chat.id)

    async def _answer(self, message: Message) -> None:
        line = _line(message)
        bare = BARE.fullmatch(line)
        if bare:
            await _say(message, PROMPTS[bare[1].lower()], buttons.digits())
            return
        asked = commands.parse(line)
        if isinstance(asked, commands.Topic):
            await _say(message, replies.answer(asked, self._service.catalog))
            return
        await self._cooldown.check("telegram", (message.from_user or message.chat).id)
        await _send(message, asked, await self._draw(asked))

    async def _draw(self, asked: StripRequest) -> Picture:
        picture = await self._service.draw(asked)
        logger.info("drawn", digit=picture.digits[0], count=asked.count, seed=picture.seed, model=picture.model)
        return picture


async def tell(update: Update, sentence: str) -> None:
    """Tell the person behind an update why nothing else comes."""
    if update.message:
        await _say(update.message, sentence)
    elif update.callback_query:
        await update.callback_query.answer(sentence)


def _is_meant(message: Message, username: str) -> bool:
    """Whether a message waits for an answer of this bot: in a group, only a command that is its own."""
    if datetime.now(UTC) - message.date > PATIENCE:
        return False
    command, _, bot = next(iter(_line(message).split()), "").partition("@")
    if command.startswith("/") and bot:
        return bot.lower() == username.lower()
    return message.chat.type == Chat.PRIVATE or command.lower() in commands.NAMES


def _line(message: Message) -> str:
    """What is said; a deep link such as `/start digit_4` says `/digit 4`."""
    text = message.text or message.caption or ""
    start = START.fullmatch(text)
    return "/" + start["link"].replace("_", " ") if start else text


async def _say(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    bot = message.get_bot()
    await bot.send_message(text=text, entities=_quotes(text), reply_markup=keyboard, **_beside(message))


async def _show(message: MaybeInaccessibleMessage, action: Action, asked: StripRequest, picture: Picture) -> None:
    bot = message.get_bot()
    if action is Action.ORIGINAL:
        name = f"digit-{picture.digits[0]}-seed-{picture.seed}-original.png"
        await bot.send_document(
            document=picture.data, filename=name, caption=replies.caption(picture), **_beside(message)
        )
    elif message.chat.type != Chat.PRIVATE and isinstance(message, Message) and message.photo:
        # A group stays readable, and its picture is of use to all who press.
        media = InputMediaPhoto(picture.data, caption=replies.caption(picture))
        await message.edit_media(media, reply_markup=buttons.under(asked, picture))
    else:
        await _send(message, asked, picture)


async def _send(message: MaybeInaccessibleMessage, asked: StripRequest, picture: Picture) -> None:
    await message.get_bot().send_photo(
        photo=picture.data,
        caption=replies.caption(picture),
        reply_markup=buttons.under(asked, picture),
        **_beside(message),
    )


def _beside(message: MaybeInaccessibleMessage) -> dict[str, Any]:
    """Where an answer goes: the same chat and topic, as a reply unless the message is gone by then."""
    topic = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return {
        "chat_id": message.chat.id,
        "message_thread_id": topic,
        "reply_parameters": ReplyParameters(message.message_id, allow_sending_without_reply=True),
    }


def _quotes(text: str) -> list[MessageEntity]:
    """What people wrote, between quotation marks, as code: otherwise Telegram makes mentions and links of it."""
    found = re.search("“(.+)”", text, re.DOTALL)
    if not found:
        return []
    return [MessageEntity(MessageEntity.CODE, _utf16(text[: found.start(1)]), _utf16(found[1]))]


def _utf16(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2
