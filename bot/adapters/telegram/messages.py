"""What the bot sends into a chat: words, and pictures with their buttons, beside the message that they answer."""

import re
from typing import Any

from telegram import (
    Chat,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
    MaybeInaccessibleMessage,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.constants import MessageLimit

from bot import captions, links
from bot.adapters.telegram_app import buttons
from core.requests import DrawRequest, Form, Picture, Style


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


async def illustrate(message: Message, text: str, image: bytes) -> None:
    """Answer a message with words under an image."""
    await message.get_bot().send_photo(photo=image, caption=text, caption_entities=_quotes(text), **_beside(message))


def is_caption(text: str) -> bool:
    """Whether a text is short enough to stand under an image."""
    return _utf16(text) <= MessageLimit.CAPTION_LENGTH


async def show(message: MaybeInaccessibleMessage, asked: DrawRequest, picture: Picture) -> None:
    """Answer the press of a button under a message with a picture."""
    changes = asked.form is Form.PICTURE and message.chat.type != Chat.PRIVATE
    # Telegram calls an animation a document, too.
    if changes and isinstance(message, Message) and (message.photo or message.document):
        # A group stays readable, and its picture is of use to all who press.
        await message.edit_media(_media(picture), reply_markup=buttons.under(asked, picture))
    else:
        await send(message, asked, picture)


async def send(message: MaybeInaccessibleMessage, asked: DrawRequest, picture: Picture) -> None:
    """Answer a message with a picture and its buttons, or with originals, which have none."""
    bot = message.get_bot()
    keyboard = buttons.under(asked, picture) if asked.form is Form.PICTURE else None
    given = _described(picture) | _beside(message) | {"reply_markup": keyboard}
    if _is_file(picture):
        await bot.send_document(document=picture.data, disable_content_type_detection=True, **given)
    elif _moves(picture):
        await bot.send_animation(animation=picture.data, **given)
    else:
        await bot.send_photo(photo=picture.data, **given)


def _media(picture: Picture) -> InputMediaDocument | InputMediaAnimation | InputMediaPhoto:
    """A picture to put into a message in place of another."""
    if _is_file(picture):
        return InputMediaDocument(picture.data, disable_content_type_detection=True, **_described(picture))
    return (InputMediaAnimation if _moves(picture) else InputMediaPhoto)(picture.data, **_described(picture))


def _is_file(picture: Picture) -> bool:
    """Whether a picture has to arrive as it is: Telegram encodes all others anew, and fills what is transparent."""
    return picture.request.form is not Form.PICTURE or picture.request.style is Style.TRANSPARENT


def _moves(picture: Picture) -> bool:
    return picture.media_type == "image/gif"


def _described(picture: Picture) -> dict[str, Any]:
    return {"caption": captions.caption(picture), "filename": links.file_name(picture)}


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
