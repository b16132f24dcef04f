"""The encoder: it starts from a finished run, leaves its networks alone, and finds latents."""

from pathlib import Path

import pytest
import torch

from tests.training.conftest import arguments
from training import checkpoint, curve, train
from training.export import manifest
from training.export.__main__ import main as export_main
from training.models.encoder import LatentEncoder, SmallEncoder
from training.serving import OnnxGenerator


@pytest.fixture(scope="module")
def run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny run of the default model, and one of the encoder on top of it."""
    folder = tmp_path_factory.mktemp("encoder")
    assert train.main([*arguments(data, folder / "cgan"), "--set", "steps=1"]) == 0
    numbers = ("steps=500", f"run={folder / 'cgan'}", "ema=0.8", "learning_rate=3e-3", "reconstruction_weight=0")
    changes = [word for number in numbers for word in ("--set", number)]
    assert train.main([*arguments(data, folder / "encoder"), "--model", "encoder", *changes]) == 0
    return folder


def test_the_generator_is_that_of_the_run(run: Path) -> None:
    """The exported average of the finished run is what the encoder inverts, unchanged by its training."""
    gan, encoder = (checkpoint.build(checkpoint.load(run / name / "checkpoint.pt")) for name in ("cgan", "encoder"))
    assert isinstance(encoder, LatentEncoder)
    assert gan.sampler is not None
    expected, found = gan.sampler.state_dict(), encoder.generator.state_dict()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_it_learns(run: Path) -> None:
    """Its loss on generated images falls below 1, that of a guess."""
    losses = [line["latent"] for line in curve.read(run / "encoder" / "log.jsonl")]
    assert sum(losses[-10:]) / 10 < 0.95


def test_it_is_exported_beside_the_models(run: Path) -> None:
    """The file is listed among the others, not among the models that draw."""
    assert export_main([str(run / "cgan"), "--weights", str(run / "weights")]) == 0
    assert export_main([str(run / "encoder"), "--weights", str(run / "weights")]) == 0
    listed = manifest.read(run / "weights")
    assert [entry["name"] for entry in listed["models"]] == ["cgan"]
    assert [entry["name"] for entry in listed["others"]] == ["encoder"]
    assert OnnxGenerator.load(run / "weights" / "cgan.onnx").latent_dim == 16


def test_its_file_stays_small() -> None:
    """Stored in half precision it is smaller than 1.5 MB."""
    assert 2 * sum(parameter.numel() for parameter in SmallEncoder(64).parameters()) < 1_500_000


def test_codes_have_the_length_of_latents() -> None:
    """Whatever the image, the mean square of its code is 1."""
    codes = SmallEncoder(64)(torch.rand(10, 1, 28, 28) * 2 - 1, torch.eye(10))
    torch.testing.assert_close(codes.square().mean(dim=1), torch.ones(10), atol=1e-4, rtol=0)
