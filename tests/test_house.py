"""The house: imports go one way, and what the pages promise is true."""

import io
import json
import re
import subprocess
import sys
import sysconfig
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import numpy as np
from PIL import Image

from core.catalog import Catalog
from core.pictures.base import draw
from core.pictures.strip import StripRequest
from tests.conftest import ROOT, WEIGHTS


def test_imports_go_one_way() -> None:
    """The import rules of pyproject.toml are kept."""
    command = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_import_goes_in_a_circle() -> None:
    """No module imports itself through others, imports within functions and for types included."""
    graph = grimp.build_graph("bot", "core", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()


def test_the_readmes_picture_is_what_the_bot_draws(catalog: Catalog) -> None:
    """The picture at the top is `/digit 4 seed=15` of the model that ships, to within rounding on another processor."""
    shown = Image.open(WEIGHTS / "four.png").convert("L")
    drawn = Image.open(io.BytesIO(draw(catalog, StripRequest(4, seed=15)).data)).convert("L")
    assert shown.size == drawn.size
    difference = np.abs(np.asarray(shown).astype(int) - np.asarray(drawn))
    assert difference.mean() < 0.5


def test_runtime_dependencies_are_pinned() -> None:
    """What a user installs is what was tested, and torch is not part of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert all(re.fullmatch(r"[\w.\[\]-]+==[\w.]+", entry) for entry in project["dependencies"])
    assert not [entry for entry in project["dependencies"] if "torch" in entry]


def test_the_manifest_tells_the_truth_about_its_files() -> None:
    """Sizes in the manifest are those of the files, and every file is listed."""
    manifest = json.loads((WEIGHTS / "manifest.json").read_text())
    assert {entry["file"]: entry["bytes"] for entry in manifest["models"] + manifest.get("others", [])} == {
        path.name: path.stat().st_size for path in WEIGHTS.glob("*.onnx")
    }


def test_a_manifest_has_a_score_for_each_model() -> None:
    """What `/models` and `/compare` show was measured."""
    models = json.loads((WEIGHTS / "manifest.json").read_text())["models"]
    assert all(0 < model["scores"]["reading"] <= 1 for model in models)


def test_the_console_script_is_the_command_line() -> None:
    """`digit-bot` does what `python -m bot` does, and says its own name."""
    script = Path(sysconfig.get_path("scripts")) / "digit-bot"
    outputs = [
        subprocess.run([*command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for command in ([sys.executable, "-m", "bot"], [str(script)])
    ]
    assert " ".join(outputs[0].replace("python -m bot", "digit-bot").split()) == " ".join(outputs[1].split())
    assert "healthcheck" in outputs[0]
