"""Digits and marks to lines of writing: one baseline, even gaps, rows of at most ten."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from core.imaging.pen import BASELINE_PX, CAP_PX, ROW_PX, Pen, draw_mark, measure
from core.imaging.rendering import Images

MAX_ENLARGEMENT = 1.35
"""Times that a digit is enlarged, at most, to be CAP_PX high: MNIST's wide ones were made low to fit their box."""
DIGITS_PER_ROW = 10
SPACE_PX = 9
"""White between two words, beside the usual gap."""
SIDE_MARGIN_PX = 4
INKED = 64
"""Grey level from which a pixel counts as ink where gaps are measured."""
REACH_PX = 2
"""Rows up and down from which ink still pushes its neighbour away."""
MIN_GAP_PX, EVEN_GAP_PX, MAX_GAP_PX = 2, 4.5, 6
"""The least gap; the mean over all rows; and the gap that a row with more white, or without ink, counts as."""
OFFSETS = np.arange(-CAP_PX // 2, 2 * CAP_PX)
"""Columns at which a glyph may start, from the end of the one before it."""


def write(text: str, digits: Images) -> Images:
    """Write a number.

    Args:
        text: digits, the marks `- : . , + /`, and spaces.
        digits: uint8 (N, 28, 28), an image for each digit of the text, in its order.

    Returns:
        uint8 (height, width), white ink on black: rows of ROW_PX pixels, with a margin to the left and right.
    """
    cropped = [_crop(digit) for digit in digits]
    factors = [min(max(CAP_PX / len(digit), 1 / MAX_ENLARGEMENT), MAX_ENLARGEMENT) for digit in cropped]
    images = (_scale(digit, factor) for digit, factor in zip(cropped, factors, strict=True))
    pen = measure(digits)
    pen = Pen(pen.stroke * float(np.median(factors)), pen.slant)
    glyphs = ([None if sign == " " else _glyph(sign, images, pen) for sign in row] for row in rows_of(text))
    rows = [_set_row(row) for row in glyphs]
    width = max(row.shape[1] for row in rows)
    page = np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]))) for row in rows])
    return np.pad(page, ((0, 0), (SIDE_MARGIN_PX, SIDE_MARGIN_PX)))


def rows_of(text: str) -> list[str]:
    """Break a number into rows of at most ten digits: between words where they fit, else into even parts."""
    rows = [""]
    for word in text.split():
        room = DIGITS_PER_ROW - _digit_count(rows[-1])
        if rows[-1] and _digit_count(word) > room:
            rows.append("")
        parts = _split_word(word)
        rows[-1] = f"{rows[-1]} {parts[0]}".strip()
        rows += parts[1:]
    return rows


def _split_word(word: str) -> list[str]:
    """Split a word into as few parts as ten digits a row allow, with about as many digits in each."""
    total, parts = _digit_count(word), [""]
    count = -(-total // DIGITS_PER_ROW) or 1
    for sign in word:
        if sign.isdecimal() and _digit_count(parts[-1]) == -(-total // count):
            parts.append("")
        parts[-1] += sign
    return parts


def _digit_count(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


def _glyph(sign: str, digits: Iterator[Images], pen: Pen) -> Images:
    """Set a sign in a row of its own, (ROW_PX, width), standing on the baseline."""
    if not sign.isdecimal():
        mark = draw_mark(sign, pen)
        return mark[:, mark.max(axis=0) >= INKED // 2]
    digit = next(digits)[-BASELINE_PX:]
    return np.pad(digit, ((BASELINE_PX - len(digit), ROW_PX - BASELINE_PX), (0, 0)))


def _crop(image: Images) -> Images:
    inked = image >= INKED
    if not inked.any():  # a digit that the model left blank
        return np.zeros((CAP_PX, CAP_PX // 2), np.uint8)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    # One pixel more to the sides keeps the soft edge.
    sides = slice(max(columns[0] - 1, 0), columns[-1] + 2)
    return image[rows[0] : rows[-1] + 1, sides]


def _scale(image: Images, factor: float) -> Images:
    """Enlarge an image by a factor, by linear interpolation along each axis."""
    down, right = (_weights(size, round(size * factor)) for size in image.shape)
    scaled: Images = np.rint(down @ image @ right.T).astype(np.uint8)
    return scaled


def _weights(size: int, wanted: int) -> NDArray[np.float32]:
    """Return (wanted, size): the weight of each old place in each new one."""
    places = (np.arange(wanted, dtype=np.float32) + 0.5) * size / wanted - 0.5
    weights = (1 - np.abs(places.clip(0, size - 1)[:, None] - np.arange(size))).clip(0)
    return weights.astype(np.float32)


def _set_row(glyphs: Sequence[Images | None]) -> Images:
    """Set glyphs, None being a space, in one row: (ROW_PX, width)."""
    row, extra_px = np.zeros((ROW_PX, 0), np.uint8), 0
    for glyph in glyphs:
        if glyph is None:
            extra_px = SPACE_PX
        elif not row.shape[1]:
            row = glyph
        else:
            row, extra_px = _append(row, glyph, _gap(row, glyph) + extra_px), 0
    return row


def _gap(left: Images, right: Images) -> int:
    """Find the pixels from the end of one glyph to the start of the next at which the white between them is even.

    Optical spacing: it looks at the ink of each row, and not at the boxes around it.
    """
    ends = left.shape[1] - 1 - _last_inked(left)  # (ROW_PX,) free pixels at the end of each row
    starts = right.shape[1] - 1 - _last_inked(right[:, ::-1])  # and at the start
    gaps = np.minimum(ends + starts + OFFSETS[:, None], MAX_GAP_PX)  # (offsets, ROW_PX)
    # Only where a digit stands: the empty rows above and below would push all pairs alike.
    gaps = gaps[:, BASELINE_PX - CAP_PX : BASELINE_PX]
    fits = (gaps.min(axis=1) >= MIN_GAP_PX) & (gaps.mean(axis=1) >= EVEN_GAP_PX)
    return int(OFFSETS[np.argmax(fits)])


def _last_inked(glyph: Images) -> NDArray[np.int64]:
    """Return the last inked column of each row and of REACH_PX rows up and down; -1000 where there is none."""
    inked = glyph >= INKED
    last = np.where(inked.any(axis=1), inked.shape[1] - 1 - np.argmax(inked[:, ::-1], axis=1), -1000)
    padded = np.pad(last, REACH_PX, constant_values=-1000)
    reached: NDArray[np.int64] = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH_PX + 1).max(axis=1)
    return reached


def _append(left: Images, right: Images, gap: int) -> Images:
    start = left.shape[1] + gap
    first = min(0, start)
    row = np.zeros((ROW_PX, max(left.shape[1], start + right.shape[1]) - first), np.uint8)
    row[:, -first : left.shape[1] - first] = left
    at = slice(start - first, start - first + right.shape[1])
    row[:, at] = np.maximum(row[:, at], right)
    return row
