"""ONNX files: what they compute is what torch computes."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from training.export.interfaces import INTERFACES
from training.export.onnx_file import Mismatch, export, fold
from training.models.cgan import Generator
from training.models.dense_gan import DenseGenerator


class Unsteady(nn.Module):
    """A generator that is exported as something else than what torch draws."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = Generator(latent_dim=8, style_dim=8, width=16, fine_width=16)

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        """Draw, brighter outside of the exporter."""
        images: Tensor = self.generator(latent, digit)
        return images if torch.compiler.is_exporting() else images + 0.1


def test_a_model_that_draws_otherwise_in_onnx_is_refused(tmp_path: Path) -> None:
    """Nothing is written if ONNX Runtime and torch disagree."""
    path = tmp_path / "cgan.onnx"
    with pytest.raises(Mismatch):
        export(Unsteady(), 8, path, {"name": "cgan"})
    assert not path.exists()


def test_large_models_are_stored_in_half_precision(tmp_path: Path) -> None:
    """A generator of 6 MB becomes a file under 4 MB that draws what torch draws."""
    torch.manual_seed(0)
    generator = DenseGenerator(100, (256, 512, 1024))
    path = tmp_path / "large.onnx"
    assert export(generator, 100, path, {"name": "large"}) <= INTERFACES["generator"].tolerance
    assert path.stat().st_size < 4_000_000 < 4 * sum(weight.numel() for weight in generator.parameters())


def test_folding_a_normalisation_changes_nothing() -> None:
    """With the normalisation multiplied into the layer before it a network draws as it did."""
    generator = DenseGenerator(8, (16, 32))
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.uniform_(module.running_mean), nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.uniform_(module.weight), nn.init.uniform_(module.bias)
    generator.eval()
    folded = fold(generator)
    assert not [module for module in folded.modules() if isinstance(module, nn.BatchNorm1d)]
    latent, digit = torch.randn(5, 8), torch.eye(10)[:5]
    torch.testing.assert_close(folded(latent, digit), generator(latent, digit))
