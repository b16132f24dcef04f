"""Digits and marks to lines of writing: one baseline, even gaps, rows of at most ten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Point = tuple[float, float]

ROW, BASELINE = 32, 25
"""Pixels from row to row, and the first one below the digits."""
CAP = 20
"""Height of a digit: MNIST's were fitted into a box of 20 x 20 pixels."""
MOST_SCALED = 1.35
"""Times that a digit is enlarged, at most, to be CAP high: MNIST's wide ones were made low to fit their box."""
LONGEST_ROW = 10
"""Digits in a row."""
SPACE = 9
"""Pixels between two words, beside the usual gap."""
MARGIN = 4
INKED = 64
"""Grey level from which a pixel counts as ink where gaps are measured."""
REACH = 2
"""Rows up and down from which ink still pushes its neighbour away."""
TIGHTEST, EVEN, FARTHEST = 2, 4.5, 6
"""Pixels: the least gap; the mean over all rows; and what counts as this far where there is more, or no ink."""
OFFSETS = np.arange(-CAP // 2, 2 * CAP)
"""Where a glyph may start, from the end of the one before it."""

SEGMENTS: dict[str, Sequence[tuple[Point, Point]]] = {
    "-": [((0.0, 0.42), (0.4, 0.42))],
    "+": [((0.0, 0.42), (0.5, 0.42)), ((0.25, 0.17), (0.25, 0.67))],
    "/": [((0.0, -0.05), (0.34, 1.0))],
    ",": [((0.1, 0.05), (0.0, -0.16))],
}
"""Marks as strokes from point to point: right and up from the start of the baseline, 1 being a digit's height."""
DOTS: dict[str, Sequence[Point]] = {".": [(0.0, 0.05)], ":": [(0.0, 0.15), (0.0, 0.55)]}
FULLER = 1.3
"""A dot beside the stroke that it goes with: of one width it would look the smaller of the two."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How somebody writes.

    Attributes:
        stroke: width of a line, in pixels.
        slant: pixels to the right for each one down; a hand that leans to the right has a negative one.
    """

    stroke: float
    slant: float


def write(text: str, digits: Images) -> Images:
    """Write a number.

    Args:
        text: digits, the marks `- : . , + /`, and spaces.
        digits: uint8 (N, 28, 28), an image for each digit of the text, in its order.

    Returns:
        uint8 (height, width), white ink on black: rows of ROW pixels, with a margin to the left and right.
    """
    cropped = [_cropped(digit) for digit in digits]
    larger = [min(max(CAP / len(digit), 1 / MOST_SCALED), MOST_SCALED) for digit in cropped]
    images = (_scaled(digit, factor) for digit, factor in zip(cropped, larger, strict=True))
    pen = measure(digits)
    pen = Pen(pen.stroke * float(np.median(larger)), pen.slant)
    glyphs = ([None if sign == " " else _glyph(sign, images, pen) for sign in row] for row in rows_of(text))
    rows = [_set(row) for row in glyphs]
    width = max(row.shape[1] for row in rows)
    page = np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]))) for row in rows])
    return np.pad(page, ((0, 0), (MARGIN, MARGIN)))


def rows_of(text: str) -> list[str]:
    """Break a number into rows of at most ten digits: between words where they fit, else into even parts."""
    rows = [""]
    for word in text.split():
        room = LONGEST_ROW - _digits(rows[-1])
        if rows[-1] and _digits(word) > room:
            rows.append("")
        parts = _parts(word)
        rows[-1] = f"{rows[-1]} {parts[0]}".strip()
        rows += parts[1:]
    return rows


