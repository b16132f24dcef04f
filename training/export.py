"""Export the sampler of a run to ONNX, and check that it draws what torch draws.

python -m training.export runs/cgan
"""

import argparse
import copy
import logging
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

# Before any import of onnxruntime, or it reports to Microsoft.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_linear_bn_eval

from core.generator import Generator as OnnxGenerator
from core.generator import one_hot
from training import checkpoint, manifest
from training.kinds import KINDS
from training.networks import Truncated

logger = logging.getLogger(__name__)

OPSET = 18
INPUTS = ["latent", "digit", "spread"]
BATCHES = (1, 2, 5, 17, 64)
LARGEST = 3_500_000
"""Bytes above which weights are stored in half precision."""
LARGE = 1000
"""Weights of fewer numbers are not worth a node."""
TOLERANCE = 1
"""Grey levels of 255 by which ONNX Runtime and torch may differ: rounding may fall either way."""


class Mismatch(Exception):
    """ONNX Runtime draws something other than torch does."""


class Exported(nn.Module):
    """The contract of a model file around a generator: uint8 (B, 28, 28), white on black.

    Attributes:
        spreads: whether it takes `spread` beside latent and digit.
    """

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator
        self.spreads = isinstance(generator, Truncated)

    def forward(self, latent: Tensor, digit: Tensor, *spread: Tensor) -> Tensor:
        images = self.generator(latent, digit, *spread)  # (B, 1, 28, 28) in -1..1
        return ((images[:, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


def export(generator: nn.Module, latent_dim: int, path: Path, metadata: dict[str, str]) -> int:
    """Write `generator` to `path`, once ONNX Runtime and torch were seen to agree.

    Returns:
        The greatest difference in grey levels, 0..TOLERANCE.

    Raises:
        Mismatch: they differ by more than TOLERANCE; `path` is left as it was.
    """
    model = fold(Exported(generator).eval().to(memory_format=torch.contiguous_format))
    with tempfile.TemporaryDirectory() as folder:
        partial = Path(folder) / path.name
        _write(model, latent_dim, partial, metadata)
        difference = max(_difference(model, OnnxGenerator.load(partial), batch) for batch in BATCHES)
        if difference > TOLERANCE:
            raise Mismatch(f"ONNX Runtime and torch differ by {difference} of 255 grey levels")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(partial.read_bytes())
    return difference


def fold(model: Exported) -> Exported:
    """A copy of the model with each batch normalisation multiplied into the dense layer before it."""
    model = copy.deepcopy(model)
    for sequence in [module for module in model.modules() if isinstance(module, nn.Sequential)]:
        for index in reversed(range(len(sequence) - 1)):
            dense, normal = sequence[index], sequence[index + 1]
            if isinstance(dense, nn.Linear) and isinstance(normal, nn.BatchNorm1d):
                sequence[index] = fuse_linear_bn_eval(dense, normal)
                del sequence[index + 1]
    return model


def halve(proto: onnx.ModelProto) -> None:
    """Store large weights in half precision; the graph turns them back into floats when it is loaded."""
    for weight in [one for one in proto.graph.initializer if one.data_type == onnx.TensorProto.FLOAT]:
        values = onnx.numpy_helper.to_array(weight)
        if values.size < LARGE:
            continue
        half = f"{weight.name}_half"
        cast = onnx.helper.make_node("Cast", [half], [weight.name], to=onnx.TensorProto.FLOAT)
        proto.graph.node.insert(0, cast)
        proto.graph.initializer.remove(weight)
        proto.graph.initializer.append(onnx.numpy_helper.from_array(values.astype(np.float16), half))


def strip(proto: onnx.ModelProto) -> None:
    """Take out what the exporter notes for its own developers: names and lines of source files on this machine."""
    graph = proto.graph
    for part in (graph, *graph.node, *graph.initializer, *graph.value_info, *graph.input, *graph.output):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


def _write(model: Exported, latent_dim: int, path: Path, metadata: dict[str, str]) -> None:
    batch = torch.export.Dim("batch")
    # A batch of 3: the exporter would take 1 for a constant.
    example = [torch.zeros(3, latent_dim), torch.zeros(3, 10), *[torch.ones(1)] * model.spreads]
    with warnings.catch_warnings():
        # Both inputs share one batch axis, which is what is meant.
        warnings.filterwarnings("ignore", "# The axis name")
        program = torch.onnx.export(
            model,
            tuple(example),
            input_names=INPUTS[: len(example)],
            output_names=["image"],
            dynamic_shapes=({0: batch}, {0: batch}, *[({},)] * model.spreads),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    assert program is not None
    proto = program.model_proto
    strip(proto)
    onnx.helper.set_model_props(proto, metadata)
    if model.spreads:
        # A value beside the input makes the input one that may be left out.
        proto.graph.initializer.append(onnx.numpy_helper.from_array(np.ones(1, np.float32), INPUTS[-1]))
    if proto.ByteSize() > LARGEST:
        halve(proto)
    onnx.checker.check_model(proto)
    onnx.save(proto, path)


def _difference(model: Exported, exported: OnnxGenerator, batch: int) -> int:
    """The greatest difference in grey levels between torch and ONNX Runtime over one random batch."""
    spread = 1 - batch / 2 / max(BATCHES) if model.spreads else 1.0
    latents = torch.randn(batch, exported.latent_dim, generator=torch.Generator().manual_seed(batch))
    digits = torch.from_numpy(one_hot(tuple(i % 10 for i in range(batch))))
    with torch.no_grad():
        expected = model(latents, digits, *[torch.tensor([spread])] * model.spreads).numpy().astype(np.int16)
    return int(np.abs(exported.draw(latents.numpy(), digits.numpy(), spread) - expected).max())


def commit() -> str:
    """The commit of this checkout, or `unknown` outside of one."""
    found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def main(arguments: Sequence[str] | None = None) -> int:
    """Export from the command line; returns the exit code."""
    logging.basicConfig(format="%(message)s")
    logger.setLevel(logging.INFO)  # the exporter itself has much to say at that level
    parser = argparse.ArgumentParser(prog="python -m training.export", description="Export a run to ONNX.")
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--weights", type=Path, default=Path("weights"), help="folder to export to (default: weights)")
    options = parser.parse_args(arguments)
    state = checkpoint.load(options.run / "checkpoint.pt")
    name, kind, model = state["name"], KINDS[state["name"]], checkpoint.trained(state)
    metadata = {
        "name": name,
        "family": kind.family,
        "title": kind.title,
        "license": "MIT",
        "data": "MNIST (CC BY-SA 3.0)",
        "commit": commit(),
        "steps": str(state["step"]),
        "images": str(state["step"] * model.recipe.batch),
    }
    path = options.weights / f"{name}.onnx"
    try:
        difference = export(model.exported(), model.recipe.latent_dim, path, metadata)
    except Mismatch as error:
        logger.error("%s not written: %s", path, error)
        return 1
    manifest.add(options.weights, name)
    logger.info("%s: %d bytes, torch and ONNX Runtime within %d of 255", path, path.stat().st_size, difference)
    return 0


if __name__ == "__main__":
    sys.exit(main())
