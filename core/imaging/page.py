"""The layout of a page: a title, and rows of images under their labels."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from core.imaging.rendering import BLANK_PX, MARGIN_PX, SCALE, Images, enlarge, side_by_side
from core.imaging.styles import LEVELS

TYPEFACE = Path(__file__).with_name("inter-medium.otf")
"""Inter Medium by the Inter Project Authors, its Latin letters and digits, under the SIL Open Font License 1.1."""
TITLE_PX, FOOT_PX = 88, 36
"""Heights of the title, and of the background below the last row."""
TITLE_LETTERS_PX, LETTERS_PX = 44, 32
"""Sizes of letters: a page of five images is read on a phone at less than half its size."""
ABOVE_PX, BELOW_PX = 60, 18
"""Distances of a label's baseline from the ink above and from the ink of its own row, which it belongs to."""
BASELINE_PX = 8
"""Distance of the title's rule from the lower edge of the title."""
RULE_SHADE = 4
"""Shade of the line under the title, of LEVELS."""
INSET_PX = (MARGIN_PX + BLANK_PX) * SCALE
"""Distance of letters from the edges: they stand above the ink."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of images and its label.

    Attributes:
        label: at the left.
        note: at the right, such as a score.
        images: uint8 (N, 28, 28), white ink on black.
    """

    label: str
    note: str
    images: Images


def lay_out(title: tuple[str, str], rows: Sequence[Row]) -> Image.Image:
    """Return a page, each pixel a shade in 0..LEVELS - 1.

    Args:
        title: at the left and at the right; Latin letters, digits and marks.
        rows: at least one, equally many images in each.
    """
    strips = [_ink(row.images) for row in rows]
    width, heights = strips[0].width, [ABOVE_PX + BELOW_PX + strip.height for strip in strips]
    page = Image.new("L", (width, TITLE_PX + sum(heights) + FOOT_PX))
    top = TITLE_PX
    for row, strip, height in zip(rows, strips, heights, strict=True):
        page.paste(strip, (0, top + ABOVE_PX + BELOW_PX))
        letter(page, (row.label, row.note), top + ABOVE_PX, LETTERS_PX)
        top += height
    letter(page, title, TITLE_PX - 2 * BASELINE_PX - TITLE_LETTERS_PX // 4, TITLE_LETTERS_PX)
    rule = (INSET_PX, TITLE_PX - BASELINE_PX, width - INSET_PX, TITLE_PX - BASELINE_PX + 1)
    ImageDraw.Draw(page).rectangle(rule, fill=RULE_SHADE)
    return page


def _ink(images: Images) -> Image.Image:
    """Enlarge images side by side, without the background above and below their ink."""
    strip = enlarge(side_by_side(images))
    _left, upper, _right, lower = strip.getbbox() or (0, 0, 0, 1)
    return strip.crop((0, upper, strip.width, lower))


def letter(page: Image.Image, words: tuple[str, str], baseline: int, size_px: int, inset_px: int = INSET_PX) -> None:
    """Set words at both ends of a line.

    Args:
        page: shades in 0..LEVELS - 1.
        words: at the left and at the right.
        baseline: of the letters, in pixels from the top.
        size_px: of the letters.
        inset_px: distance of the words from both edges.
    """
    line = Image.new("L", (page.width, 2 * size_px))
    draw, font, foot = ImageDraw.Draw(line), _font(size_px), size_px + size_px // 2
    draw.text((inset_px, foot), words[0], fill=255, font=font, anchor="ls")
    draw.text((page.width - inset_px, foot), words[1], fill=255, font=font, anchor="rs")
    shades = line.point(bytes(value * (LEVELS - 1) // 255 for value in range(256)))
    page.paste(shades, (0, baseline - foot), line.point(lambda value: 255 * (value > 0)))


@functools.cache
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    # The layout engine that every Pillow has: the same letters on every machine.
    return ImageFont.truetype(TYPEFACE, size_px, layout_engine=ImageFont.Layout.BASIC)
