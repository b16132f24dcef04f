"""The command: rows for real digits and each model, in processes of their own."""

import json
from pathlib import Path

import pytest
import torch

from tests.training.conftest import METADATA
from training import evaluate
from training.evaluation import strips
from training.export import manifest
from training.export.onnx_file import export
from training.models.dense_gan import DenseGenerator
from training.models.reader import Calibrated, ReaderNetwork


def test_the_command_scores_everything_that_is_listed(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models and reader get their scores in the manifest, rows their deviations, and the table names each of them."""
    monkeypatch.setattr(strips, "STRIPS", 40)
    torch.manual_seed(0)
    export(DenseGenerator(8, (16,)), 8, tmp_path / "vae.onnx", METADATA)
    export(Calibrated(ReaderNetwork(), 1.0), 0, tmp_path / "reader.onnx", METADATA, "reader")
    manifest.add(tmp_path, "vae")
    manifest.add(tmp_path, "reader", manifest.OTHERS)
    few = ["--draws", "2", "--cas-images", "200", "--workers", "1"]
    assert evaluate.main(["--weights", str(tmp_path), "--data", str(data), *few]) == 0
    rows = json.loads((tmp_path / "scores.json").read_text())
    assert set(rows) == {"real", "vae"}
    assert rows["real"]["accuracy"] >= rows["vae"]["accuracy"]
    assert set(rows["vae"]["sd"]) >= {"accuracy", "recall", "centre", "faint", "tail"}
    listed = manifest.read(tmp_path)
    assert set(listed["models"][0]["scores"]) == set(evaluate.IN_MANIFEST)
    assert listed["others"][0]["scores"]["bytes"] == (tmp_path / "reader.onnx").stat().st_size
    assert "`vae`" in (tmp_path / "README.md").read_text()
