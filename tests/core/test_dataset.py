"""Data sets: labelled right, repeatable, and in forms that others read."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog
from core.dataset import MAX_EACH, Dataset, Format
from core.errors import (
    InvalidSize,
)
from tests.fakes.recording import RecordingGenerator


def drawn(catalog: Catalog, each: int = 3, seed: int = 7, *, test: bool = False) -> Dataset:
    """A small data set."""
    dataset = Dataset(catalog.find(None).generator, each, seed, 1.0, test=test)
    assert sum(dataset.draw()) == dataset.size
    return dataset


def test_each_digit_comes_as_often_as_was_asked_for(catalog: Catalog) -> None:
    """So many images of each digit, taking turns."""
    dataset = drawn(catalog, each=12)
    assert np.bincount(dataset.labels).tolist() == [12] * 10
    assert dataset.labels[:12].tolist() == [*range(10), 0, 1]


def test_a_seed_gives_the_same_set_and_a_longer_one_begins_with_it(catalog: Catalog) -> None:
    """Image i depends on the seed and i alone."""
    short, long = drawn(catalog, each=3), drawn(catalog, each=12)
    assert np.abs(short.images.astype(int) - long.images[:30]).max() <= 1
    assert (short.images != drawn(catalog, seed=8).images).any()


def test_idx_is_what_mnist_is(catalog: Catalog, tmp_path: Path) -> None:
    """Four files of the IDX format, with a sixth as many images to test on as to train on."""
    dataset = drawn(catalog, each=12, test=True)
    folder = dataset.write(Format.IDX, tmp_path)
    assert folder == tmp_path / "MNIST" / "raw"
    for name, size in (("train", 120), ("t10k", 20)):
        images = (folder / f"{name}-images-idx3-ubyte").read_bytes()
        labels = (folder / f"{name}-labels-idx1-ubyte").read_bytes()
        assert struct.unpack(">4I", images[:16]) == (0x803, size, 28, 28)
        assert struct.unpack(">2I", labels[:8]) == (0x801, size)
        assert (len(images), len(labels)) == (16 + size * 784, 8 + size)
    assert images[16:] == dataset.images[120:].tobytes()


def test_npz_holds_images_and_labels(catalog: Catalog, tmp_path: Path) -> None:
    """One file, which NumPy opens."""
    dataset = drawn(catalog)
    with np.load(dataset.write(Format.NPZ, tmp_path / "new" / "folder")) as file:
        assert (file["images"] == dataset.images).all()
        assert (file["labels"] == dataset.labels).all()


def test_png_is_a_file_for_each_image(catalog: Catalog, tmp_path: Path) -> None:
    """Every image in a file of its own, and a table of what it shows."""
    dataset = drawn(catalog)
    folder = dataset.write(Format.PNG, tmp_path)
    lines = (folder / "labels.csv").read_text().splitlines()
    assert lines[:2] == ["file,digit", "000000-0.png,0"]
    assert len(lines) == 31
    for index, line in enumerate(lines[1:]):
        assert (np.asarray(Image.open(folder / line.split(",")[0])) == dataset.images[index]).all()


@pytest.mark.parametrize("each", [0, -1, MAX_EACH + 1])
def test_a_set_of_no_size_or_too_large_is_refused(catalog: Catalog, each: int) -> None:
    """From one image of each digit to ten thousand."""
    with pytest.raises(InvalidSize):
        drawn(catalog, each=each)


@pytest.mark.parametrize("each", [1, 10_000])
def test_the_smallest_and_the_largest_data_set_can_be_had(each: int) -> None:
    """One image of each digit, or ten thousand."""
    assert Dataset(RecordingGenerator(), each, 7, 1.0, test=False).size == 10 * each


@pytest.mark.parametrize(("each", "tests"), [(1, 10), (5, 10), (6, 10), (11, 10), (12, 20), (60, 100)])
def test_every_data_set_has_images_to_test_on(each: int, tests: int) -> None:
    """A sixth as many as to train on, rounded down, and of each digit at least one."""
    dataset = Dataset(RecordingGenerator(), each, 7, 1.0, test=True)
    assert dataset.size == 10 * each + tests
    assert Dataset(RecordingGenerator(), each, 7, 1.0, test=False).size == 10 * each
    assert np.bincount(dataset.labels[10 * each :], minlength=10).tolist() == [tests // 10] * 10


def test_a_data_set_of_five_can_be_loaded_for_testing(tmp_path: Path) -> None:
    """Its test files hold ten images of 28 x 28 with their labels."""
    dataset = Dataset(RecordingGenerator(), 5, 7, 1.0, test=True)
    assert sum(dataset.draw()) == 60
    folder = dataset.write(Format.IDX, tmp_path)
    assert (folder / "t10k-images-idx3-ubyte").stat().st_size == 16 + 10 * 784
    assert (folder / "t10k-labels-idx1-ubyte").read_bytes()[8:] == bytes(range(10))