def _parts(word: str) -> list[str]:
    """A word in as few parts as ten digits a row allow, with about as many digits in each."""
    total, parts = _digits(word), [""]
    count = -(-total // LONGEST_ROW) or 1
    for sign in word:
        if sign.isdecimal() and _digits(parts[-1]) == -(-total // count):
            parts.append("")
        parts[-1] += sign
    return parts


def _digits(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


def measure(images: Images) -> Pen:
    """The pen that drew uint8 (N, 28, 28): the median over the images.

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
    return Pen(float(np.median(2 * area / outline)), float(np.median(leaning)))


def _glyph(sign: str, digits: Iterator[Images], pen: Pen) -> Images:
    """A sign in a row of its own, (ROW, width), standing on the baseline."""
    if not sign.isdecimal():
        mark = _mark(sign, pen)
        return mark[:, mark.max(axis=0) >= INKED // 2]
    digit = next(digits)[-BASELINE:]
    return np.pad(digit, ((BASELINE - len(digit), ROW - BASELINE), (0, 0)))


def _cropped(image: Images) -> Images:
    inked = image >= INKED
    if not inked.any():  # a digit that the model left blank
        return np.zeros((CAP, CAP // 2), np.uint8)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    # One pixel more to the sides keeps the soft edge.
    sides = slice(max(columns[0] - 1, 0), columns[-1] + 2)
    return image[rows[0] : rows[-1] + 1, sides]


def _scaled(image: Images, factor: float) -> Images:
    """The image enlarged by a factor, by linear interpolation along each axis."""
    down, right = (_interpolation(size, round(size * factor)) for size in image.shape)
    scaled: Images = np.rint(down @ image @ right.T).astype(np.uint8)
    return scaled


def _interpolation(size: int, wanted: int) -> NDArray[np.float32]:
    """(wanted, size): how much each old place gives to each new one."""
    places = (np.arange(wanted, dtype=np.float32) + 0.5) * size / wanted - 0.5
    weights = (1 - np.abs(places.clip(0, size - 1)[:, None] - np.arange(size))).clip(0)
    return weights.astype(np.float32)


def _mark(sign: str, pen: Pen) -> Images:
    """A mark as uint8 (ROW, 28): capsules around its strokes, with edges a pixel soft."""
    y, x = np.mgrid[:ROW, :28].astype(np.float32)
    up = (BASELINE - 1 - pen.stroke / 2 - y) / CAP
    x = (x - 8) / CAP - pen.slant * (0.5 - up)
    strokes = [*SEGMENTS.get(sign, []), *((point, point) for point in DOTS.get(sign, []))]
    distance = np.min([_distance(x, up, *stroke) for stroke in strokes], axis=0) * CAP
    radius = pen.stroke / 2 * (FULLER if sign in DOTS else 1)
    drawn: Images = ((radius + 0.5 - distance).clip(0, 1) * 255).astype(np.uint8)
    return drawn


def _distance(x: NDArray[np.float32], y: NDArray[np.float32], start: Point, end: Point) -> NDArray[np.float32]:
    """How far each pixel is from the stroke between two points."""
    along = np.subtract(end, start)
    share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / (along @ along or 1.0)
    share = share.clip(0, 1)
    far: NDArray[np.float32] = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
    return far


def _set(glyphs: Sequence[Images | None]) -> Images:
    """Set a row: (ROW, width)."""
    row, wider = np.zeros((ROW, 0), np.uint8), 0
    for glyph in glyphs:
        if glyph is None:
            wider = SPACE
        elif not row.shape[1]:
            row = glyph
        else:
            row, wider = _beside(row, glyph, _gap(row, glyph) + wider), 0
    return row


def _gap(left: Images, right: Images) -> int:
    """Pixels from the end of one glyph to the start of the next at which the white between them is even.

    Optical spacing: what counts is the ink of each row, and not the boxes around it.
    """
    ends = left.shape[1] - 1 - _last(left)  # (ROW,) free pixels at the end of each row
    starts = right.shape[1] - 1 - _last(right[:, ::-1])  # and at the start
    gaps = np.minimum(ends + starts + OFFSETS[:, None], FARTHEST)  # (offsets, ROW)
    # Only where a digit stands: the empty rows above and below would push all pairs alike.
    gaps = gaps[:, BASELINE - CAP : BASELINE]
    fits = (gaps.min(axis=1) >= TIGHTEST) & (gaps.mean(axis=1) >= EVEN)
    return int(OFFSETS[np.argmax(fits)])


def _last(glyph: Images) -> NDArray[np.int64]:
    """The last inked column of each row and of REACH rows up and down; far to the left where there is none."""
    inked = glyph >= INKED
    last = np.where(inked.any(axis=1), inked.shape[1] - 1 - np.argmax(inked[:, ::-1], axis=1), -1000)
    padded = np.pad(last, REACH, constant_values=-1000)
    reached: NDArray[np.int64] = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1).max(axis=1)
    return reached


def _beside(left: Images, right: Images, gap: int) -> Images:
    start = left.shape[1] + gap
    first = min(0, start)
    row = np.zeros((ROW, max(left.shape[1], start + right.shape[1]) - first), np.uint8)
    row[:, -first : left.shape[1] - first] = left
    at = slice(start - first, start - first + right.shape[1])
    row[:, at] = np.maximum(row[:, at], right)
    return row
