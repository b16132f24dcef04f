"""The weights folder and the models in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.errors import BadWeights, UnknownModel
from core.generator import Generator

MANIFEST = "manifest.json"
CURVE = "curve.png"
REQUIRED_METADATA = ("name", "family", "title", "license", "data", "commit")


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can draw.

    Attributes:
        name: as in `model=NAME`.
        title: for people.
        scores: measured quality by the name of the measure, from the manifest.
        generator: the loaded network.
    """

    name: str
    title: str
    scores: Mapping[str, float]
    generator: Generator


class Catalog:
    """The models of a weights folder, every one checked and loaded.

    Attributes:
        default: the name of the model that draws where none is named.
        curve: a PNG of how the default model's losses went in training; None where the folder has none.
    """

    def __init__(self, models: Mapping[str, Model], default: str, curve: bytes | None = None) -> None:
        self._models = models
        self.default = default
        self.curve = curve

    @classmethod
    def open(cls, folder: Path, default: str | None = None) -> Self:
        """Check and load each model that `folder/manifest.json` lists.

        Args:
            folder: the weights folder.
            default: the model to use where a request names none; None takes the manifest's.

        Raises:
            BadWeights: the manifest or a model is missing, altered or malformed.
            UnknownModel: `default` is not in the manifest.
        """
        manifest = _read_manifest(folder / MANIFEST)
        models = {entry["name"]: _load(folder, entry) for entry in manifest["models"]}
        catalog = cls(models, manifest["default"], _read_curve(folder / CURVE))
        if manifest["default"] not in models:
            raise BadWeights(folder / MANIFEST, f"names the default {manifest['default']!r} but does not list it")
        catalog.default = catalog.find(default).name
        return catalog

    def find(self, name: str | None) -> Model:
        """The model of that name; None is the default.

        Raises:
            UnknownModel: there is none, and the error lists those there are.
        """
        try:
            return self._models[self.default if name is None else name]
        except KeyError:
            raise UnknownModel(name, self.names) from None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the default first."""
        return (self.default, *(name for name in self._models if name != self.default))

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model, the default first."""
        return tuple(self._models[name] for name in self.names)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise BadWeights(path, "is missing") from None
    except (OSError, ValueError) as error:
        raise BadWeights(path, f"cannot be read as JSON ({error})") from error
    if not _is_manifest(manifest):
        raise BadWeights(path, "does not list models with a name, a file, a sha256 and scores, and a default")
    checked: dict[str, Any] = manifest
    return checked


def _read_curve(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadWeights(path, f"cannot be read ({error.strerror})") from error


def _is_manifest(manifest: object) -> bool:
    match manifest:
        case {"default": str(), "models": [_, *_] as models}:
            return all(_is_entry(model) for model in models)
    return False


def _is_entry(entry: object) -> bool:
    match entry:
        case {"name": str(), "file": str(file), "sha256": str(), "scores": dict(scores)}:
            return Path(file).name == file and all(isinstance(score, int | float) for score in scores.values())
    return False


def _load(folder: Path, entry: dict[str, Any]) -> Model:
    path = folder / entry["file"]
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise BadWeights(path, "is missing") from None
    except OSError as error:
        raise BadWeights(path, f"cannot be read ({error.strerror})") from error
    if digest != entry["sha256"]:
        raise BadWeights(path, f"is not the file that {MANIFEST} lists: its SHA-256 is {digest}")
    generator = Generator.load(path)
    missing = [key for key in REQUIRED_METADATA if not generator.metadata.get(key)]
    if missing:
        raise BadWeights(path, f"lacks metadata: {', '.join(missing)}")
    return Model(entry["name"], generator.metadata["title"], entry["scores"], generator)
