"""The evaluation: it knows models by their contract, counts what they cost, and keeps the card true."""

import json
from pathlib import Path

import pytest
import torch

from core.generator import Generator as OnnxGenerator
from tests.conftest import WEIGHTS
from training import card, cost, evaluate, export, manifest
from training.classic_networks import DenseGenerator
from training.judge import load_judge
from training.networks import Generator

METADATA = {"name": "x", "family": "x", "title": "X", "license": "MIT", "data": "none", "commit": "none"}
ROW_PX = {
    "reading": 0.99,
    "readings": [0.99] * 10,
    "confusions": [[0] * 10] * 10,
    "frechet": 2.0,
    "precision": 0.9,
    "recall": 0.8,
    "density": 1.0,
    "coverage": 0.9,
    "student": 0.97,
    "grey": 0.5,
    "authenticity": 0.6,
    "nearest_pixels": 4.0,
    "nearest_features": 3.0,
    "variety": 13.0,
}


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
    export.export(generator, dim, tmp_path / "x.onnx", METADATA)
    assert cost.multiply_adds(tmp_path / "x.onnx") == pytest.approx(expected, rel=0.01)


def test_samples_are_those_of_the_file_and_the_seed(tmp_path: Path) -> None:
    """The same seed draws the same samples, another seed others, with the labels that were asked for."""
    export.export(DenseGenerator(8, (16,)), 8, tmp_path / "x.onnx", METADATA)
    generator, labels = OnnxGenerator.load(tmp_path / "x.onnx"), torch.arange(30) % 10
    first, again, other = (evaluate.draw(generator, labels, seed) for seed in (1, 1, 2))
    assert torch.equal(first.images, again.images)
    assert not torch.equal(first.images, other.images)
    assert torch.equal(first.labels, labels)


def test_the_table_has_real_digits_first_and_every_column() -> None:
    """One row for real digits, one a model, and the distance as a multiple of the real one."""
    lines = card.table(
        {"real": ROW_PX, "vae": ROW_PX | {"frechet": 5.0, "bytes": 1234, "mmac": 0.3, "milliseconds": 0.04}}
    )
    _, _, real, vae = lines.splitlines()
    assert real.startswith("| **real digits** | 99.00% | 2.00 | 1.00 |")
    assert vae.startswith("| `vae` | 99.00% | 5.00 | 2.50 |")
    assert "1,234" in vae


def test_the_card_is_kept_true(tmp_path: Path) -> None:
    """Scores go into scores.json and the manifest, table and pictures into the card, and its text stays."""
    export.export(DenseGenerator(8, (16,)), 8, tmp_path / "vae.onnx", METADATA)
    manifest.add(tmp_path, "vae")
    (tmp_path / "README.md").write_text(f"# Card\n\nBefore.\n\n{card.BEGIN}\nold\n{card.END}\n\nAfter.\n")
    scores = evaluate.Scores(**ROW_PX)
    evaluate.save(tmp_path, {"real": scores, "vae": scores})
    card.write(tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert "Before." in text
    assert "After." in text
    assert "old" not in text
    assert card.table(json.loads((tmp_path / "scores.json").read_text())) in text
    assert manifest.read(tmp_path)["models"][0]["scores"]["reading"] == 0.99
    assert {"scores.png", "sheet-vae.png"} <= {path.name for path in tmp_path.iterdir()}


def test_the_model_that_ships_reads_right() -> None:
    """Of a thousand digits by the default model the judge reads at least 98 % as what was asked for."""
    judge, labels = load_judge(), torch.arange(1000) % 10
    drawn = evaluate.draw(OnnxGenerator.load(WEIGHTS / "cgan.onnx"), labels, seed=1)
    assert int(evaluate.confusion(judge, evaluate.features(judge, drawn), labels).trace()) >= 980
