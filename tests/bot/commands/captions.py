"""Captions and alternative texts of pictures of which only the description matters."""

import dataclasses

from bot.commands import registry
from core.pictures.base import Picture, PictureRequest


def caption(picture: Picture) -> str:
    """Return the line under a picture."""
    return registry.command_for(picture.request).caption(picture.request, picture.titles)


def alt_text(picture: Picture) -> str:
    """Return the description of a picture."""
    return registry.command_for(picture.request).alt_text(picture.request, picture.titles)


def drawn(request: PictureRequest, *titles: str) -> Picture:
    """Return a picture without an image."""
    return Picture(b"", "image/png", 1, 1, dataclasses.replace(request, seed=7), 7, titles or ("cGAN",))
