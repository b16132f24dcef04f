"""The layout of a link card: a drawing, and a line of words below it."""

import numpy as np
from PIL import Image

from core.imaging.page import letter
from core.imaging.rendering import Images, enlarge
from core.imaging.styles import LEVELS
from core.imaging.typesetting import INKED

WIDTH_PX, HEIGHT_PX = 1200, 630
"""Size of a card: sites that show one of Open Graph's pictures in full width cut others to 1.91 to 1."""
INSET_PX, FOOT_PX = 64, 120
"""Background at the edges, and the height of the words and the background around them."""
LETTERS_PX = 34
"""Size of letters: a card is shown at a third of its size."""
MAX_GAP_PX = 8
"""Columns without ink that stay between two digits, in pixels of 28: a card is small, and the gaps of a strip wide."""
MAX_ENLARGEMENT = 3.0
"""Times that a drawing is enlarged, at most: a single digit need not fill a card."""


def lay_out(drawing: Images, words: tuple[str, str]) -> Image.Image:
    """Return a card, each pixel a shade in 0..LEVELS - 1.

    Args:
        drawing: uint8 (H, W), white on black.
        words: at the left and at the right; Latin letters, digits and marks.
    """
    card, large = Image.new("L", (WIDTH_PX, HEIGHT_PX)), enlarge(_tighten(drawing))
    ink = large.crop(large.getbbox() or (0, 0, 1, 1))
    room = (WIDTH_PX - 2 * INSET_PX, HEIGHT_PX - INSET_PX - FOOT_PX)
    fitted = _scale(ink, min(room[0] / ink.width, room[1] / ink.height, MAX_ENLARGEMENT))
    card.paste(fitted, ((WIDTH_PX - fitted.width) // 2, INSET_PX + (room[1] - fitted.height) // 2))
    letter(card, words, HEIGHT_PX - INSET_PX, LETTERS_PX, INSET_PX)
    return card


def _tighten(drawing: Images) -> Images:
    """Leave out columns without ink where there are more than MAX_GAP_PX of them."""
    inked = drawing.max(axis=0) >= INKED
    # (W,) columns since the last one with ink
    since = np.arange(len(inked)) - np.maximum.accumulate(np.where(inked, np.arange(len(inked)), -1))
    return drawing[:, since <= MAX_GAP_PX]


def _scale(drawing: Image.Image, factor: float) -> Image.Image:
    """Scale a drawing in shades; its edges stay as crisp as they are."""
    size = (max(1, round(drawing.width * factor)), max(1, round(drawing.height * factor)))
    steepness, most = max(factor, 1.0), LEVELS - 1
    edge = (((value / 255 - 0.5) * steepness + 0.5) * most for value in range(256))
    grey = drawing.point(bytes(min(value * 255 // most, 255) for value in range(256)))
    return grey.resize(size, Image.Resampling.LANCZOS).point(bytes(round(min(max(value, 0), most)) for value in edge))
