"""The colours of a picture."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

import numpy as np

Colour = tuple[int, int, int]

LEVELS = 16
"""Shades from background to ink: they fit four bits a pixel, so that a strip takes a few KB."""


class Style(StrEnum):
    """The colours of a picture."""

    CHALK = "chalk"
    INK = "ink"
    BLUEPRINT = "blueprint"
    TRANSPARENT = "transparent"


@dataclass(frozen=True, slots=True)
class Colours:
    """The two colours of a style.

    Attributes:
        background: RGB, 0..255 each; where it is transparent, the colour that programs without transparency show.
        ink: RGB of the strokes.
        opaque: whether the background hides the page behind it.
    """

    background: Colour
    ink: Colour
    opaque: bool = True


COLOURS = {
    Style.CHALK: Colours((16, 17, 22), (246, 244, 238)),
    Style.INK: Colours((252, 251, 247), (24, 28, 44)),
    Style.BLUEPRINT: Colours((18, 60, 122), (220, 234, 250)),
    # Three times as light as Discord's dark background, and a third as light as white.
    Style.TRANSPARENT: Colours((255, 255, 255), (72, 132, 226), opaque=False),
}


def palette(colours: Colours) -> bytes:
    """Return LEVELS colours from background to ink, as Pillow takes them: r, g, b, r, g, b, ..."""
    shares = np.linspace(0, 1, LEVELS)[:, None]
    # Behind a transparent picture only the ink has a colour, and its opacity makes the shades.
    background = colours.background if colours.opaque else colours.ink
    shades = (1 - shares) * np.array(background) + shares * np.array(colours.ink)
    return bytes(chain.from_iterable(np.rint(shades).astype(np.uint8).tolist()))


PALETTES = {style: palette(colours) for style, colours in COLOURS.items()}
ALPHAS = bytes(np.rint(np.linspace(0, 255, LEVELS)).astype(np.uint8))
"""Opacity of each shade of a transparent picture."""
