"""Export: what the bot will draw is what was trained, or nothing is written."""

import json
from pathlib import Path

import onnx
import pytest
import torch
from torch import Tensor, nn

from core.catalog import Catalog
from core.requests import StripRequest
from core.service import draw
from tests.training.test_train import arguments
from training import export, sample, train
from training.export import Mismatch
from training.networks import Generator


@pytest.fixture(scope="module")
def weights(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights folder with a tiny model, made by the commands that a user types."""
    folder = tmp_path_factory.mktemp("export")
    assert train.main([*arguments(data, folder / "run"), "--steps", "5"]) == 0
    assert export.main([str(folder / "run"), "--weights", str(folder / "weights")]) == 0
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
    assert {entry.key for entry in model.metadata_props} == {"name", "family", "title", "license", "data", "commit"}


def test_exporting_again_replaces_the_file_and_its_line(weights: Path) -> None:
    """A second export of a name leaves one line in the manifest, true to the new file."""
    assert export.main([str(weights.parent / "run"), "--weights", str(weights), "--title", "Other"]) == 0
    assert len(json.loads((weights / "manifest.json").read_text())["models"]) == 1
    assert Catalog.open(weights).find(None).title == "Other"


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
    """Where ONNX Runtime and torch disagree, nothing is written."""
    path = tmp_path / "cgan.onnx"
    with pytest.raises(Mismatch):
        export.export(Unsteady(), 8, path, {"name": "cgan"})
    assert not path.exists()


def test_a_sheet_is_the_same_each_time(tmp_path: Path) -> None:
    """Sample sheets come from fixed latents, so that two of them can be compared."""
    generator = Generator(latent_dim=8, style_dim=8, width=16, fine_width=16)
    for name in ("a.png", "b.png"):
        sample.write_sheet(generator, tmp_path / name, 8)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_sample_draws_a_sheet_from_a_run(weights: Path, tmp_path: Path) -> None:
    """`python -m training.sample` writes a sheet of the run's averaged generator."""
    assert sample.main([str(weights.parent / "run"), "--out", str(tmp_path / "sheet.png"), "--columns", "7"]) == 0
    assert (tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"
