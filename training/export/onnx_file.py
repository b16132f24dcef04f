"""Write a network as an ONNX file, once ONNX Runtime was seen to compute the same as torch."""

import copy
import os
import tempfile
import warnings
from pathlib import Path

# Before any import of onnxruntime, or it reports to Microsoft.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime as ort
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from training import serving
from training.export.interfaces import INTERFACES, SPREAD, Interface

OPSET = 18
BATCHES = (1, 2, 5, 17, 64)
SMALL = 1000
"""Numbers in a weight that is not worth a node to cast it."""


class Mismatch(Exception):
    """ONNX Runtime computes something else than torch."""


def export(
    network: nn.Module, latent_dim: int, path: Path, metadata: dict[str, str], interface: str = "generator"
) -> float:
    """Write `network` to `path`.

    Args:
        network: trained; what it takes and gives depends on the interface.
        latent_dim: length of a latent vector; 0 where there is none.
        path: of the file.
        metadata: of the file.
        interface: a key of INTERFACES.

    Returns:
        The greatest difference between ONNX Runtime and torch, 0..tolerance of the interface.

    Raises:
        Mismatch: they differ by more; `path` is left as it was.
    """
    contract = INTERFACES[interface]
    model = fold(contract.wrap(network).eval().to(memory_format=torch.contiguous_format))
    with tempfile.TemporaryDirectory() as folder:
        partial = Path(folder) / path.name
        _write(model, contract, latent_dim, partial, metadata)
        difference = max(_difference(model, contract, latent_dim, partial, batch) for batch in BATCHES)
        if difference > contract.tolerance:
            raise Mismatch(f"ONNX Runtime and torch differ by {difference:g}, of {contract.tolerance:g} allowed")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(partial.read_bytes())
    return difference


def fold(model: nn.Module) -> nn.Module:
    """Return a copy with each batch normalisation multiplied into the layer before it."""
    model = copy.deepcopy(model)
    for sequence in [module for module in model.modules() if isinstance(module, nn.Sequential)]:
        for index in reversed(range(len(sequence) - 1)):
            layer, normal = sequence[index], sequence[index + 1]
            if isinstance(layer, nn.Linear) and isinstance(normal, nn.BatchNorm1d):
                sequence[index] = fuse_linear_bn_eval(layer, normal)
            elif isinstance(layer, nn.Conv2d) and isinstance(normal, nn.BatchNorm2d):
                sequence[index] = fuse_conv_bn_eval(layer, normal)
            else:
                continue
            del sequence[index + 1]
    return model


def halve(proto: onnx.ModelProto) -> None:
    """Store large weights in half precision; the graph casts them to floats when it is loaded."""
    for weight in [one for one in proto.graph.initializer if one.data_type == onnx.TensorProto.FLOAT]:
        values = onnx.numpy_helper.to_array(weight)
        if values.size < SMALL:
            continue
        half = f"{weight.name}_half"
        cast = onnx.helper.make_node("Cast", [half], [weight.name], to=onnx.TensorProto.FLOAT)
        proto.graph.node.insert(0, cast)
        proto.graph.initializer.remove(weight)
        proto.graph.initializer.append(onnx.numpy_helper.from_array(values.astype(np.float16), half))


def strip(proto: onnx.ModelProto) -> None:
    """Remove the exporter's notes for its developers: names and lines of source files on this machine."""
    graph = proto.graph
    for part in (graph, *graph.node, *graph.initializer, *graph.value_info, *graph.input, *graph.output):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


def _write(model: nn.Module, interface: Interface, latent_dim: int, path: Path, metadata: dict[str, str]) -> None:
    batch = torch.export.Dim("batch")
    # A batch of 3: the exporter would take 1 for a constant.
    example = interface.example(model, latent_dim, 3)
    names = interface.inputs[: len(example)]
    shapes = tuple({} if name == SPREAD else {0: batch} for name in names)
    # `forward(latent, digit, *spread)` takes its last input as a tuple of one.
    dynamic = (*shapes[:-1], (shapes[-1],)) if SPREAD in names else shapes
    with warnings.catch_warnings():
        # Both inputs share one batch axis, which is intended.
        warnings.filterwarnings("ignore", "# The axis name")
        # The exporter's own use of what torch deprecates.
        warnings.simplefilter("ignore", FutureWarning)
        program = torch.onnx.export(
            model,
            tuple(example),
            input_names=list(names),
            output_names=[interface.output],
            dynamic_shapes=dynamic,
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    assert program is not None
    proto = program.model_proto
    strip(proto)
    onnx.helper.set_model_props(proto, metadata)
    if SPREAD in names:
        # A value beside the input makes the input optional.
        proto.graph.initializer.append(onnx.numpy_helper.from_array(np.ones(1, np.float32), SPREAD))
    if proto.ByteSize() > interface.largest:
        halve(proto)
    onnx.checker.check_model(proto)
    onnx.save(proto, path)


def _difference(model: nn.Module, interface: Interface, latent_dim: int, path: Path, batch: int) -> float:
    """Return the greatest difference between torch and ONNX Runtime over one random batch."""
    inputs: list[Tensor] = interface.example(model, latent_dim, batch)
    with torch.no_grad():
        expected = model(*inputs).numpy().astype(np.float32)
    session = ort.InferenceSession(path, serving.session_options(), providers=["CPUExecutionProvider"])
    feed = {name: value.numpy() for name, value in zip(interface.inputs, inputs, strict=False)}
    (found,) = session.run([interface.output], feed)
    return float(np.abs(found.astype(np.float32) - expected).max())
