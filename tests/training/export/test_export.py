"""Export: what the bot will draw is what was trained, or nothing is written."""

import json
from pathlib import Path

import onnx
import pytest
import torch
from torch import Tensor, nn

from core.catalog import Catalog
from core.pictures.base import draw
from core.pictures.strip import StripRequest
from tests.conftest import ROOT
from tests.training.test_train import arguments
from training import sample, serving, train
from training.export.__main__ import main as export_main
from training.export.interfaces import INTERFACES
from training.export.onnx_file import Mismatch, export, fold
from training.models import MODELS
from training.models.cgan import Generator
from training.models.dense_gan import DenseGenerator

METADATA = {"name": "x", "family": "x", "title": "X", "license": "MIT", "data": "none", "commit": "none"}
DRAWING = [name for name, entry in MODELS.items() if entry.interface == "generator"]


@pytest.fixture(scope="module")
def weights(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights folder with a tiny model, made by the commands that a user types."""
    folder = tmp_path_factory.mktemp("export")
    assert train.main([*arguments(data, folder / "run"), "--set", "steps=5"]) == 0
    assert export_main([str(folder / "run"), "--weights", str(folder / "weights")]) == 0
    return folder / "weights"


def test_an_exported_model_draws_in_the_bot(weights: Path) -> None:
    """The file and its line in the manifest are all that the bot needs."""
    catalog = Catalog.open(weights)
    assert catalog.default == "cgan"
    assert draw(catalog, StripRequest(4)).data[:4] == b"\x89PNG"


def test_an_exported_model_keeps_the_contract(weights: Path) -> None:
    """Opset 18, one file, no normalisation nodes left, and a description."""
    model = onnx.load(weights / "cgan.onnx")
    assert [entry.version for entry in model.opset_import if entry.domain == ""] == [18]
    kinds = {node.op_type for node in model.graph.node}
    assert not kinds & {"BatchNormalization", "ConvTranspose", "RandomNormal", "Dropout"}
    written = {entry.key: entry.value for entry in model.metadata_props}
    assert set(written) == {"name", "family", "title", "license", "data", "commit", "steps", "images", "read_again"}
    assert (written["steps"], written["images"]) == ("5", "200")


def test_a_file_tells_nothing_of_the_machine(weights: Path) -> None:
    """No path of where it was exported is in it."""
    content = (weights / "cgan.onnx").read_bytes()
    assert b"cgan.py" not in content
    assert str(ROOT).encode() not in content


def test_neatness_is_in_the_file(weights: Path) -> None:
    """At no spread all images of a digit are its mean; left out, the spread is what the model has learned."""
    generator = Catalog.open(weights).find(None).generator
    latents, digits = serving.latents(7, 5, generator.latent_dim), serving.one_hot((4,) * 5)
    assert (generator.draw(latents, digits) == generator.draw(latents, digits, 1.0)).all()
    mean = generator.draw(latents, digits, 0.0).astype(int)
    assert abs(mean - mean[0]).max() <= 1
    assert abs(generator.draw(latents, digits).astype(int) - mean).max() > 1


def test_exporting_again_replaces_the_file_and_its_line(weights: Path, data: Path, tmp_path: Path) -> None:
    """A second export of a name leaves one line in the manifest, true to the new file."""
    before = draw(Catalog.open(weights), StripRequest(4, seed=7)).data
    train_again = [*arguments(data, tmp_path), "--set", "steps=5", "--set", "seed=2"]
    assert train.main(train_again) == 0
    assert export_main([str(tmp_path), "--weights", str(weights)]) == 0
    assert len(json.loads((weights / "manifest.json").read_text())["models"]) == 1
    assert draw(Catalog.open(weights), StripRequest(4, seed=7)).data != before


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


@pytest.mark.parametrize("name", [name for name in DRAWING if name != "cgan"])
def test_every_model_is_exported_to_the_contract(data: Path, tmp_path: Path, name: str) -> None:
    """Each model draws in the bot under its own name and title, whatever its family, with no normalisation left."""
    assert train.main([*arguments(data, tmp_path / "run"), "--model", name, "--set", "steps=3"]) == 0
    assert export_main([str(tmp_path / "run"), "--weights", str(tmp_path / "weights")]) == 0
    catalog = Catalog.open(tmp_path / "weights")
    assert draw(catalog, StripRequest(4, model=name)).titles == (MODELS[name].title,)
    graph = onnx.load(tmp_path / "weights" / f"{name}.onnx").graph
    assert not {node.op_type for node in graph.node} & {"BatchNormalization", "Dropout", "RandomNormal"}


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


def test_sample_draws_a_sheet_from_a_run(weights: Path, tmp_path: Path) -> None:
    """`python -m training.sample` writes a sheet of the run's averaged generator."""
    assert sample.main([str(weights.parent / "run"), "--out", str(tmp_path / "sheet.png"), "--columns", "7"]) == 0
    assert (tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"
