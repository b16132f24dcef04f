"""Cost of a model file: multiply-adds and milliseconds."""

import math
import time
from pathlib import Path
from statistics import median

import numpy as np
import onnx

from training.serving import OnnxGenerator, one_hot

ROUNDS = 300


def multiply_adds(path: Path) -> float:
    """Return the million multiply-adds of the convolutions and products for one image."""
    model = onnx.shape_inference.infer_shapes(onnx.load(path), data_prop=True)
    graph = model.graph
    weights = {one.name: tuple(one.dims) for one in graph.initializer}
    known = [*graph.value_info, *graph.output, *graph.input]
    shapes = weights | {one.name: _for_one_image(one) for one in known}
    # A weight in half precision has its shape behind a Cast.
    shapes |= {node.output[0]: weights[node.input[0]] for node in graph.node if _casts_a_weight(node, weights)}
    return sum(_of_node(node, shapes) for node in graph.node) / 1e6


def milliseconds(generator: OnnxGenerator, images: int = 5) -> float:
    """Return the median time to draw a batch of five on one core."""
    latents = np.random.RandomState(0).standard_normal((images, generator.latent_dim)).astype(np.float32)
    digits = one_hot((4,) * images)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        generator.draw(latents, digits)
        times.append(1000 * (time.perf_counter() - began))
    return median(times)


def _of_node(node: onnx.NodeProto, shapes: dict[str, tuple[int, ...]]) -> int:
    """Return the multiply-adds of one node; additions and comparisons are not counted."""
    if node.op_type == "Conv":
        return math.prod(shapes[node.output[0]]) * math.prod(shapes[node.input[1]][1:])
    if node.op_type in ("Gemm", "MatMul"):
        transposed = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
        inner = shapes[node.input[1]][-1 if transposed else -2]
        return math.prod(shapes[node.output[0]]) * inner
    return 0


def _for_one_image(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    """Return the shape of a value with 1 for the batch."""
    return tuple(axis.dim_value or 1 for axis in value.type.tensor_type.shape.dim)


def _casts_a_weight(node: onnx.NodeProto, weights: dict[str, tuple[int, ...]]) -> bool:
    return node.op_type == "Cast" and node.input[0] in weights
