"""Keep `weights/manifest.json` true to the files beside it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from training.serving import MANIFEST

MODELS, OTHERS = "models", "others"
"""Lists in the manifest: models that draw, and the networks beside them, the reader and the encoder."""


def add(folder: Path, name: str, kind: str = MODELS) -> None:
    """List `folder/NAME.onnx` with its SHA-256 and size; the first model listed is the default.

    Scores of an earlier file of that name are dropped: they were not measured on this one.

    Args:
        folder: of the weights.
        name: of the file, without its suffix.
        kind: the list to put it in.
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
    known = manifest.get(kind, [])
    names = [listed["name"] for listed in known]
    entries = [listed for listed in known if listed["name"] != name]
    entries.insert(names.index(name) if name in names else len(names), entry)
    manifest[kind] = entries
    if kind == MODELS:
        manifest["default"] = manifest["default"] or name
    write(folder, manifest)


def remove(folder: Path, name: str) -> bool:
    """Take a network beside the models off the list, and remove its file; returns whether it was listed."""
    manifest = read(folder)
    known = manifest.get(OTHERS, [])
    manifest[OTHERS] = [listed for listed in known if listed["name"] != name]
    if manifest[OTHERS] == known:
        return False
    write(folder, manifest)
    (folder / f"{name}.onnx").unlink(missing_ok=True)
    return True


def set_scores(folder: Path, name: str, scores: dict[str, float]) -> None:
    """Write the measured scores of a listed file beside its name."""
    manifest = read(folder)
    (entry,) = (one for kind in (MODELS, OTHERS) for one in manifest.get(kind, []) if one["name"] == name)
    entry["scores"] = scores
    write(folder, manifest)


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest, or an empty one where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        return {"default": None, MODELS: []}
    return manifest


def write(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest."""
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
