"""What the bot sends into a chat: words, and pictures with their buttons, beside the message that they answer."""

import re
from typing import Any

from telegram import (
    Chat,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MaybeInaccessibleMessage,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
)

from bot import replies
from bot.adapters.telegram_app import buttons
from bot.adapters.telegram_app.buttons import Action
from core.requests import Picture, StripRequest


async def tell(update: Update, sentence: str) -> None:
    """Tell the person behind an update why nothing else comes."""
    if update.message:
        await say(update.message, sentence)
    elif update.callback_query:
        await update.callback_query.answer(sentence)


async def say(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Answer a message with words."""
    bot = message.get_bot()
    await bot.send_message(text=text, entities=_quotes(text), reply_markup=keyboard, **_beside(message))


async def show(message: MaybeInaccessibleMessage, action: Action, asked: StripRequest, picture: Picture) -> None:
    """Answer the press of a button under a message with a picture."""
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
        await send(message, asked, picture)


async def send(message: MaybeInaccessibleMessage, asked: StripRequest, picture: Picture) -> None:
    """Answer a message with a picture and its buttons."""
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
