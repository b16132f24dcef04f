"""The weights folder and the models in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.errors import BadWeights, UnknownModel
from core.generator import Generator
from core.reader import Reader

MANIFEST = "manifest.json"
CURVE = "curve.png"
REQUIRED_METADATA = ("name", "family", "title", "license", "data", "commit")
READ_AGAIN = "read_again"
"""Metadata of a model whose doubtful images are drawn again: any value but an empty one."""
READER = "reader"
"""The name under which the manifest lists the reader, among `others`."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can draw.

    Attributes:
        name: as in `model=NAME`.
        title: for people.
        scores: measured quality by the name of the measure, from the manifest.
        generator: the loaded network.
        reader: reads its images, so that doubtful ones are drawn again; None where they are shown as they are.
    """

    name: str
    title: str
    scores: Mapping[str, float]
    generator: Generator
    reader: Reader | None = None


class Catalog:
    """The models of a weights folder, every one checked and loaded.

    Attributes:
        default: the name of the model that draws where none is named.
        curve: a PNG of how the default model's losses went in training; None where the folder has none.
        reader: reads digits; None where the folder has none.
    """

    def __init__(
        self, models: Mapping[str, Model], default: str, curve: bytes | None = None, reader: Reader | None = None
    ) -> None:
        self._models = models
        self.default = default
        self.curve = curve
        self.reader = reader

    @classmethod
    def open(cls, folder: Path, default: str | None = None) -> Self:
        """Check and load each model that `folder/manifest.json` lists, and the reader if it lists one.

        Args:
            folder: the weights folder.
            default: the model to use where a request names none; None takes the manifest's.

        Raises:
            BadWeights: the manifest or a model is missing, altered or malformed.
            UnknownModel: `default` is not in the manifest.
        """
        manifest = _read_manifest(folder / MANIFEST)
        others = {entry["name"]: entry for entry in manifest.get("others", ())}
        reader = Reader.load(_checked(folder, others[READER])) if READER in others else None
        models = {entry["name"]: _load(folder, entry, reader) for entry in manifest["models"]}
        catalog = cls(models, manifest["default"], _read_curve(folder / CURVE), reader)
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
        case {"default": str(), "models": [_, *_] as models, **rest}:
            others = rest.get("others", [])
            return isinstance(others, list) and all(map(_is_entry, [*models, *others]))
    return False


def _is_entry(entry: object) -> bool:
    match entry:
        case {"name": str(), "file": str(file), "sha256": str(), "scores": dict(scores)}:
            return Path(file).name == file and all(isinstance(score, int | float) for score in scores.values())
    return False


def _checked(folder: Path, entry: dict[str, Any]) -> Path:
    """Return the path of a listed file, once its SHA-256 was seen to be right."""
    path: Path = folder / entry["file"]
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise BadWeights(path, "is missing") from None
    except OSError as error:
        raise BadWeights(path, f"cannot be read ({error.strerror})") from error
    if digest != entry["sha256"]:
        raise BadWeights(path, f"is not the file that {MANIFEST} lists: its SHA-256 is {digest}")
    return path


def _load(folder: Path, entry: dict[str, Any], reader: Reader | None) -> Model:
    path = _checked(folder, entry)
    generator = Generator.load(path)
    missing = [key for key in REQUIRED_METADATA if not generator.metadata.get(key)]
    if missing:
        raise BadWeights(path, f"lacks metadata: {', '.join(missing)}")
    read_again = generator.metadata.get(READ_AGAIN)
    return Model(entry["name"], generator.metadata["title"], entry["scores"], generator, reader if read_again else None)
