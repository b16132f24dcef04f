"""Ink on paper, or chalk on a board, told from uneven light, texture and ruled lines."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.imaging.photo import Grey
from core.imaging.runs import Components, Mask, Runs

Ink = NDArray[np.float32]
"""Darkness relative to the paper around, 0..1; of chalk its lightness."""

PAPER_PX = 200
"""Length of a photo's shorter side where paper is estimated: light changes slowly."""
VOTING_PX, VOTING_WINDOWS = 48, (9, 13, 17, 25)
"""Sides of a photo and of windows when dark and light ink are told apart: of 1,000 test digits and photos all are."""
WIDEST_STROKE = 1 / 3
"""Share of the shorter side that a stroke is narrower than; what is wider is a thing in the photo, or its shadow."""
MIN_CONTRAST = 0.1
"""Ink below which a photo is blank; a hard pencil has 0.2."""
NOISES = 6.0
"""Standard deviations of the paper's grain that ink stands out by."""
INKED = 0.45
"""Share of a photo's darkest ink that separates ink from paper: a stroke ends at half, a thin one at less."""
DARKEST = 0.9
"""Quantile of what stands out that counts as the darkest ink."""
RULE_SHARE = 0.35
"""Share of a photo's side that a ruled line is longer than."""
RULE_WIDTH = 1 / 100
"""Share of the longer side that a ruled line is thinner than."""
RULE_ASPECT = 5
"""Width of the box around a ruled line for its height, more than which makes it level."""
MAX_BARS = 3
"""Level strokes that one digit may have: so many lines are rules only if they reach the edge of the photo."""
PIECE_SHARE = 0.06
"""Share of the side that a piece of a ruled line is longer than, where there are such lines."""
BRIDGE_WIDTHS = 3
"""Widths of a line that a gap in it is bridged from either side."""


def find_ink(grey: Grey) -> Ink:
    """Find the ink of a photo, dark or light.

    The paper under dark ink is the photo's morphological closing, which fills what is narrower than a window and keeps
    the edge of a shadow; the ratio of both is free of the light (top-hat transform, Meyer, 1978).

    Args:
        grey: uint8 (H, W).

    Returns:
        float32 (H, W), 0..1; all 0 where there is no ink.
    """
    light = is_light_on_dark(grey)
    return _ink_on_paper(255 - grey if light else grey, relative=not light)


def is_light_on_dark(grey: Grey) -> bool:
    """Return whether ink is lighter than its paper.

    A median over a window that ink fills by less than half is paper, and the skewness about it has the sign of the ink.
    Small windows follow the edge of a shadow, wide ones hold a broad pen: each has a vote of -1..1.
    """
    small = Image.fromarray(grey).resize((VOTING_PX, VOTING_PX), Image.Resampling.BOX)
    levels, votes = np.asarray(small, np.float32), 0.0
    for window in VOTING_WINDOWS:
        cubes = (levels - np.asarray(small.filter(ImageFilter.MedianFilter(window)), np.float32)) ** 3
        votes += float(cubes.sum() / (np.abs(cubes).sum() + 1))
    return votes > 0


def threshold(ink: Ink) -> float:
    """Return the ink from which a pixel belongs to a stroke; infinity where there is none."""
    sample = ink[::2, ::2]
    paper = float(np.median(sample))
    noise = 1.4826 * float(np.median(np.abs(sample - paper)))
    visible = sample[sample > max(paper + NOISES * noise, MIN_CONTRAST)]
    if not len(visible):
        return float("inf")
    return paper + INKED * (float(np.quantile(visible, DARKEST)) - paper)


def find_strokes(ink: Ink) -> Mask:
    """Find the pixels (H, W) of strokes: dark ones that belong to no ruled line."""
    least = threshold(ink)
    rules = find_rules(ink > least / 2)
    if not rules.any():
        mask: Mask = ink > least
        return mask
    # There may be more ink in the rules than in all digits: only now it is seen how dark those are.
    unruled = np.where(rules, 0, ink)
    strokes: Mask = unruled > threshold(unruled)
    return strokes


def find_rules(mask: Mask) -> Mask:
    """Find ruled lines or squares, but for the places where strokes cross them.

    As staves are found in music (Dutta et al., 2010): a line is a long chain of short runs across it, and where a
    stroke crosses it the runs are long.
    """
    level = _find_level_lines(mask)
    # Upright lines alone are more likely a 1.
    return level | _find_level_lines(mask.T).T if level.any() else level


def _find_level_lines(mask: Mask) -> Mask:
    components = Components.of(mask)
    long = components.widths > RULE_SHARE * mask.shape[1]
    if not long.any():
        return np.zeros_like(mask)
    across = Runs.of(components.mask(long).T)
    width = float(np.median(across.lengths))
    if width > RULE_WIDTH * max(mask.shape):
        return np.zeros_like(mask)
    thin = across.only(across.lengths <= 2 * width + 2).mask().T
    # Bridge the places where other lines cross it.
    chains = Components.of(Runs.of(thin).widened(round(BRIDGE_WIDTHS * width)).mask())
    level = chains.widths > RULE_ASPECT * chains.heights
    lines = level & (chains.widths > RULE_SHARE * mask.shape[1])
    at_edge = lines & ((chains.left == 0) | (chains.right == mask.shape[1]))
    if lines.sum() <= MAX_BARS and not at_edge.any():
        return np.zeros_like(mask)
    # Strokes that cross a line leave short pieces of it.
    pieces = level & (chains.widths > PIECE_SHARE * mask.shape[1])
    found: Mask = thin & chains.mask(pieces)
    return found


def _ink_on_paper(grey: Grey, *, relative: bool) -> Ink:
    image = Image.fromarray(grey)
    factor = max(min(image.size) // PAPER_PX, 1)
    small = np.asarray(image.reduce(factor).filter(ImageFilter.MedianFilter(3)))
    window = max(round(min(small.shape) * WIDEST_STROKE), 1)
    closed = 255 - widen(255 - widen(small, window), window)
    smooth = Image.fromarray(closed).filter(ImageFilter.BoxBlur(2))
    paper = np.asarray(smooth.resize(image.size, Image.Resampling.BILINEAR), np.float32)
    darker = paper - grey
    ink: Ink = (darker / np.maximum(paper, 1) if relative else darker / 255).clip(0, 1)
    return ink


def widen(grey: Grey, window: int) -> Grey:
    """Return the greatest grey level in a square window around each pixel."""
    for _ in range(2):
        padded = np.pad(grey, ((window // 2, window - 1 - window // 2), (0, 0)), mode="edge")
        reach = 1
        while reach < window:  # the greatest of twice as many rows at each step
            step = min(reach, window - reach)
            padded = np.maximum(padded[:-step], padded[step:])
            reach += step
        grey = padded.T
    return grey
