"""A network that finds the hand of a digit: the latent from which the default model draws it."""

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.generator import DIGITS, SIDE, WARM_UP, one_hot
from core.inference import Network, Tensor

_CONTRACT = {
    "image": Tensor("uint8", (SIDE, SIDE)),
    "digit": Tensor("float", (DIGITS,)),
    "latent": Tensor("float"),
}


class Encoder:
    """An encoder's file, loaded once; `encode` may be called from any thread.

    Attributes:
        latent_dim: the length of a latent vector.
        metadata: the file's own description.
    """

    def __init__(self, network: Network, latent_dim: int) -> None:
        self._network = network
        self.latent_dim = latent_dim
        self.metadata = network.metadata

    @classmethod
    def load(cls, path: Path, content: bytes | None, latent_dim: int) -> Self:
        """Load and warm up an ONNX file.

        Args:
            path: of the file.
            content: its bytes, if they were read already.
            latent_dim: that of the model whose latents it finds.

        Raises:
            BadWeights: the file is missing, is not ONNX, has other inputs and outputs than the contract, or finds
                latents of another length.
        """
        encoder = cls(Network.load(path, _CONTRACT, content), latent_dim)
        blank = np.zeros((WARM_UP, SIDE, SIDE), np.uint8)
        inputs: dict[str, NDArray[Any]] = {"image": blank, "digit": one_hot(tuple(range(WARM_UP)))}
        encoder._network.warm_up(path, "latent", inputs, (latent_dim,))
        return encoder

    def encode(self, images: NDArray[np.uint8], digits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Find the latents of a batch.

        Args:
            images: uint8 (batch, 28, 28), white ink (255) on black (0).
            digits: float32 (batch, 10), rows that sum to 1; a one-hot row is that digit.

        Returns:
            float32 (batch, latent_dim), about as long as those that are ~ N(0, 1).
        """
        return self._network.run("latent", {"image": images, "digit": digits})
