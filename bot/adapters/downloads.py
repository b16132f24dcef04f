"""Downloads of the photos that people send: bounded in bytes and time, and from one URL without any redirect."""

from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.conversation.errors import NotReceived
from core.errors import Flaw, InvalidPhoto
from core.imaging.photo import MAX_BYTES

MAX_SECONDS = 10.0
"""For a whole download: 12 MB at 10 Mbit/s. Nobody waits longer for a digit, and each holds room for a photo."""
# Compressed once more it could unfold to any size.
HEADERS = {"Accept-Encoding": "identity"}


async def download(url: URL) -> bytes:
    """Download a photo.

    Args:
        url: on a host of the platform; it may hold a secret, and no error repeats it.

    Raises:
        InvalidPhoto: it has more than MAX_BYTES.
        NotReceived: it is not there, or does not arrive whole and in time.
    """
    timeout = aiohttp.ClientTimeout(total=MAX_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True, auto_decompress=False) as session,
            session.get(url, headers=HEADERS, allow_redirects=False) as response,
        ):
            if response.status != HTTPStatus.OK:
                raise NotReceived
            return await _read(response)
    except (aiohttp.ClientError, OSError):
        raise NotReceived from None


def check_size(size_bytes: int | None) -> None:
    """Check the size of a photo, where it is known.

    Raises:
        InvalidPhoto: it has more than MAX_BYTES.
    """
    if size_bytes is not None and size_bytes > MAX_BYTES:
        raise InvalidPhoto(Flaw.BYTES, MAX_BYTES)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    check_size(response.content_length)
    photo = bytearray()
    async for chunk in response.content.iter_any():
        photo += chunk
        check_size(len(photo))
    return bytes(photo)
