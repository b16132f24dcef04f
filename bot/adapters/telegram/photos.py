"""Photos: the one that a message asks to read, and its way here."""

import asyncio

from telegram import Document, Message, PhotoSize
from telegram.error import BadRequest, TelegramError
from yarl import URL

from bot.adapters import downloads
from bot.commands.hand import COMMAND
from bot.conversation.errors import NotReceived
from core.errors import Flaw, InvalidPhoto
from core.imaging.photo import MAX_BYTES

Photo = PhotoSize | Document


def find(message: Message, name: str) -> Photo | None:
    """Return the photo that a message asks to read, if it does.

    Args:
        message: meant for this bot; with a photo, or one that answers a photo with the command.
        name: the first word of the message, with its slash.
    """
    if name == f"/{COMMAND.name}":
        answered = message.reply_to_message
        return _photo(message) or (_photo(answered) if answered else None)
    return None if name.startswith("/") else _photo(message)


async def load(photo: Photo) -> bytes:
    """Load a photo from Telegram.

    Raises:
        InvalidPhoto: it is too large.
        NotReceived: it does not arrive, or not in time.
    """
    downloads.check_size(photo.file_size)
    try:
        async with asyncio.timeout(downloads.MAX_SECONDS):
            return await downloads.download(await _url(photo))
    except TimeoutError:
        raise NotReceived from None


async def _url(photo: Photo) -> URL:
    """Return the URL of a photo at the Bot API; it holds the token.

    Not the library's own download: it reads a file of any size into memory.
    """
    try:
        file = await photo.get_file()
    except BadRequest as error:
        if "too big" in error.message:
            raise InvalidPhoto(Flaw.BYTES, MAX_BYTES) from None
        raise NotReceived from None
    except TelegramError:
        raise NotReceived from None
    downloads.check_size(file.file_size)
    return URL(file.file_path or "")


def _photo(message: Message) -> Photo | None:
    """Return the largest size of a message's photo, or its file if that is a picture."""
    if message.photo:
        return max(message.photo, key=lambda size: size.width * size.height)
    document = message.document
    return document if document and (document.mime_type or "").startswith("image/") else None
