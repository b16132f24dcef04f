"""ONNX files of a few nodes, and weights folders that list them beside the golden models."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from core.catalog import MANIFEST, Catalog
from core.errors import BadWeights
from tests.golden.weights import make

IMAGE = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", 28, 28])
DIGIT = helper.make_tensor_value_info("digit", TensorProto.FLOAT, ["batch", 10])
FLATTEN = (
    helper.make_node("Cast", ["image"], ["ink"], to=TensorProto.FLOAT),
    helper.make_node("Flatten", ["ink"], ["flat"]),
)
"""Nodes that make `flat` (batch, 784), 0..255, of `image`."""


def network(
    nodes: Sequence[NodeProto],
    inputs: Sequence[ValueInfoProto],
    output: tuple[str, int],
    constants: Mapping[str, NDArray[np.float32]],
) -> bytes:
    """Return an ONNX file.

    Args:
        nodes: in their order.
        inputs: of any batch size.
        output: its name and its length after the batch.
        constants: by name.
    """
    name, length = output
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", length])]
    weights = [numpy_helper.from_array(value, key) for key, value in constants.items()]
    graph = helper.make_graph(nodes, "network", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return bytes(model.SerializeToString())


def folder_with(folder: Path, name: str, content: bytes) -> Path:
    """Make the golden models' folder with one more network, of that name; returns it."""
    make(folder)
    (folder / f"{name}.onnx").write_bytes(content)
    manifest = json.loads((folder / MANIFEST).read_text())
    digest = hashlib.sha256(content).hexdigest()
    manifest["others"] = [{"name": name, "file": f"{name}.onnx", "sha256": digest, "scores": {}}]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


def refused_in_one_line(folder: Path, name: str, content: bytes) -> None:
    """Assert that a folder with this network is refused, in one line that names its file."""
    folder_with(folder, name, content)
    with pytest.raises(BadWeights) as caught:
        Catalog.open(folder)
    assert caught.value.path == folder / f"{name}.onnx"
    assert "\n" not in caught.value.reason


def refused_once_altered(folder: Path, name: str, content: bytes) -> None:
    """Assert that a folder with this network is refused once its file is another one than the manifest lists."""
    folder_with(folder, name, content)
    (folder / f"{name}.onnx").write_bytes(content + b"\n")
    with pytest.raises(BadWeights, match="SHA-256"):
        Catalog.open(folder)
