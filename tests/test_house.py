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

TESTED_ELSEWHERE = {
    # Started, or run by each subcommand.
    "bot/__main__.py": "bot/test_process.py",
    "bot/cli/catalog.py": "bot/cli/test_draw.py",
    "bot/cli/main.py": "bot/cli/test_usage.py",
    "bot/cli/serve.py": "bot/test_start.py",
    # Declarations: protocols, values, errors and tables that others read.
    "bot/adapters/base.py": "bot/test_app.py",
    "bot/adapters/discord/display.py": "bot/adapters/discord/test_buttons.py",
    "bot/commands/errors.py": "bot/commands/test_parser.py",
    "bot/commands/registry.py": "bot/test_drills.py",
    "bot/config/findings.py": "bot/cli/test_check.py",
    "bot/config/loopback.py": "bot/config/test_settings.py",
    "bot/conversation/errors.py": "bot/conversation/test_photos.py",
    "bot/conversation/reply.py": "bot/conversation/test_photos.py",
    "bot/conversation/sender.py": "bot/conversation/test_photos.py",
    "core/errors.py": "core/pictures/test_base.py",
    "training/serving.py": "training/export/test_interfaces.py",
    # Steps of one thing, seen where the whole of it is.
    "bot/adapters/discord/interaction_schema.py": "bot/adapters/discord/test_interactions_fuzzing.py",
    "bot/adapters/discord/transports.py": "bot/adapters/discord/test_checks.py",
    "bot/adapters/platform_client.py": "bot/cli/test_check.py",
    "bot/adapters/telegram/poll_request.py": "bot/adapters/telegram/test_update_queue.py",
    "bot/adapters/web/manifest.py": "bot/adapters/web/test_gallery_js.py",
    "bot/adapters/web/playground.py": "bot/adapters/web/test_playground_js.py",
    "bot/adapters/web/wording.py": "bot/adapters/web/test_page.py",
    "bot/conversation/showing.py": "bot/adapters/discord/test_buttons.py",
    "core/imaging/inking.py": "core/imaging/test_scanning.py",
    "training/augmentation.py": "training/models/test_reader.py",
}
"""Modules without a test file of their name, and the file in `tests` that tests each."""


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


def test_every_module_has_a_test_file_of_its_name() -> None:
    """bot/text.py is tested in tests/bot/test_text.py: where nothing tests a new module, it is seen at once."""
    modules = [path for package in ("bot", "core", "training") for path in (ROOT / package).rglob("[!_]*.py")]
    modules += [ROOT / "bot" / "__main__.py", *(ROOT / "training").rglob("__main__.py")]
    tests = {path.relative_to(ROOT): ROOT / "tests" / path.relative_to(ROOT).parent for path in modules}
    lacking = {
        str(path) for path, folder in tests.items() if not (folder / f"test_{path.stem.strip('_')}.py").is_file()
    }
    assert lacking == TESTED_ELSEWHERE.keys()
    assert all((ROOT / "tests" / path).is_file() for path in TESTED_ELSEWHERE.values())


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
