"""Keep `weights/manifest.json` true to the files beside it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from core.catalog import MANIFEST


def add(folder: Path, name: str) -> None:
    """List `folder/NAME.onnx` with its SHA-256 and size; the first model listed is the default.

    Scores of an earlier file of that name are dropped: they were not measured on this one.
    """
    path = folder / f"{name}.onnx"
    manifest = read(folder)
    content = path.read_bytes()
    entry = {
        "name": name,
        "file": path.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "scores": {},
    }
    others = [model for model in manifest["models"] if model["name"] != name]
    names = [model["name"] for model in manifest["models"]]
    others.insert(names.index(name) if name in names else len(names), entry)
    write(folder, {"default": manifest["default"] or name, "models": others})


def set_scores(folder: Path, name: str, scores: dict[str, float]) -> None:
    """Write the measured scores of a listed model beside its name."""
    manifest = read(folder)
    (entry,) = (model for model in manifest["models"] if model["name"] == name)
    entry["scores"] = scores
    write(folder, manifest)


def read(folder: Path) -> dict[str, Any]:
    """The manifest, or an empty one where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        return {"default": None, "models": []}
    return manifest


def write(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest."""
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
