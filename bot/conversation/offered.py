"""Offered pictures: each is drawn once, whether its thumbnail, the picture itself or both are fetched."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from yarl import URL

from bot.conversation.urls import picture_url
from core.pictures.base import Picture, PictureRequest

MAX_OFFERED = 64
"""Pictures that are remembered, the newest: 1 MB of strips (15 KB each), 8 MB of comparisons (117 KB)."""


class OfferedPictures:
    """Remembers pictures that were offered by their URLs."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[URL, Picture | None] = OrderedDict()

    def add(self, request: PictureRequest) -> None:
        """Note that a picture is offered.

        Args:
            request: settled, in the form in which it will be fetched.
        """
        self._pictures[picture_url(request)] = None
        if len(self._pictures) > MAX_OFFERED:
            self._pictures.popitem(last=False)

    def __contains__(self, request: PictureRequest) -> bool:
        """Whether a picture was offered and is still remembered."""
        return bool(self._pictures) and request.seed is not None and picture_url(request) in self._pictures

    async def draw(self, request: PictureRequest, draw: Callable[[], Awaitable[Picture]]) -> Picture:
        """Draw a picture, unless it was offered and has been drawn."""
        if request not in self:
            return await draw()
        url = picture_url(request)
        picture = self._pictures[url] or await draw()
        if url in self._pictures:
            self._pictures[url] = picture
        return picture
