"""A hand in which all ten digits can be read, near the one that was found.

A digit says for certain how its writer slants and how heavy the pen is, and little about how the writer forms the other
digits: a 1 knows of no loop. So of latents that slant and thicken all digits as the one found does, and differ in the
rest, the one is taken from which the digits of the photo are drawn alike and all others legibly.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core import hand as hands
from core import latents
from core.generator import DIGITS, Generator, one_hot
from core.imaging.pen import measure, measure_each
from core.imaging.rendering import Images
from core.reader import Reader

OWN_SHARES = (0.5, 0.7)
"""Shares of a candidate's latent that are its own, the rest being the hand found; slant and stroke are that hand's."""
CANDIDATES = 8
"""Candidates of each share: with the one found, 17 take 30 ms to draw and read."""
SEED = 77
"""Of the candidates: the same photo gives the same hand."""
LEAST_PROBABILITY = 0.05
"""Probability below which a digit counts as this illegible: no worse than any other that is not read."""
SLANT_WEIGHT, STROKE_WEIGHT, GREY_WEIGHT = 8.0, 3.0, 0.1
"""Of differences in the pen's slant and stroke, and in grey levels: two standard deviations of a test digit's pen, and
20 grey levels, count as much as a digit that is read with e**-4 and e**-2."""
EMPHASIS = 1.4
"""Of a hand's slant and stroke: strips, whose images vary around it, then lean about as much as their originals."""
ROWS_AT_ONCE = 16
"""Latents of which all ten digits are drawn in a batch: its memory stays with the process."""
ALL = tuple(range(DIGITS))


class Refiner:
    """Finds legible hands; `refine` may be called from any thread.

    Args:
        generator: the model that writes in hands.
        reader: reads what it draws.
    """

    def __init__(self, generator: Generator, reader: Reader) -> None:
        self._generator = generator
        self._reader = reader

    @cached_property
    def _pen_basis(self) -> NDArray[np.float32]:
        # By the first photo, not at the start: it takes a fifth of a second.
        return pen_basis(self._generator)

    def refine(self, hand: NDArray[np.float32], images: Images, digits: NDArray[np.intp]) -> NDArray[np.float32]:
        """Find a hand.

        Args:
            hand: float32 (latent_dim,), the one found.
            images: uint8 (N, 28, 28), the digits of the photo.
            digits: (N,) 0..9.

        Returns:
            float32 (latent_dim,), as its token says it.
        """
        near = [latents.one_hand(SEED, CANDIDATES, len(hand), share, hand=hand) for share in OWN_SHARES]
        rows = np.concatenate([hand[None], *near])
        rows += (EMPHASIS * hand - rows) @ self._pen_basis @ self._pen_basis.T
        rows = np.stack([hands.from_token(hands.to_token(row), len(row)) for row in rows])
        drawn = draw_all(self._generator, rows)
        read = self._reader.confidence(drawn, np.tile(ALL, len(rows))).reshape(len(rows), DIGITS)
        illegible = -np.log(read.clip(LEAST_PROBABILITY, 1)).sum(axis=1)
        alike = drawn.reshape(len(rows), DIGITS, *drawn.shape[1:])[:, digits]  # (rows, N, 28, 28)
        best: NDArray[np.float32] = rows[np.argmin(illegible + [_difference(own, images) for own in alike])]
        return best


def pen_basis(generator: Generator) -> NDArray[np.float32]:
    """Return an orthonormal basis, float32 (latent_dim, 2), of the latents that slant and thicken all ten digits.

    It spans the gradients of mean slant and mean stroke, by central differences along the axes.
    """
    ends = np.concatenate([np.eye(generator.latent_dim), -np.eye(generator.latent_dim)]).astype(np.float32)
    parts = np.split(ends, range(ROWS_AT_ONCE, len(ends), ROWS_AT_ONCE))
    pens = np.concatenate([measure_each(draw_all(generator, part)) for part in parts])
    above, below = pens.reshape(2, generator.latent_dim, DIGITS, 2).mean(axis=2)
    basis: NDArray[np.float32] = np.linalg.qr(above - below)[0]
    return basis


def draw_all(generator: Generator, rows: NDArray[np.float32]) -> Images:
    """Draw all ten digits from each latent, float32 (N, latent_dim): uint8 (10 N, 28, 28)."""
    return generator.draw(rows.repeat(DIGITS, axis=0), one_hot(ALL * len(rows)))


def _difference(drawn: Images, images: Images) -> float:
    """Return the weighted difference of N images from N others."""
    grey = float(np.abs(drawn.astype(np.float32) - images).mean())
    one, other = measure(drawn), measure(images)
    slant, stroke = abs(one.slant - other.slant), abs(one.stroke - other.stroke)
    return SLANT_WEIGHT * slant + STROKE_WEIGHT * stroke + GREY_WEIGHT * grey
