"""Images to files: the one module that imports Pillow."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.requests import Style

Images = NDArray[np.uint8]
Colour = tuple[int, int, int]

SCALE = 6
MARGIN = 2
"""Pixels of background, before scaling, around a picture; each image brings four of its own."""
LEVELS = 16
FAINTEST, FULL = 0.15, 0.75
"""Shares of ink that become background and full ink: a narrower range draws a crisper edge."""
COMPRESSION = 3
"""zlib's: from 3 to 6 a strip takes twice the time to save a tenth of its bytes."""
QUALITY = 90
"""Of a JPEG, 1..95: strokes stay clean, and a strip of ten takes some 30 KB."""
LABEL, LETTERS, DESCENT = 48, 26, 8
"""Pixels: the height of a row's label, of its letters, and of what is below their line."""
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The oldest date that a ZIP can hold: the same pictures make the same file."""


@dataclass(frozen=True, slots=True)
class Colours:
    """What a style is drawn in.

    Attributes:
        background: behind the ink; where it is transparent, what programs without transparency show.
        ink: of the strokes.
        opaque: whether the background hides what is behind it.
    """

    background: Colour
    ink: Colour
    opaque: bool = True


STYLES = {
    Style.CHALK: Colours((16, 17, 22), (246, 244, 238)),
    Style.INK: Colours((252, 251, 247), (24, 28, 44)),
    Style.BLUEPRINT: Colours((18, 60, 122), (220, 234, 250)),
    # Three times as light as Discord's dark background, and a third as light as white.
    Style.TRANSPARENT: Colours((255, 255, 255), (72, 132, 226), opaque=False),
}


@dataclass(frozen=True, slots=True)
class File:
    """An encoded file.

    Attributes:
        data: its bytes.
        media_type: as HTTP names it.
        width, height: of the picture, in pixels; 0 where it is none.
    """

    data: bytes
    media_type: str
    width: int = 0
    height: int = 0


def _ramp() -> bytes:
    """Ink 0..255 to one of LEVELS shades, along a smooth step so that edges neither blur nor jag."""
    share = (np.arange(256) / 255 - FAINTEST) / (FULL - FAINTEST)
    share = share.clip(0, 1)
    step = share * share * (3 - 2 * share)
    return bytes(np.rint(step * (LEVELS - 1)).astype(np.uint8))


def _palette(colours: Colours) -> bytes:
    """LEVELS colours from background to ink, as Pillow takes them: r, g, b, r, g, b, ..."""
    shares = np.linspace(0, 1, LEVELS)[:, None]
    # On glass only the ink has a colour, and the shades are in how much of it shows.
    background = colours.background if colours.opaque else colours.ink
    shades = (1 - shares) * np.array(background) + shares * np.array(colours.ink)
    return bytes(chain.from_iterable(np.rint(shades).astype(np.uint8).tolist()))


_RAMP = _ramp()
_PALETTES = {style: _palette(colours) for style, colours in STYLES.items()}
_ALPHAS = bytes(np.rint(np.linspace(0, 255, LEVELS)).astype(np.uint8))


def row(images: Images) -> Images:
    """Set uint8 (N, 28, 28) side by side: (28, 28 N)."""
    side_by_side: Images = np.hstack(list(images))
    return side_by_side


def png(ink: Images, style: Style) -> File:
    """Enlarge and smooth a drawing for a chat window.

    Sixteen shades make a file of four bits a pixel: a few KB, and quick to write.

    Args:
        ink: uint8 (H, W), white on black.
        style: the colours.

    Returns:
        A palette PNG of (W + 2 MARGIN) SCALE by (H + 2 MARGIN) SCALE pixels.
    """
    return _png(_enlarged(ink, style), **_transparency(style))


def jpeg(ink: Images, style: Style) -> File:
    """Enlarge and smooth a drawing as `png` does, for places that take nothing but JPEG.

    Args:
        ink: uint8 (H, W), white on black.
        style: the colours.

    Returns:
        An RGB JPEG of the same size.
    """
    return _jpeg(_enlarged(ink, style), style)


def original(images: Images) -> File:
    """Set uint8 (N, 28, 28) side by side untouched, in a greyscale PNG of 28 N by 28 pixels."""
    return _png(Image.fromarray(row(images)))


def archive(images: Images, digits: Sequence[int]) -> File:
    """Pack images, each untouched in a PNG of its own, with `labels.csv` beside them.

    Args:
        images: uint8 (N, 28, 28), white ink on black.
        digits: what each of them shows.

    Returns:
        A ZIP; the same images make the same bytes.
    """
    buffer, labels = io.BytesIO(), io.StringIO()
    writer = csv.writer(labels, lineterminator="\n")
    writer.writerow(["file", "digit"])
    with zipfile.ZipFile(buffer, "w") as file:
        for index, (image, digit) in enumerate(zip(images, digits, strict=True)):
            name = f"{index:02}-{digit}.png"
            writer.writerow([name, digit])
            file.writestr(zipfile.ZipInfo(name, FIRST_DAY), _png(Image.fromarray(image)).data)
        file.writestr(zipfile.ZipInfo("labels.csv", FIRST_DAY), labels.getvalue())
    return File(buffer.getvalue(), "application/zip")


def sheet(images: Images, columns: int) -> bytes:
    """Lay images out in rows of `columns`, untouched, two black pixels apart.

    Args:
        images: uint8 (N, 28, 28), N a multiple of `columns`.
        columns: images a row.

    Returns:
        A greyscale PNG.
    """
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    height, width = padded.shape[1:]
    grid = padded.reshape(-1, columns, height, width).swapaxes(1, 2)
    return _png(Image.fromarray(grid.reshape(-1, columns * width))).data


def comparison(rows: Sequence[tuple[str, Images]], style: Style, *, as_jpeg: bool = False) -> File:
    """Set rows of images one above the other, each under its label.

    Args:
        rows: a label, and uint8 (N, 28, 28), equally many in each row.
        style: the colours.
        as_jpeg: a JPEG in place of a PNG.
    """
    strips = [(label, _enlarged(row(images), style)) for label, images in rows]
    width, height = strips[0][1].size
    page = Image.new("P", (width, len(strips) * (height + LABEL)))
    page.putpalette(_PALETTES[style])
    font = ImageFont.load_default(LETTERS)
    for index, (label, strip) in enumerate(strips):
        top = index * (height + LABEL)
        page.paste(_label(label, font, width), (0, top))
        page.paste(strip, (0, top + LABEL))
    return _jpeg(page, style) if as_jpeg else _png(page, **_transparency(style))


def animation(frames: Images, milliseconds: Sequence[int], style: Style) -> File:
    """A GIF that loops for ever.

    Args:
        frames: uint8 (N, 28, 28), white ink on black.
        milliseconds: for which each is shown; GIF counts in tens of them.
        style: the colours; GIF knows no half transparency, so on glass an edge is cut where it is half ink.
    """
    opaque = STYLES[style].opaque
    images = [_enlarged(frame, style) for frame in frames]
    if not opaque:
        images = [image.point([0] * (LEVELS // 2) + [LEVELS - 1] * (256 - LEVELS // 2)) for image in images]
        for image in images:
            image.putpalette(_PALETTES[style])
    buffer = io.BytesIO()
    first, *rest = images
    glass = {} if opaque else {"transparency": 0, "disposal": 2}
    first.save(
        buffer, "GIF", save_all=True, append_images=rest, duration=list(milliseconds), loop=0, optimize=False, **glass
    )
    return File(buffer.getvalue(), "image/gif", first.width, first.height)


def _enlarged(ink: Images, style: Style) -> Image.Image:
    padded = np.pad(ink, MARGIN)
    height, width = padded.shape
    small = Image.fromarray(padded)
    large = small.resize((width * SCALE, height * SCALE), Image.Resampling.BICUBIC).point(_RAMP)
    large.putpalette(_PALETTES[style])
    return large


def _label(text: str, font: "ImageFont.FreeTypeFont | ImageFont.ImageFont", width: int) -> Image.Image:
    """A line of letters in shades of ink."""
    line = Image.new("L", (width, LABEL))
    ImageDraw.Draw(line).text(((MARGIN + 4) * SCALE, LABEL - DESCENT), text, fill=255, font=font, anchor="ls")
    return line.point(bytes(value * (LEVELS - 1) // 255 for value in range(256)))


def _transparency(style: Style) -> dict[str, bytes]:
    return {} if STYLES[style].opaque else {"transparency": _ALPHAS}


def _png(image: Image.Image, **options: bytes) -> File:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=COMPRESSION, **options)
    return File(buffer.getvalue(), "image/png", image.width, image.height)


def _jpeg(image: Image.Image, style: Style) -> File:
    if not STYLES[style].opaque:
        image.putpalette(_palette(Colours(STYLES[style].background, STYLES[style].ink)))
    buffer = io.BytesIO()
    # Full colour resolution: halved, as is usual, it would leave a rim around each stroke.
    image.convert("RGB").save(buffer, "JPEG", quality=QUALITY, subsampling=0)
    return File(buffer.getvalue(), "image/jpeg", image.width, image.height)
