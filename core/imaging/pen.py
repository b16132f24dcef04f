"""The pen of a hand: its width and slant, measured on digits, and marks drawn with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.imaging.rendering import Images

Point = tuple[float, float]

ROW_PX, BASELINE_PX = 32, 25
"""The height of a row of writing, and the first pixel row below its digits."""
CAP_PX = 20
"""Height of a digit: MNIST's were fitted into a box of 20 x 20 pixels."""
SEGMENTS: dict[str, Sequence[tuple[Point, Point]]] = {
    "-": [((0.0, 0.42), (0.4, 0.42))],
    "+": [((0.0, 0.42), (0.5, 0.42)), ((0.25, 0.17), (0.25, 0.67))],
    "/": [((0.0, -0.05), (0.34, 1.0))],
    ",": [((0.1, 0.05), (0.0, -0.16))],
}
"""Marks as strokes from point to point: right and up from the start of the baseline, 1 being a digit's height."""
DOTS: dict[str, Sequence[Point]] = {".": [(0.0, 0.05)], ":": [(0.0, 0.15), (0.0, 0.55)]}
DOT_WIDTH = 1.3
"""Dots are 1.3 strokes wide, to look equally heavy."""


@dataclass(frozen=True, slots=True)
class Pen:
    """The pen of a hand.

    Attributes:
        stroke: width of a line, in pixels.
        slant: pixels to the right for each one down; a hand that leans to the right has a negative one.
    """

    stroke: float
    slant: float


def measure(images: Images) -> Pen:
    """Measure the pen that drew uint8 (N, 28, 28): the median over the images."""
    stroke, slant = np.median(measure_each(images), axis=0).tolist()
    return Pen(stroke, slant)


def measure_each(images: Images) -> NDArray[np.float32]:
    """Measure the pen of each of uint8 (N, 28, 28): stroke and slant as in `Pen`, (N, 2).

    A stroke has two edges: its width is twice its area by the length of its outline. Its slant is that
    of the line that fits its ink best, as in deskewing (LeCun et al., 1998).
    """
    ink = images.astype(np.float32) / 255
    area = ink.sum(axis=(1, 2)) + 1e-6
    right, down = np.diff(ink, axis=2, append=0), np.diff(ink, axis=1, append=0)
    outline = np.hypot(right, down).sum(axis=(1, 2)) + 1e-6
    places = np.arange(28, dtype=np.float32)
    rows, columns = ink.sum(axis=2), ink.sum(axis=1)  # (N, 28) each
    y = places - (rows @ places / area)[:, None]
    x = places - (columns @ places / area)[:, None]
    leaning = np.einsum("nyx,ny,nx->n", ink, y, x, optimize=True) / ((rows * y * y).sum(axis=1) + 1e-6)
    return np.stack([2 * area / outline, leaning], axis=1)


def draw_mark(sign: str, pen: Pen) -> Images:
    """Draw a mark as uint8 (ROW_PX, 28): capsules around its strokes, with edges a pixel soft."""
    y, x = np.mgrid[:ROW_PX, :28].astype(np.float32)
    up = (BASELINE_PX - 1 - pen.stroke / 2 - y) / CAP_PX
    x = (x - 8) / CAP_PX - pen.slant * (0.5 - up)
    strokes = [*SEGMENTS.get(sign, []), *((point, point) for point in DOTS.get(sign, []))]
    distance = np.min([_distance(x, up, *stroke) for stroke in strokes], axis=0) * CAP_PX
    radius = pen.stroke / 2 * (DOT_WIDTH if sign in DOTS else 1)
    drawn: Images = ((radius + 0.5 - distance).clip(0, 1) * 255).astype(np.uint8)
    return drawn


def _distance(x: NDArray[np.float32], y: NDArray[np.float32], start: Point, end: Point) -> NDArray[np.float32]:
    """Measure the distance of each pixel from the stroke between two points."""
    along = np.subtract(end, start)
    share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / (along @ along or 1.0)
    share = share.clip(0, 1)
    distance: NDArray[np.float32] = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
    return distance
