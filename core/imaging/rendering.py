"""Ink, enlarged and smoothed for a chat window."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from core.imaging.styles import LEVELS, PALETTES, Style

Images = NDArray[np.uint8]

SCALE = 6
"""Pixels of a picture for one of the 28."""
MARGIN_PX, BLANK_PX = 2, 4
"""Background around a picture, before scaling, and the background that each image brings on every side."""
SHAPE_BETWEEN = (0.33, 0.63)
"""Shares of ink that become background and full ink in the enlarged image: about half ink is where a stroke ends."""
HALFWAY = 3
"""Scale at which an outline is smoothed: a quarter of the pixels, and the edge is drawn at full size all the same."""
SMOOTHED_OVER_PX = 1.85
"""Length of outline that is smoothed, in pixels of 28: bumps are as long as a pixel, curves of a digit are longer."""
EDGE_BETWEEN = (0.3, 0.7)
"""Shares of ink that become background and full ink after smoothing: a narrower range draws a crisper edge."""


def _smooth_step(between: tuple[float, float], highest: int) -> bytes:
    """Map 0..255 to 0..highest along a smooth step between two shares of 255."""
    low, high = between
    share = ((np.arange(256) / 255 - low) / (high - low)).clip(0, 1)
    return bytes(np.rint(share * share * (3 - 2 * share) * highest).astype(np.uint8))


_SHAPE, _EDGE = _smooth_step(SHAPE_BETWEEN, 255), _smooth_step(EDGE_BETWEEN, LEVELS - 1)
_BLUR = ImageFilter.BoxBlur((SMOOTHED_OVER_PX * HALFWAY - 1) / 2)


def side_by_side(images: Images) -> Images:
    """Set uint8 (N, 28, 28) side by side: (28, 28 N)."""
    row: Images = np.hstack(list(images))
    return row


def enlarge(ink: Images) -> Image.Image:
    """Enlarge a drawing, with the smooth edges of a pen.

    A bicubic surface over 28 pixels has a bump at each of them, and cut at half ink it wobbles. So the shape that was
    cut is blurred and cut once more, which moves an outline by its curvature (Merriman, Bence and Osher, 1992,
    "Diffusion generated motion by mean curvature"): bumps go, and a straight stroke stays as wide as it is.

    Args:
        ink: uint8 (H, W), white on black.

    Returns:
        An image of (W + 2 MARGIN_PX) SCALE by (H + 2 MARGIN_PX) SCALE pixels, each a shade in 0..LEVELS - 1.
    """
    padded = ImageOps.expand(Image.fromarray(ink), MARGIN_PX)
    width, height = padded.size
    halfway = padded.resize((width * HALFWAY, height * HALFWAY), Image.Resampling.BICUBIC)
    smooth = halfway.point(_SHAPE).filter(_BLUR)
    return smooth.resize((width * SCALE, height * SCALE), Image.Resampling.BILINEAR).point(_EDGE)


def render(ink: Images, style: Style) -> Image.Image:
    """Enlarge a drawing, uint8 (H, W), white on black, in the colours of a style.

    Returns:
        A palette image in LEVELS shades; for its size see `enlarge`.
    """
    large = enlarge(ink)
    large.putpalette(PALETTES[style])
    return large
