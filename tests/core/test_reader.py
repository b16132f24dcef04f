"""The reader's file on its contract, and what its logits become."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from core.catalog import MANIFEST, Catalog
from core.reader import Reader
from tests.fakes.networks import FLATTEN, IMAGE, folder_with, network, refused_in_one_line, refused_once_altered
from tests.golden.weights import make


def reader_model(classes: int = 10, output: str = "logits") -> bytes:
    """Return an ONNX file whose logit of digit d is the ink of pixel d of the first row."""
    nodes = [*FLATTEN, helper.make_node("MatMul", ["flat", "weight"], [output])]
    return network(nodes, [IMAGE], (output, classes), {"weight": np.eye(784, classes, dtype=np.float32)})


def test_logits_become_probabilities(tmp_path: Path) -> None:
    """They sum to 1 for each image, however large the logits are."""
    path = tmp_path / "reader.onnx"
    path.write_bytes(reader_model())
    images = np.zeros((3, 28, 28), np.uint8)
    images[1, 0, 4], images[2, 0, 7] = 2, 255
    reader = Reader.load(path)
    found = reader.read(images)
    assert found.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    assert found[0].tolist() == pytest.approx([0.1] * 10)
    assert found[1, 4] == pytest.approx(np.exp(2) / (np.exp(2) + 9))
    assert reader.confidence(images, np.array([0, 4, 3])).tolist() == pytest.approx([0.1, found[1, 4], 0])


def test_the_catalog_loads_the_reader_that_the_manifest_lists(tmp_path: Path) -> None:
    """A folder without one has none, and no model is read that does not ask for it."""
    assert Catalog.open(make(tmp_path / "without")).reader is None
    catalog = Catalog.open(folder_with(tmp_path / "with", "reader", reader_model()))
    assert catalog.reader is not None
    assert [model.reader for model in catalog.models] == [None] * 3


def test_a_model_that_asks_for_it_is_read(tmp_path: Path) -> None:
    """Its metadata say so."""
    folder = folder_with(tmp_path, "reader", reader_model())
    model = onnx.load(folder / "blocks.onnx")
    model.metadata_props.add(key="read_again", value="yes")
    content = model.SerializeToString()
    (folder / "blocks.onnx").write_bytes(content)
    manifest = json.loads((folder / MANIFEST).read_text())
    entry = next(entry for entry in manifest["models"] if entry["name"] == "blocks")
    entry["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))
    catalog = Catalog.open(folder)
    assert catalog.find("blocks").reader is catalog.reader
    assert catalog.find("ribs").reader is None


@pytest.mark.parametrize("content", [reader_model(9), reader_model(10, "digits"), b"no model"])
def test_a_bad_reader_is_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    """A reader of nine digits is a bad one."""
    refused_in_one_line(tmp_path, "reader", content)


def test_an_altered_reader_is_refused(tmp_path: Path) -> None:
    """As every listed file is."""
    refused_once_altered(tmp_path, "reader", reader_model())
