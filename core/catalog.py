"""The weights folder and the models in it."""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.encoder import Encoder
from core.errors import BadWeights, HandlessModel, UnknownModel
from core.files import read_weights
from core.generator import Generator
from core.reader import Reader

MANIFEST = "manifest.json"
CURVE = "curve.png"
REQUIRED_METADATA = ("name", "family", "title", "license", "data", "commit")
READ_AGAIN = "read_again"
"""Metadata of a model whose doubtful images are drawn again: any value but an empty one."""
READER, ENCODER = "reader", "encoder"
"""The names under which the manifest lists the reader and the encoder, among `others`."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can draw.

    Attributes:
        name: as in `model=NAME`.
        title: for people.
        scores: measured quality by the name of the measure, from the manifest.
        generator: the loaded network.
        reader: reads its images, so that doubtful ones are drawn again; None where they are shown as they are.
        digest: SHA-256 of the manifest's entries of its file and its reader; empty for one that is in no manifest.
    """

    name: str
    title: str
    scores: Mapping[str, float]
    generator: Generator
    reader: Reader | None = None
    digest: str = ""


class Catalog:
    """The models of a weights folder, every one checked and loaded.

    Attributes:
        default: the name of the model that draws where none is named.
        curve: a PNG of how the default model's losses went in training; None where the folder has none.
        reader: reads digits; None where the folder has none.
        encoder: finds the latents of the hand model; None where the folder has none.
        hand_model: the name of the model that writes in a hand: the manifest's default.
    """

    def __init__(
        self,
        models: Mapping[str, Model],
        default: str,
        curve: bytes | None = None,
        reader: Reader | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self._models = models
        self.default = self.hand_model = default
        self.curve = curve
        self.reader = reader
        self.encoder = encoder

    @classmethod
    def open(cls, folder: Path, default: str | None = None) -> Self:
        """Check and load each model that `folder/manifest.json` lists, and the reader and encoder if it lists them.

        Args:
            folder: the weights folder.
            default: the model to use where a request names none; None takes the manifest's.

        Raises:
            BadWeights: the manifest or a model is missing, altered or malformed.
            UnknownModel: `default` is not in the manifest.
        """
        manifest = _read_manifest(folder / MANIFEST)
        others = {entry["name"]: entry for entry in manifest.get("others", ())}
        reader = Reader.load(*_read_model(folder, others[READER])) if READER in others else None
        models = {entry["name"]: _load(folder, entry, reader, others.get(READER)) for entry in manifest["models"]}
        if manifest["default"] not in models:
            raise BadWeights(folder / MANIFEST, f"names the default {manifest['default']!r} but does not list it")
        latent_dim = models[manifest["default"]].generator.latent_dim
        encoder = Encoder.load(*_read_model(folder, others[ENCODER]), latent_dim) if ENCODER in others else None
        catalog = cls(models, manifest["default"], _read_curve(folder / CURVE), reader, encoder)
        catalog.default = catalog.find(default).name
        return catalog

    def find(self, name: str | None) -> Model:
        """The model of that name, in capitals or not; None is the default.

        Raises:
            UnknownModel: there is none, and the error lists those there are.
        """
        if name is None or name in self._models:
            return self._models[name or self.default]
        for model in self.models:
            if model.name.casefold() == name.casefold():
                return model
        raise UnknownModel(name, self.names)

    def find_writer(self, name: str | None) -> Model:
        """The model of that name, if it writes in a hand; None is the one that does.

        Raises:
            UnknownModel: there is none.
            HandlessModel: it is another one.
        """
        model = self.find(self.hand_model if name is None else name)
        if model.name != self.hand_model:
            raise HandlessModel(name, (self.hand_model,))
        return model

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the default first."""
        return (self.default, *(name for name in self._models if name != self.default))

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model, the default first."""
        return tuple(self._models[name] for name in self.names)


def _read_manifest(path: Path) -> dict[str, Any]:
    content = read_weights(path)
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadWeights(path, f"cannot be read as JSON ({error})") from error
    if not _is_manifest(manifest):
        raise BadWeights(path, "does not list models with a name, a file, a sha256 and scores, and a default")
    checked: dict[str, Any] = manifest
    return checked


def _read_curve(path: Path) -> bytes | None:
    return read_weights(path) if path.exists() else None


def _is_manifest(manifest: object) -> bool:
    match manifest:
        case {"default": str(default), "models": [_, *_] as models, **rest}:
            others = rest.get("others", [])
            return default.isprintable() and isinstance(others, list) and all(map(_is_entry, [*models, *others]))
    return False


def _is_entry(entry: object) -> bool:
    match entry:
        case {"name": str(name), "file": str(file), "sha256": str(), "scores": dict(scores)}:
            # Not printable are NUL, line breaks, and half characters, which no path may hold.
            printable = all(text and text.isprintable() for text in (name, file, *scores))
            return printable and Path(file).name == file and all(_is_score(score) for score in scores.values())
    return False


def _is_score(score: object) -> bool:
    # Neither NaN nor infinite, nor an integer past every float.
    return isinstance(score, int | float) and abs(score) <= sys.float_info.max


def _read_model(folder: Path, entry: dict[str, Any]) -> tuple[Path, bytes]:
    """Return the path and the bytes of a listed file, once its SHA-256 was seen to be right."""
    path: Path = folder / entry["file"]
    content = read_weights(path)
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry["sha256"]:
        raise BadWeights(path, f"is not the file that {MANIFEST} lists: its SHA-256 is {digest}")
    return path, content


def _load(folder: Path, entry: dict[str, Any], reader: Reader | None, reader_entry: dict[str, Any] | None) -> Model:
    path, content = _read_model(folder, entry)
    generator = Generator.load(path, content)
    missing = [key for key in REQUIRED_METADATA if not generator.metadata.get(key)]
    if missing:
        raise BadWeights(path, f"lacks metadata: {', '.join(missing)}")
    if not generator.metadata.get(READ_AGAIN):
        reader = reader_entry = None
    title, digest = generator.metadata["title"], _digest(entry, reader_entry)
    return Model(entry["name"], title, entry["scores"], generator, reader, digest)


def _digest(*entries: dict[str, Any] | None) -> str:
    """Return the SHA-256 of entries of the manifest: each holds that of its file, and the scores that are shown."""
    return hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
