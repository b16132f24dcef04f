"""The encoder's file on its contract, and what the catalog makes of it."""

from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from core.catalog import Catalog
from core.encoder import Encoder
from core.errors import HandlessModel
from core.generator import one_hot
from core.handwriting import HandReader
from tests.fakes.networks import DIGIT, FLATTEN, IMAGE, folder_with, network, refused_in_one_line, refused_once_altered
from tests.golden.weights import DEFAULT, make

DIM = 8
"""Length of a latent of the golden default model."""


def encoder_model(latent_dim: int = DIM, output: str = "latent") -> bytes:
    """Return an ONNX file whose latents are the ink of the first pixels, plus 100 for the digit."""
    nodes = [
        *FLATTEN,
        helper.make_node("MatMul", ["flat", "pixels"], ["seen"]),
        helper.make_node("MatMul", ["digit", "digits"], ["known"]),
        helper.make_node("Add", ["seen", "known"], [output]),
    ]
    pixels, digits = (np.eye(rows, latent_dim, dtype=np.float32) for rows in (784, 10))
    return network(nodes, [IMAGE, DIGIT], (output, latent_dim), {"pixels": pixels, "digits": 100 * digits})


def test_a_latent_is_found_for_each_image_and_digit(tmp_path: Path) -> None:
    """Row by row."""
    path = tmp_path / "encoder.onnx"
    path.write_bytes(encoder_model())
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 0, 4], images[1, 0, 7] = 2, 255
    found = Encoder.load(path, None, DIM).encode(images, one_hot((4, 0)))
    assert found.tolist() == [[0, 0, 0, 0, 102, 0, 0, 0], [100, 0, 0, 0, 0, 0, 0, 255]]


def test_the_catalog_loads_the_encoder_that_the_manifest_lists(tmp_path: Path) -> None:
    """It belongs to the manifest's default, whichever model an operator makes the default; a folder without is fine."""
    assert Catalog.open(make(tmp_path / "without")).encoder is None
    folder = folder_with(tmp_path / "with", "encoder", encoder_model())
    catalog = Catalog.open(folder, default="ribs")
    assert catalog.encoder is not None
    assert (catalog.default, catalog.hand_model) == ("ribs", DEFAULT)
    assert catalog.find_writer(None).name == catalog.find_writer(DEFAULT).name == DEFAULT
    with pytest.raises(HandlessModel) as caught:
        catalog.find_writer("ribs")
    assert (caught.value.value, caught.value.known) == ("ribs", (DEFAULT,))


def test_photos_are_read_where_there_are_a_reader_and_an_encoder(tmp_path: Path) -> None:
    """With one of the two a folder draws, and reads nothing."""
    assert HandReader.of(Catalog.open(folder_with(tmp_path, "encoder", encoder_model()))) is None


@pytest.mark.parametrize("content", [encoder_model(4), encoder_model(DIM, "code"), b"no model"])
def test_a_bad_encoder_is_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    """An encoder of another model's latents is a bad one."""
    refused_in_one_line(tmp_path, "encoder", content)


def test_an_altered_encoder_is_refused(tmp_path: Path) -> None:
    """As every listed file is."""
    refused_once_altered(tmp_path, "encoder", encoder_model())
