"""What a model may claim: it learned from the training images alone, and its scores are those of that very file."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from tests.training.conftest import arguments
from training import checkpoint, train
from training.export.__main__ import main as export_main

RAW = Path("MNIST") / "raw"
HEADER_IMAGES, PIXELS, LEARNED = 16, 28 * 28, 400
"""Bytes before the first image, bytes of one, and how many of the 480 images are for training."""


def blackened(data: Path, folder: Path, name: str, first: int) -> Path:
    """A copy of the data in which the images of a file are all black from one number on."""
    copy = folder / "data"
    shutil.copytree(data, copy)
    file = copy / RAW / name
    content = file.read_bytes()
    border = HEADER_IMAGES + first * PIXELS
    assert border < len(content)
    file.write_bytes(content[:border] + bytes(len(content) - border))
    return copy


def learned(data: Path, out: Path, name: str) -> dict[str, torch.Tensor]:
    """Every weight after a few steps on that data."""
    assert train.main([*arguments(data, out), "--model", name, "--set", "steps=3"]) == 0
    weights: dict[str, torch.Tensor] = checkpoint.load(out / "checkpoint.pt")["model"]
    return weights


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether two models have the same weights."""
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", ["cgan", "cvae"])
@pytest.mark.parametrize(("file", "first"), [("train-images-idx3-ubyte", LEARNED), ("t10k-images-idx3-ubyte", 0)])
def test_a_model_learns_nothing_from_images_that_judge_it(
    data: Path, tmp_path: Path, name: str, file: str, first: int
) -> None:
    """With all validation images blackened, or all test images, training ends with the very same weights."""
    other = blackened(data, tmp_path, file, first)
    assert same(learned(data, tmp_path / "one", name), learned(other, tmp_path / "other", name))


def test_a_model_does_learn_from_the_training_images(data: Path, tmp_path: Path) -> None:
    """With the training images blackened the weights are others: what the test above compares, training reads."""
    other = blackened(data, tmp_path, "train-images-idx3-ubyte", 0)
    assert not same(learned(data, tmp_path / "one", "cvae"), learned(other, tmp_path / "other", "cvae"))


def test_an_exported_model_has_no_scores_until_it_is_measured(data: Path, tmp_path: Path) -> None:
    """A second export under a name drops the scores of the first, keeps those of others, its place and the default."""
    run, weights, file = tmp_path / "run", tmp_path / "weights", tmp_path / "weights" / "manifest.json"
    learned(data, run, "cvae")
    assert export_main([str(run), "--weights", str(weights)]) == 0
    (entry,) = json.loads(file.read_text())["models"]
    assert (entry["name"], entry["scores"]) == ("cvae", {})
    other = {"name": "other", "file": "other.onnx", "sha256": "0", "bytes": 1, "scores": {"reading": 0.98}}
    measured = entry | {"scores": {"reading": 0.99}, "sha256": "of an earlier file"}
    file.write_text(json.dumps({"default": "cvae", "models": [measured, other]}))
    assert export_main([str(run), "--weights", str(weights)]) == 0
    assert json.loads(file.read_text()) == {"default": "cvae", "models": [entry, other]}
