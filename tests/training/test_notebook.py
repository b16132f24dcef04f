"""The Colab notebook, executed from its first cell to its last."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from core.catalog import Catalog
from tests.conftest import ROOT
from training.train import PRESETS

NOTEBOOK = ROOT / "training" / "colab.ipynb"


def test_the_notebook_trains_exports_and_draws(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the `tiny` preset every cell runs; it ends with a strip that the bot drew with the new file."""
    monkeypatch.setenv("DIGIT_PRESET", "tiny")
    monkeypatch.setenv("DIGIT_DATA", str(data))
    monkeypatch.setenv("DIGIT_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("DIGIT_PACKAGES", str(tmp_path))
    monkeypatch.setenv("DIGIT_SECONDS", "1000")
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert Catalog.open(tmp_path / "run" / "weights").default == "cgan"
    pictures = [o for cell in notebook.cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
    assert len(pictures) == 3, "the losses, the last samples, and the strip"
    assert (tmp_path / "run" / "strip.png").read_bytes()[:4] == b"\x89PNG"


def test_the_notebook_pins_nothing_that_colab_has() -> None:
    """No extra and no pin of ours reaches Colab's own packages: what is missing is installed, without a version."""
    sources = "\n".join(cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells)
    assert "[train]" not in sources
    assert "==" not in sources.replace("returncode == 0", "")
    installs = [line for line in sources.splitlines() if "pip install" in line]
    assert len(installs) == 2
    assert "missing" in installs[0]
    assert "--target" in installs[1]


def test_the_notebook_holds_no_output_and_no_model() -> None:
    """It stays thin: no pictures, no execution counts, and not one line of a network."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    assert not any("nn.Module" in cell.source or "import torch" in cell.source for cell in cells)


def test_the_preset_of_the_notebook_is_one_of_ours() -> None:
    """The preset that the notebook trains by default exists."""
    assert '"full"' in NOTEBOOK.read_text().replace("\\", "")
    assert "full" in PRESETS
