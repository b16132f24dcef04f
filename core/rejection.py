"""Rejection sampling: an image that the reader doubts is drawn again.

After discriminator rejection sampling (Azadi et al., 2019, arXiv:1810.06758), with a classifier in the discriminator's
place: a strip shows no digit that could be taken for another one.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.generator import Generator, one_hot
from core.reader import Reader

MIN_CONFIDENCE = 0.995
"""Probability of the digit asked for, below which an image is drawn again: higher costs variety, lower clarity."""
MAX_REDRAWS = 4
"""Attempts after the first; then the likeliest of all is taken."""

Rows = Callable[[int], NDArray[np.float32]]
"""Returns the latents (N, latent_dim) of an attempt, 0 being the first."""


def draw(
    generator: Generator,
    reader: Reader | None,
    rows: Rows,
    digits: tuple[int, ...],
    truncation: float,
    min_confidence: float = MIN_CONFIDENCE,
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Draw an image of each digit, and those again that the reader doubts.

    Args:
        generator: draws.
        reader: reads what was drawn; None takes the first attempt as it is.
        rows: latents; those of a later attempt are asked for only where an image is in doubt.
        digits: N digits 0..9.
        truncation: as in `Generator.draw`.
        min_confidence: probability of its digit below which an image is drawn again.

    Returns:
        The images, uint8 (N, 28, 28), white ink (255) on black (0), and the latents (N, latent_dim) from which they
        came. Image i depends on its own latents and digit alone.
    """
    weights, wanted = one_hot(digits), np.array(digits)
    latents = rows(0)
    images = generator.draw(latents, weights, truncation)
    if reader is None:
        return images, latents
    confidence = reader.confidence(images, wanted)
    for attempt in range(1, MAX_REDRAWS + 1):
        (doubtful,) = np.nonzero(confidence < min_confidence)
        if not len(doubtful):
            break
        other = rows(attempt)[doubtful]
        redrawn = generator.draw(other, weights[doubtful], truncation)
        found = reader.confidence(redrawn, wanted[doubtful])
        better = found > confidence[doubtful]
        taken = doubtful[better]
        images[taken], confidence[taken], latents[taken] = redrawn[better], found[better], other[better]
    return images, latents
