"""Replies as messages: text, or a picture with its buttons, beside the message that they answer."""

import contextlib
from typing import Any

from telegram import (
    Chat,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
    MaybeInaccessibleMessage,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import MessageLimit
from telegram.error import ChatMigrated

from bot.adapters.telegram.callback_data import keyboard
from bot.conversation.reply import Reply
from bot.text import Quote, Text
from core.imaging.styles import Style
from core.pictures.base import Form, Picture


async def send(message: MaybeInaccessibleMessage, reply: Reply) -> None:
    """Answer a message."""
    if reply.picture:
        await _send_picture(message, reply, reply.picture)
        return
    bot, text, entities = message.get_bot(), str(reply.text), quote_entities(reply.text)
    if reply.illustration and utf16_length(text) <= MessageLimit.CAPTION_LENGTH:
        image = reply.illustration.data
        await bot.send_photo(photo=image, caption=text, caption_entities=entities, **_place(message))
    else:
        await bot.send_message(text=text, entities=entities, reply_markup=keyboard(reply.buttons), **_place(message))


async def show(message: MaybeInaccessibleMessage, reply: Reply, picture: Picture) -> None:
    """Answer the press of a button under a message with a picture."""
    editable = picture.request.form is Form.PICTURE and message.chat.type != Chat.PRIVATE
    # Telegram calls an animation a document, too.
    if editable and isinstance(message, Message) and (message.photo or message.document):
        # A group stays readable, and its picture is of use to all who press.
        with contextlib.suppress(ChatMigrated):
            await message.edit_media(_input_media(reply, picture), reply_markup=keyboard(reply.buttons))
            return
    await _send_picture(message, reply, picture)


def quote_entities(text: Text) -> list[MessageEntity]:
    """Return the people's own words in a text as code: otherwise Telegram makes mentions and links of them."""
    entities, offset = [], 0
    for part in text:
        written = str(part)
        if isinstance(part, Quote) and part.shown:
            before = written.partition(part.shown)[0]
            entities.append(MessageEntity(MessageEntity.CODE, offset + utf16_length(before), utf16_length(part.shown)))
        offset += utf16_length(written)
    return entities


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units, as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


async def _send_picture(message: MaybeInaccessibleMessage, reply: Reply, picture: Picture) -> None:
    bot = message.get_bot()
    fields = _description(reply) | _place(message) | {"reply_markup": keyboard(reply.buttons)}
    if _is_file(picture):
        await bot.send_document(document=picture.data, disable_content_type_detection=True, **fields)
    elif _is_animation(picture):
        await bot.send_animation(animation=picture.data, **fields)
    else:
        await bot.send_photo(photo=picture.data, **fields)


def _input_media(reply: Reply, picture: Picture) -> InputMediaDocument | InputMediaAnimation | InputMediaPhoto:
    """Return a picture that takes the place of another in its message."""
    if _is_file(picture):
        return InputMediaDocument(picture.data, disable_content_type_detection=True, **_description(reply))
    return (InputMediaAnimation if _is_animation(picture) else InputMediaPhoto)(picture.data, **_description(reply))


def _is_file(picture: Picture) -> bool:
    """Whether a picture has to arrive as it is: Telegram encodes all others anew, and fills what is transparent."""
    return picture.request.form is not Form.PICTURE or picture.request.style is Style.TRANSPARENT


def _is_animation(picture: Picture) -> bool:
    return picture.media_type == "image/gif"


def _description(reply: Reply) -> dict[str, Any]:
    caption = f"{reply.text}\n{reply.note}" if reply.note else str(reply.text)
    return {"caption": caption, "filename": reply.file_name}


def _place(message: MaybeInaccessibleMessage) -> dict[str, Any]:
    """Return the place of an answer: the same chat and topic, as a reply unless the message is gone by then."""
    topic = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return {
        "chat_id": message.chat.id,
        "message_thread_id": topic,
        "reply_parameters": ReplyParameters(message.message_id, allow_sending_without_reply=True),
    }
