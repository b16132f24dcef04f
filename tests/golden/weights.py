"""A weights folder for golden pictures: small networks made here, so that new weights in `weights/` change nothing.

The networks round their inputs to steps of 1/64 and multiply integers: every sum is exact, whatever the processor.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

STEPS = 64
BARE = 200
"""Ink in 256ths where the latent is zero: grey enough for a latent to show, both ways."""
SIDE = 28
SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
"""The strokes of the digits 0..9 on a seven-segment display."""
BOXES = {
    "a": (slice(4, 7), slice(8, 18)),
    "b": (slice(4, 14), slice(15, 18)),
    "c": (slice(13, 24), slice(15, 18)),
    "d": (slice(21, 24), slice(8, 18)),
    "e": (slice(13, 24), slice(8, 11)),
    "f": (slice(4, 14), slice(8, 11)),
    "g": (slice(12, 15), slice(8, 18)),
}
"""Rows and columns of each stroke in an image."""
MODELS = (("ribs", "Ribs", 6, 0.7154, False), ("blocks", "Blocks", 8, 0.9953, True), ("plates", "Plates", 4, 1, True))
"""Name, title, length of a latent, share of digits read right, and whether there is an input for truncation."""
DEFAULT = "blocks"


def make(folder: Path) -> Path:
    """Write three models, their manifest and a curve of training; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, title, latent_dim, reading, truncates in MODELS:
        content = _network(name, title, latent_dim, truncates=truncates)
        (folder / f"{name}.onnx").write_bytes(content)
        # The share has one name in version 0.1 and its term of the field in later ones.
        scores = {"reading": reading, "accuracy": reading}
        digest = hashlib.sha256(content).hexdigest()
        entries.append({"name": name, "file": f"{name}.onnx", "sha256": digest, "scores": scores})
    Image.new("L", (8, 8)).save(folder / "curve.png")
    (folder / "manifest.json").write_text(json.dumps({"default": DEFAULT, "models": entries}))
    return folder


def _digits() -> NDArray[np.float32]:
    """Float32 (10, 784), 0..255: leaning strokes with soft edges."""
    images = np.zeros((10, SIDE, SIDE), np.float32)
    for digit, strokes in enumerate(SEGMENTS):
        for stroke in strokes:
            images[digit][BOXES[stroke]] = 255
    for row in range(SIDE):
        images[:, row] = np.roll(images[:, row], (SIDE - row) // 5, axis=1)
    images[:, :, 1:] = np.maximum(images[:, :, 1:], images[:, :, :-1] // 3)
    return images.reshape(10, -1)


def _network(name: str, title: str, latent_dim: int, *, truncates: bool) -> bytes:
    """An ONNX file: the strokes of a digit, each pixel as bright as the latent says."""
    random = np.random.RandomState(list(name.encode()))
    coarse = random.randint(-60, 61, (latent_dim, 7, 7)).astype(np.float32)
    brightness = np.kron(coarse, np.ones((1, 4, 4), np.float32)).reshape(latent_dim, -1)
    constants = {
        "steps": np.float32(STEPS),
        "bare": np.float32(BARE),
        "full": np.float32(256),
        "least": np.float32(0),
        "most": np.float32(255),
        "shape": np.array([-1, SIDE, SIDE], np.int64),
        "strokes": _digits(),
        "brightness": brightness,
        "spread": np.ones(1, np.float32),
    }
    nodes = [
        *(
            helper.make_node(kind, inputs, [f"{source}_{kind}"])
            for source in ("latent", "digit")
            for kind, inputs in (
                ("Mul", [source, "steps"]),
                ("Round", [f"{source}_Mul"]),
                ("Div", [f"{source}_Round", "steps"]),
            )
        ),
        helper.make_node("MatMul", ["latent_Div", "brightness"], ["learned"]),
        helper.make_node("Mul", ["learned", "spread"], ["truncated"]),
        helper.make_node("Add", ["truncated", "bare"], ["factor"]),
        helper.make_node("MatMul", ["digit_Div", "strokes"], ["ink"]),
        helper.make_node("Mul", ["ink", "factor"], ["bright"]),
        helper.make_node("Div", ["bright", "full"], ["grey"]),
        helper.make_node("Clip", ["grey", "least", "most"], ["levels"]),
        helper.make_node("Round", ["levels"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["bytes"], to=TensorProto.UINT8),
        helper.make_node("Reshape", ["bytes", "shape"], ["image"]),
    ]
    inputs = [
        helper.make_tensor_value_info("latent", TensorProto.FLOAT, ["batch", latent_dim]),
        helper.make_tensor_value_info("digit", TensorProto.FLOAT, ["batch", 10]),
    ]
    if truncates:
        inputs.append(helper.make_tensor_value_info("spread", TensorProto.FLOAT, [1]))
    graph = helper.make_graph(
        nodes,
        name,
        inputs,
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", SIDE, SIDE])],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    described = {"name": name, "family": "test", "title": title, "license": "MIT", "data": "none", "commit": "none"}
    helper.set_model_props(model, described)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
