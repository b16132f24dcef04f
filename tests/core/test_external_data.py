"""External data: wherever a tensor of an ONNX file lies in another file, the model is refused."""

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from onnx import (
    AttributeProto,
    FunctionProto,
    GraphProto,
    ModelProto,
    NodeProto,
    SparseTensorProto,
    TensorProto,
    TrainingInfoProto,
    numpy_helper,
)

from core.catalog import MANIFEST, Catalog
from core.errors import BadWeights
from core.external_data import MESSAGES, has_external_data
from core.generator import Generator
from tests.conftest import WEIGHTS
from tests.core.test_catalog import constant_model

OTHER_FILE = "other.bin"
TITLES = {
    ModelProto: "model",
    TrainingInfoProto: "training",
    GraphProto: "graph",
    FunctionProto: "function",
    NodeProto: "node",
    AttributeProto: "attribute",
    SparseTensorProto: "sparse tensor",
    TensorProto: "tensor",
}
HERE = TensorProto(name="here", data_type=TensorProto.FLOAT, dims=[1], float_data=[1.0])


def elsewhere() -> TensorProto:
    """A tensor that lies in another file."""
    tensor = TensorProto(name="elsewhere", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=OTHER_FILE)
    return tensor


def attribute(**content: object) -> AttributeProto:
    """An attribute of a node."""
    return AttributeProto(name="value", **content)


def node(**content: object) -> NodeProto:
    """A node with one attribute."""
    return NodeProto(op_type="Constant", output=["x"], attribute=[attribute(**content)])


def graph(tensor: TensorProto) -> GraphProto:
    """A graph with a tensor of its own."""
    return GraphProto(name="inner", initializer=[HERE, tensor])


def with_graph(**content: object) -> Callable[[ModelProto], None]:
    """Puts something into a model's graph."""
    return lambda model: model.graph.MergeFrom(GraphProto(**content))


def with_node(**content: object) -> Callable[[ModelProto], None]:
    """Puts a node with such an attribute into a model's graph."""
    return with_graph(node=[node(**content)])


def in_function(model: ModelProto) -> None:
    """Put it into a node of a function."""
    model.functions.add(name="f").node.append(node(t=elsewhere()))


def in_default(model: ModelProto) -> None:
    """Put it into the default of a function's attribute."""
    model.functions.add(name="f").attribute_proto.append(attribute(t=elsewhere()))


def in_training(model: ModelProto) -> None:
    """Put it into what a training would begin with."""
    model.training_info.add().initialization.CopyFrom(graph(elsewhere()))


def in_algorithm(model: ModelProto) -> None:
    """Put it into a step of training."""
    model.training_info.add().algorithm.CopyFrom(graph(elsewhere()))


def without_location(model: ModelProto) -> None:
    """Name the other file, but do not say that it counts."""
    tensor = elsewhere()
    tensor.ClearField("data_location")
    model.graph.initializer.append(tensor)


def in_depth(model: ModelProto) -> None:
    """Put it twenty subgraphs down."""
    inner = graph(elsewhere())
    for _ in range(20):
        inner = GraphProto(name="outer", node=[node(g=inner)])
    model.graph.node.append(node(g=inner))


PLACES: dict[str, Callable[[ModelProto], None]] = {
    "an initializer": with_graph(initializer=[elsewhere()]),
    "a sparse initializer": with_graph(sparse_initializer=[SparseTensorProto(values=elsewhere())]),
    "sparse indices": with_graph(sparse_initializer=[SparseTensorProto(values=HERE, indices=elsewhere())]),
    "an attribute": with_node(t=elsewhere()),
    "a list of tensors": with_node(tensors=[HERE, elsewhere()]),
    "a sparse attribute": with_node(sparse_tensor=SparseTensorProto(values=elsewhere())),
    "a list of sparse tensors": with_node(sparse_tensors=[SparseTensorProto(indices=elsewhere())]),
    "a subgraph": with_node(g=graph(elsewhere())),
    "a list of subgraphs": with_node(graphs=[graph(HERE), graph(elsewhere())]),
    "a function": in_function,
    "a default": in_default,
    "training": in_training,
    "its algorithm": in_algorithm,
    "no location": without_location,
    "twenty subgraphs down": in_depth,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_tensor_in_another_file_is_found_in_every_place(place: str) -> None:
    """Subgraphs, functions, sparse tensors and training included; the same model without it has none."""
    model = onnx.load_from_string(constant_model())
    model.graph.node.extend([node(t=HERE), node(g=graph(HERE)), node(sparse_tensor=SparseTensorProto(values=HERE))])
    assert not has_external_data(model.SerializeToString())
    PLACES[place](model)
    content = model.SerializeToString()
    assert has_external_data(content)
    with pytest.raises(BadWeights, match="another file"):
        Generator.load(Path("model.onnx"), content)


def test_every_message_that_leads_to_a_tensor_is_followed() -> None:
    """A field that a later version of ONNX adds, and in which a tensor can be, fails this test."""
    found: dict[str, dict[int, str]] = {"tensor": {}}
    messages = {name.DESCRIPTOR: title for name, title in TITLES.items()}
    for message, title in messages.items():
        if title != "tensor":
            fields = [field for field in message.fields if _leads_to_tensor(field.message_type)]
            found[title] = {field.number: messages[field.message_type] for field in fields}
    assert found == MESSAGES


def _leads_to_tensor(message: Any, above: tuple[Any, ...] = ()) -> bool:
    if message is None or message in above:
        return False
    if message == TensorProto.DESCRIPTOR:
        return True
    return any(_leads_to_tensor(field.message_type, (*above, message)) for field in message.fields)


def test_what_ships_is_in_one_file() -> None:
    """Each model in the repository is complete."""
    for path in WEIGHTS.glob("*.onnx"):
        assert not has_external_data(path.read_bytes())


def test_weights_that_escape_the_checksum_are_refused(tmp_path: Path) -> None:
    """A model whose weights lie beside it, and could be altered there unseen, is told in one line."""
    model = onnx.load_from_string(constant_model())
    model.graph.initializer.append(numpy_helper.from_array(np.zeros(1000, np.float32), "unused"))
    path = tmp_path / "black.onnx"
    onnx.save_model(model, path, save_as_external_data=True, location=OTHER_FILE, size_threshold=0)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    entry = {"name": "black", "file": path.name, "sha256": digest, "scores": {}}
    (tmp_path / MANIFEST).write_text(json.dumps({"default": "black", "models": [entry]}))
    with pytest.raises(BadWeights, match="another file") as caught:
        Catalog.open(tmp_path)
    assert caught.value.path == path


@settings(max_examples=200, deadline=None, database=None)
@given(st.binary(max_size=200))
@example(b"\x80" * 20)
@example(b"\x3a\xff\xff\xff\xff\x0f")
@example(b"\x0b\x0c")
@example(b"\x09abc")
def test_any_bytes_are_a_message_or_are_told(content: bytes) -> None:
    """No byte of a file ends in anything but an answer or a ValueError."""
    with contextlib.suppress(ValueError):
        assert isinstance(has_external_data(content), bool)
