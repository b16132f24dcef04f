"""Images to pictures: the one module that imports Pillow."""

import io
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Images = NDArray[np.uint8]
Colour = tuple[int, int, int]

SCALE = 6
MARGIN = 2
"""Black pixels, before scaling, around a strip; each image brings four of its own."""
BACKGROUND: Colour = (16, 17, 22)
INK: Colour = (246, 244, 238)
LEVELS = 16
FAINTEST, FULL = 0.15, 0.75
"""Shares of ink that become background and full ink: a narrower range draws a crisper edge."""
COMPRESSION = 3
"""zlib's: from 3 to 6 a strip takes twice the time to save a tenth of its bytes."""
QUALITY = 90
"""Of a JPEG, 1..95: strokes stay clean, and a strip of ten takes some 30 KB."""


def _ramp() -> bytes:
    """Ink 0..255 to one of LEVELS shades, along a smooth step so that edges neither blur nor jag."""
    share = (np.arange(256) / 255 - FAINTEST) / (FULL - FAINTEST)
    share = share.clip(0, 1)
    step = share * share * (3 - 2 * share)
    return bytes(np.rint(step * (LEVELS - 1)).astype(np.uint8))


def _palette() -> bytes:
    """LEVELS colours from background to ink, as Pillow takes them: r, g, b, r, g, b, ..."""
    shares = np.linspace(0, 1, LEVELS)[:, None]
    colours = (1 - shares) * np.array(BACKGROUND) + shares * np.array(INK)
    return bytes(chain.from_iterable(np.rint(colours).astype(np.uint8).tolist()))


_RAMP = _ramp()
_PALETTE = _palette()


def strip(images: Images) -> tuple[bytes, int, int]:
    """Set images side by side, enlarged and smoothed for a chat window.

    Sixteen shades make a file of four bits a pixel: a few KB, and quick to write.

    Args:
        images: uint8 (N, 28, 28), white ink on black.

    Returns:
        A palette PNG, its width and its height: ((28 N + 2 MARGIN) SCALE, (28 + 2 MARGIN) SCALE).
    """
    large = _enlarged(images)
    return _png(large), large.width, large.height


def jpeg(images: Images) -> tuple[bytes, int, int]:
    """Set images side by side as `strip` does, for places that take nothing but JPEG.

    Args:
        images: uint8 (N, 28, 28), white ink on black.

    Returns:
        An RGB JPEG, its width and its height: those of the strip.
    """
    large = _enlarged(images)
    buffer = io.BytesIO()
    # Full colour resolution: halved, as is usual, it would leave a rim around each stroke.
    large.convert("RGB").save(buffer, "JPEG", quality=QUALITY, subsampling=0)
    return buffer.getvalue(), large.width, large.height


def original(images: Images) -> tuple[bytes, int, int]:
    """Set images side by side untouched: one byte a pixel, no margin, no scaling.

    Args:
        images: uint8 (N, 28, 28), white ink on black.

    Returns:
        A greyscale PNG, its width and its height: (28 N, 28).
    """
    row = Image.fromarray(np.hstack(list(images)))
    return _png(row), row.width, row.height


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
    return _png(Image.fromarray(grid.reshape(-1, columns * width)))


def _enlarged(images: Images) -> Image.Image:
    row = np.pad(np.hstack(list(images)), MARGIN)
    height, width = row.shape
    small = Image.fromarray(row)
    large = small.resize((width * SCALE, height * SCALE), Image.Resampling.BICUBIC).point(_RAMP)
    large.putpalette(_PALETTE)
    return large


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=COMPRESSION)
    return buffer.getvalue()
