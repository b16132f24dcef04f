"""The Colab notebook, executed from its first cell to its last."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from core.catalog import Catalog
from tests.conftest import ROOT
from training.kinds import PRESETS

NOTEBOOK = ROOT / "training" / "colab.ipynb"


def test_the_notebook_trains_shows_and_exports(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the `tiny` preset every cell runs; at the end there is a model that the bot can load."""
    monkeypatch.setenv("DIGIT_PRESET", "tiny")
    monkeypatch.setenv("DIGIT_DATA", str(data))
    monkeypatch.setenv("DIGIT_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert Catalog.open(tmp_path / "run" / "weights").default == "cgan"
    pictures = [o for cell in notebook.cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
    assert len(pictures) == 2


def test_the_notebook_holds_no_output_and_no_model() -> None:
    """It stays thin: no pictures, no execution counts, and not one line of a network."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    assert not any("nn.Module" in cell.source or "import torch" in cell.source for cell in cells)


def test_the_preset_of_the_notebook_is_one_of_ours() -> None:
    """What the notebook trains by default exists."""
    assert '"t4"' in NOTEBOOK.read_text().replace("\\", "")
    assert "t4" in PRESETS
