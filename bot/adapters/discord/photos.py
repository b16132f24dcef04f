"""Photos: attachments that are pictures, and their way here."""

import discord
from yarl import URL

from bot.adapters import downloads
from bot.conversation.errors import NotReceived
from core.errors import Flaw, InvalidPhoto

ORIGINS = (URL("https://cdn.discordapp.com"), URL("https://media.discordapp.net"))
"""The hosts from which Discord serves what people attach."""


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether a file is a picture, as far as Discord tells."""
    return attachment.content_type is None or attachment.content_type.startswith("image/")


async def load(attachment: discord.Attachment, api_url: URL) -> bytes:
    """Load an attachment from Discord.

    Not by the library's own download: it follows redirects and reads a file of any size into memory.

    Args:
        attachment: to load.
        api_url: the URL of Discord's API; an attachment may come from its host, too.

    Raises:
        InvalidPhoto: it is no picture, or too large.
        NotReceived: it is not on a host of Discord's, or does not arrive, or not in time.
    """
    if not is_picture(attachment):
        raise InvalidPhoto(Flaw.FORMAT)
    downloads.check_size(attachment.size)
    try:
        # Encoded, because a signature is a part of it.
        url = URL(attachment.url, encoded=True)
        known = url.origin() in (*ORIGINS, api_url.origin())
    except ValueError:
        raise NotReceived from None
    if not known:
        raise NotReceived
    return await downloads.download(url)
