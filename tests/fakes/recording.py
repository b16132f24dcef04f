"""Generators that write down what they are asked for, and draw what can be calculated."""

from collections.abc import Callable

import numpy as np

from core.catalog import Catalog, Model
from core.generator import Generator

LATENT_DIM = 64


class RecordingGenerator(Generator):
    """A generator that keeps what each call of `draw` was given.

    Args:
        image: draws uint8 (batch, 28, 28) of latents and digits; black without it.

    Attributes:
        latents, digits: float32 (batch, 64) and (batch, 10) of each call.
        spreads: how far each call was to stray.
    """

    def __init__(self, image: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None) -> None:
        self.latent_dim = LATENT_DIM
        self.metadata = {}
        self.latents: list[np.ndarray] = []
        self.digits: list[np.ndarray] = []
        self.spreads: list[float] = []
        self._image = image

    def draw(self, latents: np.ndarray, digits: np.ndarray, spread: float = 1.0) -> np.ndarray:
        """Note what is asked for, and draw it."""
        self.latents.append(latents)
        self.digits.append(digits)
        self.spreads.append(spread)
        if self._image is None:
            return np.zeros((len(latents), 28, 28), np.uint8)
        return self._image(latents, digits)


def catalog_of(generator: Generator) -> Catalog:
    """A catalog with that one model."""
    return Catalog({"only": Model("only", "Only", {}, generator)}, "only")


def squares(_: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """A square for each digit whose ink grows with the sixth power of the digit's share of 3."""
    images = np.zeros((len(digits), 28, 28), np.uint8)
    images[:, 4:24, 4:24] = np.rint(255 * digits[:, 3] ** 6)[:, None, None]
    return images
