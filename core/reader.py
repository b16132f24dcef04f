"""A network that reads digits, and is sure of none where there is none."""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.generator import DIGITS, SIDE, WARM_UP
from core.inference import Network, Tensor

_CONTRACT = {"image": Tensor("uint8", (SIDE, SIDE)), "logits": Tensor("float", (DIGITS,))}


class Reader:
    """A reader's file, loaded once; its methods may be called from any thread."""

    def __init__(self, network: Network) -> None:
        self._network = network
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
        reader = cls(Network.load(path, _CONTRACT, content))
        reader._network.warm_up(path, "logits", {"image": np.zeros((WARM_UP, SIDE, SIDE), np.uint8)}, (DIGITS,))
        return reader

    def read(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Read a batch.

        Args:
            images: uint8 (batch, 28, 28), white ink (255) on black (0).

        Returns:
            float32 (batch, 10), the probability of each digit, calibrated; all are low where there is no digit.
        """
        logits = self._network.run("logits", {"image": images})
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: NDArray[np.float32] = shares / shares.sum(axis=1, keepdims=True)
        return probabilities

    def confidence(self, images: NDArray[np.uint8], digits: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the probability (batch,) that each image shows its digit, of digits (batch,) in 0..9."""
        return self.read(images)[np.arange(len(digits)), digits]
