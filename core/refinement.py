"""A hand in which all ten digits can be read, near the one that was found.

A digit says for certain how its writer slants and how heavy the pen is, and little about how the writer forms the other
digits: a 1 knows of no loop. So of latents with the slant and stroke of the photo, which differ in the rest, the one is
taken from which the digits of the photo are drawn alike and all others legibly.
"""

import numpy as np
from numpy.typing import NDArray

from core import hand as hands
from core import latents
from core.generator import DIGITS, Generator, one_hot
from core.imaging.pen import measure
from core.imaging.rendering import Images
from core.reader import Reader

OWN_SHARES = (0.3, 0.5)
"""Shares of a candidate's latent that are its own, beside the hand found; all have the same slant and stroke."""
CANDIDATES = 8
"""Candidates of each share: with the one found, 17 take 30 ms to draw and read."""
SEED = 77
"""Of the candidates: the same photo gives the same hand."""
LEAST_PROBABILITY = 0.05
"""Probability below which a digit counts as this illegible: no worse than any other that is not read."""
SLANT_WEIGHT, STROKE_WEIGHT, GREY_WEIGHT = 8.0, 3.0, 0.1
"""Of differences in the pen's slant and stroke, and in grey levels: two standard deviations of a test digit's pen, and
20 grey levels, count as much as a digit that is read with e**-4 and e**-2."""
FOUND_WEIGHT, MEASURED_WEIGHT = 0.65, 0.7
"""Weights of the encoder's pen and of the pen measured in the photo: the first keeps the photo's digits alike, the
second makes the others follow. The sum is above 1, because images vary around a hand."""
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

    def refine(self, hand: NDArray[np.float32], images: Images, digits: NDArray[np.intp]) -> str:
        """Find a hand.

        Args:
            hand: float32 (latent_dim,), the one found.
            images: uint8 (N, 28, 28), the digits of the photo.
            digits: (N,) 0..9.

        Returns:
            Its token.
        """
        kinds = set(digits.tolist())
        kind = kinds.pop() if len(kinds) == 1 else None
        near = [latents.one_hand(SEED, CANDIDATES, len(hand), share, hand=hand) for share in OWN_SHARES]
        rows = np.concatenate([hand[None], *near])
        space = self._generator.pen_space
        pen = FOUND_WEIGHT * hand @ space.basis + MEASURED_WEIGHT * space.place(images, digits)
        rows += (pen - rows @ space.basis) @ space.basis.T
        tokens = hands.to_tokens(rows, space.basis, kind)
        each = np.concatenate([hands.digit_latents(token, self._generator) for token in tokens])
        drawn = self._generator.draw(each, one_hot(ALL * len(tokens)))
        read = self._reader.confidence(drawn, np.tile(ALL, len(tokens))).reshape(len(tokens), DIGITS)
        illegible = -np.log(read.clip(LEAST_PROBABILITY, 1)).sum(axis=1)
        alike = drawn.reshape(len(rows), DIGITS, *drawn.shape[1:])[:, digits]  # (rows, N, 28, 28)
        return tokens[int(np.argmin(illegible + [_difference(own, images) for own in alike]))]


def _difference(drawn: Images, images: Images) -> float:
    """Return the weighted difference of N images from N others."""
    grey = float(np.abs(drawn.astype(np.float32) - images).mean())
    one, other = measure(drawn), measure(images)
    slant, stroke = abs(one.slant - other.slant), abs(one.stroke - other.stroke)
    return SLANT_WEIGHT * slant + STROKE_WEIGHT * stroke + GREY_WEIGHT * grey
