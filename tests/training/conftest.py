"""Synthetic digits in MNIST's own files, so that training is tested without the real ones."""

import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont

from training import train
from training.export.__main__ import main as export_main

TRAIN, TEST = 480, 100
METADATA = {"name": "x", "family": "x", "title": "X", "license": "MIT", "data": "none", "commit": "none"}


def printed_digits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Printed digits, each a little elsewhere: uint8 (count, 28, 28) and labels uint8 (count,)."""
    random = np.random.RandomState(seed)
    font = ImageFont.load_default(size=22)
    labels = np.arange(count, dtype=np.uint8) % 10
    images = np.zeros((count, 28, 28), np.uint8)
    for index, label in enumerate(labels):
        image = Image.new("L", (28, 28))
        place = (8 + random.randint(-3, 4), 1 + random.randint(-2, 3))
        ImageDraw.Draw(image).text(place, str(label), fill=255, font=font)
        images[index] = np.asarray(image)
    return images, labels


def write_idx(path: Path, values: np.ndarray) -> None:
    """Write an array in the IDX format of MNIST."""
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    path.write_bytes(header + values.tobytes())


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as torchvision lays it out, with 480 training and 100 test images."""
    root = tmp_path_factory.mktemp("data")
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, count, seed in (("train", TRAIN, 1), ("t10k", TEST, 2)):
        images, labels = printed_digits(count, seed)
        write_idx(raw / f"{name}-images-idx3-ubyte", images)
        write_idx(raw / f"{name}-labels-idx1-ubyte", labels)
    return root


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Exact repetition is promised for a given number of threads."""
    torch.set_num_threads(1)


def arguments(data: Path, out: Path, *more: str) -> list[str]:
    """A tiny run on the CPU, on one thread."""
    return ["--preset", "tiny", "--device", "cpu", "--threads", "1", "--data", str(data), "--out", str(out), *more]


@pytest.fixture(scope="session")
def undisturbed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny run that was left alone."""
    folder = tmp_path_factory.mktemp("runs") / "undisturbed"
    assert train.main(arguments(data, folder)) == 0
    return folder


@pytest.fixture(scope="session")
def weights(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights folder with a tiny model, made by the commands that a user types."""
    folder = tmp_path_factory.mktemp("export")
    assert train.main([*arguments(data, folder / "run"), "--set", "steps=5"]) == 0
    assert export_main([str(folder / "run"), "--weights", str(folder / "weights")]) == 0
    return folder / "weights"
