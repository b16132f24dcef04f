"""Ink, enlarged and smoothed for a chat window."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.imaging.styles import LEVELS, PALETTES, Style

Images = NDArray[np.uint8]

SCALE = 6
"""Pixels of a picture for one of the 28."""
MARGIN_PX = 2
"""Background around a picture, before scaling; each image brings four pixels of its own."""
FAINTEST, FULL = 0.15, 0.75
"""Shares of ink that become background and full ink: a narrower range draws a crisper edge."""


def _ramp() -> bytes:
    """Map ink 0..255 to one of LEVELS shades, along a smooth step so that edges neither blur nor jag."""
    share = (np.arange(256) / 255 - FAINTEST) / (FULL - FAINTEST)
    share = share.clip(0, 1)
    step = share * share * (3 - 2 * share)
    return bytes(np.rint(step * (LEVELS - 1)).astype(np.uint8))


_RAMP = _ramp()


def side_by_side(images: Images) -> Images:
    """Set uint8 (N, 28, 28) side by side: (28, 28 N)."""
    row: Images = np.hstack(list(images))
    return row


def render(ink: Images, style: Style) -> Image.Image:
    """Enlarge and smooth a drawing.

    Args:
        ink: uint8 (H, W), white on black.
        style: the colours.

    Returns:
        A palette image of (W + 2 MARGIN_PX) SCALE by (H + 2 MARGIN_PX) SCALE pixels in LEVELS shades.
    """
    padded = np.pad(ink, MARGIN_PX)
    height, width = padded.shape
    small = Image.fromarray(padded)
    large = small.resize((width * SCALE, height * SCALE), Image.Resampling.BICUBIC).point(_RAMP)
    large.putpalette(PALETTES[style])
    return large
