"""The manifest: whatever stands in it, the catalog opens or says in one line what is wrong."""

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.catalog import CURVE, MANIFEST, Catalog
from core.errors import BadWeights
from tests.core.test_catalog import constant_model

MODEL = constant_model()
GOOD = {"name": "black", "file": "black.onnx", "sha256": hashlib.sha256(MODEL).hexdigest(), "scores": {"reading": 0.5}}
NAMES = (
    "black.onnx",
    "folder",
    "pipe",
    "zero",
    MANIFEST,
    "black",
    "",
    ".",
    "..",
    "a/b",
    "\0",
    "a\0.onnx",
    "\ud800",
    "\n",
)
"""Names that are there, and names that no file can have."""

texts = st.sampled_from((*NAMES, "x" * 300)) | st.text(st.characters(), max_size=5)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 1 << 64])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def mostly(good: object) -> st.SearchStrategy[object]:
    """The right value in half of the cases."""
    return st.just(good) | values


entries = st.fixed_dictionaries({}, optional={field: mostly(value) for field, value in GOOD.items()})
manifests = st.fixed_dictionaries(
    {},
    optional={
        "default": mostly("black"),
        "models": st.lists(st.just(GOOD) | entries | values, max_size=3) | values,
        "others": st.lists(st.just(GOOD | {"name": "reader"}) | entries | values, max_size=1) | values,
    },
)
contents = (manifests | values).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights folder with a model, and with all that is none."""
    folder = tmp_path_factory.mktemp("weights")
    (folder / "black.onnx").write_bytes(MODEL)
    (folder / "folder").mkdir()
    (folder / "zero").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    return folder


def opened(folder: Path) -> Catalog | BadWeights:
    """The catalog, or why there is none; any other error is the test's failure."""
    try:
        return Catalog.open(folder)
    except BadWeights as error:
        return error


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=contents)
@example(json.dumps({"default": "black", "models": [GOOD]}).encode())
@example(json.dumps({"default": "black", "models": [GOOD | {"file": "a\0.onnx"}]}).encode())
@example(json.dumps({"default": "black", "models": [GOOD | {"file": "\ud800.onnx"}]}).encode())
@example(json.dumps({"default": "\ud800", "models": [GOOD]}).encode())
@example(json.dumps({"default": "black", "models": [GOOD | {"scores": {"reading": 10**400}}]}).encode())
@example(json.dumps({"default": "black", "models": [GOOD | {"scores": {"reading": float("nan")}}]}).encode())
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b'{"default": ' + b"9" * 5000 + b"}")
@example(b"\xff\xfe")
def test_a_manifest_opens_or_is_told_in_one_line(folder: Path, content: bytes) -> None:
    """No traceback, no hanging, and a line that any terminal shows; what opens can be shown to people."""
    (folder / MANIFEST).write_bytes(content)
    found = opened(folder)
    if isinstance(found, BadWeights):
        assert str(found).isprintable()
        assert found.path.parent == folder
    else:
        assert all(name and name.isprintable() for name in found.names)
        assert all(f"{score:.1%}" != "nan%" for model in found.models for score in model.scores.values())


@pytest.mark.parametrize("name", ["folder", "pipe", "zero"])
@pytest.mark.parametrize("role", ["model", MANIFEST, CURVE])
def test_what_is_no_ordinary_file_is_told_and_not_read(folder: Path, tmp_path: Path, name: str, role: str) -> None:
    """A folder, a pipe that nobody writes to and an endless device, as a model, the manifest or the curve."""
    entry = GOOD | {"file": name if role == "model" else "black.onnx"}
    for place in ("black.onnx", name):
        (tmp_path / place).symlink_to(folder / place)
    (tmp_path / MANIFEST).write_text(json.dumps({"default": "black", "models": [entry]}))
    if role != "model":
        (tmp_path / role).unlink(missing_ok=True)
        (tmp_path / role).symlink_to(folder / name)
    with pytest.raises(BadWeights, match="no ordinary file"):
        Catalog.open(tmp_path)


def test_a_model_past_all_measure_is_told_and_not_read(tmp_path: Path) -> None:
    """A file that would not fit into memory is told by its size."""
    with (tmp_path / "black.onnx").open("wb") as file:
        file.truncate(sys.maxsize // 1024**3)
    (tmp_path / MANIFEST).write_text(json.dumps({"default": "black", "models": [GOOD]}))
    with pytest.raises(BadWeights, match="8,589,934,591 bytes"):
        Catalog.open(tmp_path)
