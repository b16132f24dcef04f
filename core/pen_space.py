"""The pen in a latent space: the latents that slant and thicken all digits."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.imaging.pen import measure_each
from core.imaging.rendering import Images

MAX_DEVIATIONS = 4
"""Standard deviations of a pen that are looked for: a model may hardly vary its own."""
TINY = 1e-6
"""Added to deviations: those of a model that always draws alike are 0."""
ROWS_AT_ONCE = 16
"""Latents of which all ten digits are drawn in a batch: its memory stays with the process."""


@dataclass(frozen=True, slots=True)
class PenSpace:
    """The plane of a latent space along which stroke and slant of all ten digits change alike.

    Attributes:
        basis: float32 (latent_dim, 2), orthonormal; it spans the gradients of mean stroke and mean slant.
        means: float (10, 2), stroke and slant of each digit, as `imaging.pen.measure_each` has them.
        deviations: float (10, 2), their standard deviations.
        steps: float (2, 2), in rows: the step in the plane for one standard deviation of stroke, and of slant.
    """

    basis: NDArray[np.float32]
    means: NDArray[np.float64]
    deviations: NDArray[np.float64]
    steps: NDArray[np.float64]

    @classmethod
    def measure(cls, draw_all: Callable[[NDArray[np.float32]], Images], latent_dim: int) -> Self:
        """Measure it by central differences along the axes, as far from the origin as a typical latent is.

        Args:
            draw_all: draws all ten digits from each latent.
            latent_dim: length of a latent.
        """
        radius = math.sqrt(latent_dim)
        ends = radius * np.concatenate([np.eye(latent_dim), -np.eye(latent_dim)]).astype(np.float32)
        parts = np.split(ends, range(ROWS_AT_ONCE, len(ends), ROWS_AT_ONCE))
        pens = np.concatenate([measure_each(draw_all(part)) for part in parts]).reshape(len(ends), -1, 2)
        means, deviations = pens.mean(axis=0), pens.std(axis=0) + TINY
        above, below = ((pens - means) / deviations).mean(axis=1).reshape(2, latent_dim, 2)
        basis, change = np.linalg.qr((above - below) / (2 * radius))
        return cls(basis.astype(np.float32), means, deviations, np.linalg.pinv(change))

    def place(self, images: Images, digits: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the coordinates in the plane, float32 (2,), at which digits have the mean pen of these images.

        Args:
            images: uint8 (N, 28, 28), white ink on black.
            digits: (N,) 0..9, their digits.
        """
        pens = ((measure_each(images) - self.means[digits]) / self.deviations[digits]).mean(axis=0)
        place: NDArray[np.float32] = (pens.clip(-MAX_DEVIATIONS, MAX_DEVIATIONS) @ self.steps).astype(np.float32)
        return place
