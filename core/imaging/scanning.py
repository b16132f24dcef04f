"""A photo or drawing to images of its digits, made as MNIST's were."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from core.imaging import inking
from core.imaging.inking import Ink, widen
from core.imaging.photo import Grey, decode
from core.imaging.rendering import Images
from core.imaging.runs import Components, Mask

MAX_DIGITS = 6
"""Digits that a photo may show."""
SMALLEST_PX = 280
"""Length to which the longer side of a small drawing is enlarged: MNIST's 28 pixels are too few to find an outline."""
BOX_PX, SIDE_PX = 20, 28
"""MNIST's digits were fitted into a box of 20 x 20, and set with their centre of mass in the middle of 28 x 28."""
SPECK_PX = 5
"""Length of a part that is dropped as a speck."""
WHOLE = 0.5
"""Height of a digit, as a share of the highest part's."""
GAP = 0.15
"""Gap, as a share of the highest part's height, over which a broken stroke is still one."""
OVERLAP = 0.6
"""Share of the narrower of two parts over which they stand above one another, if they are one digit."""
FULL = 0.75
"""Quantile of a digit's ink that counts as full ink."""
EDGE = 0.25
"""Share of a digit's darkest ink from which a pixel belongs to its box."""
MIN_STROKE_PX = 1.4
"""Width of a stroke in the box to which a finer pen's is brought: one in twenty of MNIST's is thinner."""


def scan(photo: bytes) -> Images:
    """Find the digits in a photo or drawing.

    Args:
        photo: a PNG, JPEG or WebP.

    Returns:
        uint8 (N, 28, 28), white ink on black, from left to right; N is 0 where nothing is like a digit, and
        MAX_DIGITS + 1 where more things are than MAX_DIGITS.

    Raises:
        InvalidPhoto: see `core.imaging.photo.decode`.
    """
    return find_digits(decode(photo))


def find_digits(grey: Grey) -> Images:
    """Find the digits in grey levels, uint8 (H, W); see `scan`."""
    ink = inking.find_ink(_enlarged(grey))
    images = [_fit(ink, digit) for digit in _digits(inking.find_strokes(ink))]
    return np.stack(images) if images else np.zeros((0, SIDE_PX, SIDE_PX), np.uint8)


def _enlarged(grey: Grey) -> Grey:
    factor = SMALLEST_PX // max(grey.shape)
    if factor < 2:
        return grey
    height, width = grey.shape
    image = Image.fromarray(grey).resize((width * factor, height * factor), Image.Resampling.BICUBIC)
    return np.asarray(image)


def _digits(mask: Mask) -> Iterator[Mask]:
    """Yield the mask of each digit, from left to right; one more than MAX_DIGITS at most."""
    components = Components.of(mask)
    parts = _parts(components)
    if not len(parts):
        return
    highest = int(components.heights[parts].max())
    groups: list[list[int]] = []
    for part in parts[np.argsort(-components.heights[parts], kind="stable")]:
        group = next((group for group in groups if _belongs(components, part, group, highest)), None)
        if group is not None:
            group.append(part)
        elif components.heights[part] >= WHOLE * highest:
            groups.append([part])
    groups.sort(key=lambda group: int(components.left[group].min()))
    for group in groups[: MAX_DIGITS + 1]:
        yield components.mask(np.isin(np.arange(len(components.areas)), group))


def _parts(components: Components) -> np.ndarray:
    """Return the indices of components that are no specks; those at the photo's edge only if there are no others."""
    height, width = components.runs.shape
    large = np.maximum(components.widths, components.heights) >= SPECK_PX
    # The edge of a sheet or a shadow goes through the whole photo.
    large &= (components.widths < width) & (components.heights < height)
    inside = (components.left > 0) & (components.top > 0) & (components.right < width) & (components.bottom < height)
    tall = components.heights >= SPECK_PX * 3
    (parts,) = np.nonzero(large & inside if (tall & inside).any() else large)
    return parts


def _belongs(components: Components, part: int, group: list[int], highest: int) -> bool:
    """Return whether a part is one digit with a group."""
    left, right = components.left[group].min(), components.right[group].max()
    top, bottom = components.top[group].min(), components.bottom[group].max()
    across = min(right, components.right[part]) - max(left, components.left[part])
    down = min(bottom, components.bottom[part]) - max(top, components.top[part])
    if -min(across, down) > GAP * highest:
        return False
    if components.heights[part] < WHOLE * highest:
        return bool(across > -GAP * highest / 2)
    return bool(across > OVERLAP * min(right - left, components.widths[part]))


def _fit(ink: Ink, digit: Mask) -> Images:
    """Make an image of a digit as MNIST's were made: fitted into a box, centred by mass, with soft edges."""
    (rows,), (columns,) = np.nonzero(digit.any(axis=1)), np.nonzero(digit.any(axis=0))
    height, width = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    margin = max(len(ink) // 100, 3)
    window = (
        slice(max(rows[0] - margin, 0), rows[-1] + 1 + margin),
        slice(max(columns[0] - margin, 0), columns[-1] + 1 + margin),
    )
    near = widen(digit[window].astype(np.uint8), margin)
    shade = (ink[window] / np.quantile(ink[digit], FULL)).clip(0, 1) * near * 255
    image = Image.fromarray(_thickened(shade.astype(np.uint8), max(height, width)))
    return _centre(_in_box(image.crop(image.point(lambda value: 255 * (value > EDGE * 255)).getbbox())))


def _thickened(shade: Grey, length: int) -> Grey:
    """Return a digit of `length` with strokes of MIN_STROKE_PX at least, of the BOX_PX that `length` becomes."""
    level = shade.astype(np.float32)
    outline = np.hypot(np.diff(level, axis=1, append=0), np.diff(level, axis=0, append=0)).sum()
    missing = MIN_STROKE_PX * length / BOX_PX - 2 * level.sum() / max(float(outline), 1)
    if missing < 1:
        return shade
    return widen(np.pad(shade, round(missing)), round(missing) + 1)


def _in_box(image: Image.Image) -> Grey:
    factor = BOX_PX / max(image.size)
    size = (max(round(image.width * factor), 1), max(round(image.height * factor), 1))
    return np.asarray(image.resize(size, Image.Resampling.BOX))


def _centre(small: Grey) -> Images:
    """Set an image of at most BOX_PX with its centre of mass in the middle of SIDE_PX."""
    weights = small.astype(np.float32) + 1e-3
    image = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    place = []
    for axis, length in enumerate(small.shape):
        mass = weights.sum(axis=1 - axis)
        centre = float(mass @ (np.arange(length) + 0.5) / mass.sum())
        place.append(min(max(round(SIDE_PX / 2 - centre), 0), SIDE_PX - length))
    image[place[0] : place[0] + small.shape[0], place[1] : place[1] + small.shape[1]] = small
    return image
