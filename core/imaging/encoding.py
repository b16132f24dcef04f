"""Drawings to files: PNG, JPEG, GIF, and ZIP of untouched images."""

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.imaging import card as cards
from core.imaging.page import Row, lay_out
from core.imaging.rendering import Images, render, side_by_side
from core.imaging.styles import ALPHAS, COLOURS, LEVELS, PALETTES, Colours, Style, palette

QUALITY = 90
"""JPEG quality, 1..95: strokes stay clean, and a strip of ten takes some 30 KB."""
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The oldest date that a ZIP can hold: the same pictures make the same file."""


@dataclass(frozen=True, slots=True)
class File:
    """An encoded file.

    Attributes:
        data: its bytes.
        media_type: as HTTP names it.
        width, height: of the picture, in pixels; 0 for an archive.
    """

    data: bytes
    media_type: str
    width: int = 0
    height: int = 0


def png(ink: Images, style: Style) -> File:
    """Render a drawing, uint8 (H, W), white on black, as a palette PNG of four bits a pixel."""
    return _png(render(ink, style), **_transparency(style))


def jpeg(ink: Images, style: Style) -> File:
    """Render a drawing, uint8 (H, W), white on black, as an RGB JPEG, for places that take nothing else."""
    return _jpeg(render(ink, style), style)


def card(ink: Images, words: tuple[str, str], style: Style) -> File:
    """Set a drawing, uint8 (H, W), white on black, and words at the left and right on a PNG of 1200 x 630."""
    laid_out = cards.lay_out(ink, words)
    laid_out.putpalette(_opaque_palette(style))
    return _png(laid_out)


def original(images: Images) -> File:
    """Set uint8 (N, 28, 28) side by side untouched, in a greyscale PNG of 28 N by 28 pixels."""
    return _png(Image.fromarray(side_by_side(images)))


def archive(images: Images, digits: Sequence[int]) -> File:
    """Pack images, each untouched in a PNG of its own, with `labels.csv` beside them.

    Args:
        images: uint8 (N, 28, 28), white ink on black.
        digits: the digit of each image.

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


def page(title: tuple[str, str], rows: Sequence[Row], style: Style, *, as_jpeg: bool = False) -> File:
    """Set rows of images below one another, each under its label, and all under a title.

    Args:
        title: at the left and at the right.
        rows: equally many images in each.
        style: the colours.
        as_jpeg: a JPEG in place of a PNG.
    """
    sheet = lay_out(title, rows)
    sheet.putpalette(PALETTES[style])
    return _jpeg(sheet, style) if as_jpeg else _png(sheet, **_transparency(style))


def animation(frames: Images, durations_ms: Sequence[int], style: Style) -> File:
    """Encode a GIF that loops for ever.

    Args:
        frames: uint8 (N, 28, 28), white ink on black.
        durations_ms: of each frame; GIF counts in tens of milliseconds.
        style: the colours; GIF has no partial transparency, so a transparent edge is cut at half ink.
    """
    opaque = COLOURS[style].opaque
    images = [render(frame, style) for frame in frames]
    if not opaque:
        images = [image.point([0] * (LEVELS // 2) + [LEVELS - 1] * (256 - LEVELS // 2)) for image in images]
        for image in images:
            image.putpalette(PALETTES[style])
    buffer = io.BytesIO()
    first, *rest = images
    transparency = {} if opaque else {"transparency": 0, "disposal": 2}
    first.save(
        buffer,
        "GIF",
        save_all=True,
        append_images=rest,
        duration=list(durations_ms),
        loop=0,
        optimize=False,
        **transparency,
    )
    return File(buffer.getvalue(), "image/gif", first.width, first.height)


def _transparency(style: Style) -> dict[str, bytes]:
    return {} if COLOURS[style].opaque else {"transparency": ALPHAS}


def _png(image: Image.Image, **options: bytes) -> File:
    buffer = io.BytesIO()
    # Rows of one shade are runs: looking for longer matches takes more time, and finds worse ones.
    image.save(buffer, "PNG", compress_type=zlib.Z_RLE, **options)
    return File(buffer.getvalue(), "image/png", image.width, image.height)


def _opaque_palette(style: Style) -> bytes:
    """Return the palette for files in which no background shows through."""
    return palette(Colours(COLOURS[style].background, COLOURS[style].ink))


def _jpeg(image: Image.Image, style: Style) -> File:
    image.putpalette(_opaque_palette(style))
    buffer = io.BytesIO()
    # Full colour resolution: the usual half leaves a rim around each stroke.
    image.convert("RGB").save(buffer, "JPEG", quality=QUALITY, subsampling=0)
    return File(buffer.getvalue(), "image/jpeg", image.width, image.height)
