"""One exported model on one CPU core: the one module that imports ONNX Runtime."""

import os
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.errors import BadWeights

# From 1.29 on the official wheels report to Microsoft by default, and the API call that stops it
# comes too late: only this variable, set before the import, keeps the process silent.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

DIGITS = 10
SIDE = 28
WARM_UP = 5

_CONTRACT = {
    "latent": ("tensor(float)", None),
    "digit": ("tensor(float)", (DIGITS,)),
    "image": ("tensor(uint8)", (SIDE, SIDE)),
}
_SPREAD = "spread"
"""An input that a model may have, of one float, and that a run may leave out."""


class Generator:
    """A model file, loaded once; `draw` may be called from any thread.

    Attributes:
        latent_dim: the length of a latent vector.
        metadata: the file's own description: name, family, title, license, data, commit.
    """

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self._truncates = _SPREAD in {node.name for node in session.get_overridable_initializers()}
        self.latent_dim: int = session.get_inputs()[0].shape[1]
        self.metadata: dict[str, str] = session.get_modelmeta().custom_metadata_map

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load and warm up an ONNX file.

        Raises:
            BadWeights: the file is missing, is not ONNX, or has other inputs and outputs than the contract.
        """
        try:
            session = ort.InferenceSession(path, _session_options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions share no base class
            raise BadWeights(path, f"is not a model that ONNX Runtime can load ({_first_line(error)})") from error
        _check_contract(session, path)
        generator = cls(session)
        generator._warm_up(path)
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
        (images,) = self._session.run(["image"], inputs)
        drawn: NDArray[np.uint8] = images
        return drawn

    def _warm_up(self, path: Path) -> None:
        try:
            images = self.draw(
                np.zeros((WARM_UP, self.latent_dim), np.float32), np.eye(WARM_UP, DIGITS, dtype=np.float32)
            )
        except Exception as error:  # onnxruntime's exceptions share no base class
            raise BadWeights(path, f"fails when it draws ({_first_line(error)})") from error
        if images.shape != (WARM_UP, SIDE, SIDE):
            raise BadWeights(path, f"draws images of shape {images.shape[1:]}, not (28, 28)")


def one_hot(digits: tuple[int, ...]) -> NDArray[np.float32]:
    """Digits 0..9 as float32 rows (len(digits), 10) of one 1 and nine 0."""
    rows: NDArray[np.float32] = np.eye(DIGITS, dtype=np.float32)[list(digits)]
    return rows


def _session_options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    # One thread: with the default, containers pinned to some processors log errors or hang, and five
    # images are too little work to share.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # The arena would keep what the largest batch once needed, for each model.
    options.enable_cpu_mem_arena = False
    return options


def _check_contract(session: ort.InferenceSession, path: Path) -> None:
    found = {node.name: node for node in (*session.get_inputs(), *session.get_outputs())}
    if set(found) != set(_CONTRACT):
        raise BadWeights(path, f"has inputs and outputs {sorted(found)}, not {sorted(_CONTRACT)}")
    for name, (element, shape) in _CONTRACT.items():
        node = found[name]
        fits = node.type == element and not isinstance(node.shape[0], int)
        fits = fits and (tuple(node.shape[1:]) == shape if shape else len(node.shape) == 2)
        if not fits or (shape is None and not isinstance(node.shape[1], int)):
            wanted = ["batch", *(shape or ["latent_dim"])]
            raise BadWeights(path, f"has {name} as {node.type} {node.shape}, not {element} {wanted}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
