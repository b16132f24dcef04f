"""The manifest beside the exported files."""

import json
import shutil
from pathlib import Path

from core.catalog import Catalog
from core.pictures.base import draw
from core.pictures.strip import StripRequest
from tests.training.conftest import arguments
from training import train
from training.export.__main__ import main as export_main


def test_exporting_again_replaces_the_file_and_its_line(weights: Path, data: Path, tmp_path: Path) -> None:
    """A second export of a name leaves one line in the manifest, true to the new file."""
    before = draw(Catalog.open(weights), StripRequest(4, seed=7)).data
    copy = shutil.copytree(weights, tmp_path / "weights")
    train_again = [*arguments(data, tmp_path / "run"), "--set", "steps=5", "--set", "seed=2"]
    assert train.main(train_again) == 0
    assert export_main([str(tmp_path / "run"), "--weights", str(copy)]) == 0
    assert len(json.loads((copy / "manifest.json").read_text())["models"]) == 1
    assert draw(Catalog.open(copy), StripRequest(4, seed=7)).data != before
