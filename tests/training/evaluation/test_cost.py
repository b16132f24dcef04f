"""Cost of a model file."""

from pathlib import Path

import pytest
import torch

from tests.training.conftest import METADATA
from training.evaluation import cost
from training.export.onnx_file import export
from training.models.cgan import Generator
from training.models.dense_gan import DenseGenerator


@pytest.mark.parametrize(
    ("generator", "expected"),
    [
        (Generator(), 5.53),
        (DenseGenerator(100, (256, 512, 1024)), 1.49),
        (DenseGenerator(8, (16,)), 0.012932),
    ],
    ids=["styled", "dense and stored in half", "dense"],
)
def test_multiply_adds_are_those_of_the_layers(tmp_path: Path, generator: torch.nn.Module, expected: float) -> None:
    """The count from the file is the count by hand: inputs times outputs of each layer at each place."""
    dim = getattr(generator, "latent_dim", None) or generator.layers[0].in_features - 10
    export(generator, dim, tmp_path / "x.onnx", METADATA)
    assert cost.multiply_adds(tmp_path / "x.onnx") == pytest.approx(expected, rel=0.01)
