"""A model that draws digits."""

from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.inference import Network, Tensor
from core.pen_space import PenSpace

DIGITS = 10
SIDE = 28
WARM_UP = 5

_CONTRACT = {
    "latent": Tensor("float"),
    "digit": Tensor("float", (DIGITS,)),
    "image": Tensor("uint8", (SIDE, SIDE)),
}
_SPREAD = "spread"
"""An input that a model may have, of one float, and that a run may leave out."""


class Generator:
    """A model file, loaded once; `draw` may be called from any thread.

    Attributes:
        latent_dim: the length of a latent vector.
        metadata: the file's own description: name, family, title, license, data, commit.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._truncates = _SPREAD in network.optional
        self.latent_dim: int = network.sizes("latent")[1]
        self.metadata = network.metadata

    @classmethod
    def load(cls, path: Path, content: bytes | None = None) -> Self:
        """Load and warm up an ONNX file.

        Args:
            path: of the file.
            content: its bytes, if they were read already.

        Raises:
            BadWeights: as `Network.load` does.
        """
        generator = cls(Network.load(path, _CONTRACT, content))
        latents = np.zeros((WARM_UP, generator.latent_dim), np.float32)
        inputs = {"latent": latents, "digit": one_hot(tuple(range(WARM_UP)))}
        generator._network.warm_up(path, "image", inputs, (SIDE, SIDE))
        return generator

    def draw(
        self, latents: NDArray[np.float32], digits: NDArray[np.float32], truncation: float = 1.0
    ) -> NDArray[np.uint8]:
        """Draw a batch.

        Args:
            latents: float32 (batch, latent_dim), ~ N(0, 1).
            digits: float32 (batch, 10), rows that sum to 1; a one-hot row is that digit.
            truncation: psi of the truncation trick (Karras et al., 2019, arXiv:1812.04948): 1 draws the learned
                distribution, less draws more typical digits, 0 the most typical one alone, more than 1 wilder ones.
                A model without the input `spread` gets latents scaled by it.

        Returns:
            uint8 (batch, 28, 28), white ink (255) on black (0).
        """
        inputs = {"latent": latents, "digit": digits}
        if self._truncates:
            inputs[_SPREAD] = np.array([truncation], np.float32)
        elif truncation != 1:
            inputs["latent"] = latents * np.float32(truncation)
        return self._network.run("image", inputs)

    def draw_all(self, rows: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Draw all ten digits from each latent, float32 (N, latent_dim): uint8 (10 N, 28, 28)."""
        return self.draw(rows.repeat(DIGITS, axis=0), one_hot(tuple(range(DIGITS)) * len(rows)))

    @cached_property
    def pen_space(self) -> PenSpace:
        """The latents that slant and thicken all ten digits; finding them takes a fifth of a second, once."""
        return PenSpace.measure(self.draw_all, self.latent_dim)


def one_hot(digits: tuple[int, ...]) -> NDArray[np.float32]:
    """Digits 0..9 as float32 rows (len(digits), 10) of one 1 and nine 0."""
    rows: NDArray[np.float32] = np.eye(DIGITS, dtype=np.float32)[list(digits)]
    return rows
