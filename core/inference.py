"""An exported network on one CPU core: the one module that imports ONNX Runtime."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from numpy.typing import NDArray

from core.errors import BadWeights
from core.external_data import has_external_data
from core.files import read_weights

# From 1.29 on the official wheels report to Microsoft by default, and the API call that stops it
# comes too late: only this variable, set before the import, keeps the process silent.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output of a network, of any batch size.

    Attributes:
        element: its type as ONNX Runtime names it: `float`, `uint8`.
        shape: its sizes after the batch; None for one size that each file chooses.
    """

    element: str
    shape: tuple[int, ...] | None = None

    def fits(self, node: Any) -> bool:  # noqa: ANN401  ONNX Runtime has no types
        """Return whether an input or output of a file is this tensor."""
        sizes = tuple(node.shape[1:])
        if node.type != f"tensor({self.element})" or not node.shape or isinstance(node.shape[0], int):
            return False
        return sizes == self.shape if self.shape else len(sizes) == 1 and isinstance(sizes[0], int)

    def describe(self, name: str) -> str:
        """Return the type and shape, for an error message."""
        return f"tensor({self.element}) {['batch', *(self.shape or [f'{name}_dim'])]}"


class Network:
    """An ONNX file, loaded once; `run` may be called from any thread.

    Attributes:
        metadata: the file's own description.
        optional: names of the inputs that a run may leave out.
    """

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self.metadata: dict[str, str] = session.get_modelmeta().custom_metadata_map
        self.optional = frozenset(node.name for node in session.get_overridable_initializers())

    @classmethod
    def load(cls, path: Path, contract: Mapping[str, Tensor], content: bytes | None = None) -> Self:
        """Load an ONNX file.

        Args:
            path: of the file.
            contract: its inputs and outputs by name.
            content: its bytes, if they were read already: what was checked is what is loaded.

        Raises:
            BadWeights: the file is missing, is not ONNX, keeps data in other files, or has other inputs and outputs
                than the contract.
        """
        content = read_weights(path) if content is None else content
        _check_complete(content, path)
        try:
            session = ort.InferenceSession(content, session_options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions share no base class
            raise BadWeights(path, f"is not a model that ONNX Runtime can load ({_first_line(error)})") from error
        # It would keep the file's bytes beside the network for as long as it lives, to load it once more elsewhere.
        session._model_bytes = None  # noqa: SLF001
        _check(session, contract, path)
        return cls(session)

    def sizes(self, name: str) -> Sequence[Any]:
        """Return the shape of an input, the batch first."""
        sizes: Sequence[Any] = next(node.shape for node in self._session.get_inputs() if node.name == name)
        return sizes

    def run(self, output: str, inputs: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Return one output for a batch of inputs."""
        (found,) = self._session.run([output], inputs)
        array: NDArray[Any] = found
        return array

    def warm_up(self, path: Path, output: str, inputs: Mapping[str, NDArray[Any]], shape: tuple[int, ...]) -> None:
        """Run once, so that the first request is as quick as the others.

        Raises:
            BadWeights: the file cannot be run, or its output has another shape.
        """
        try:
            found = self.run(output, inputs)
        except Exception as error:  # onnxruntime's exceptions share no base class
            raise BadWeights(path, f"fails when it is run ({_first_line(error)})") from error
        if found.shape[1:] != shape or len(found) != len(next(iter(inputs.values()))):
            raise BadWeights(path, f"returns {output} of shape {found.shape[1:]}, not {shape}")


def session_options() -> ort.SessionOptions:
    """Return the options of a session: one thread, errors alone in the log, no memory kept between runs."""
    options = ort.SessionOptions()
    # One thread: with the default, containers pinned to some processors log errors or hang, and five
    # images are too little work to share.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # Its own format, which would be told by the first bytes, is not checked for external data.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    # The arena would keep what the largest batch once needed, for each model.
    options.enable_cpu_mem_arena = False
    return options


def _check_complete(content: bytes, path: Path) -> None:
    try:
        external = has_external_data(content)
    except ValueError as error:
        raise BadWeights(path, f"is not a model in ONNX's format ({error})") from error
    if external:
        raise BadWeights(path, "keeps data in another file, which no checksum covers: export it as one file")


def _check(session: ort.InferenceSession, contract: Mapping[str, Tensor], path: Path) -> None:
    found = {node.name: node for node in (*session.get_inputs(), *session.get_outputs())}
    if set(found) != set(contract):
        raise BadWeights(path, f"has inputs and outputs {sorted(found)}, not {sorted(contract)}")
    for name, tensor in contract.items():
        node = found[name]
        if not tensor.fits(node):
            raise BadWeights(path, f"has {name} as {node.type} {node.shape}, not {tensor.describe(name)}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
