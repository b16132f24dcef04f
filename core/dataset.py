"""A synthetic data set: many images of every digit, in files that others read."""

import csv
import errno
import os
import struct
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np

from core import latents, rejection
from core.errors import InvalidSize
from core.generator import DIGITS, Generator
from core.imaging import encoding
from core.reader import Reader

MAX_EACH = 10_000
"""Images of each digit to train on, at most: with those to test on 92 MB in memory."""
BATCH = 100
PER_TEST = 6
"""Images to train on for one to test on, as in MNIST."""
IMAGES, LABELS = 0x0803, 0x0801
"""Magic numbers of the IDX format (LeCun, Cortes and Burges): bytes, in three dimensions and in one."""
LABELS_FILE = "labels.csv"


class Format(StrEnum):
    """Storage of a data set.

    `IDX` is MNIST's own four files, with images to test on beside those to train on, as
    `torchvision.datasets.MNIST` loads them; `NPZ` is one file of arrays `images` and `labels`; `PNG` is a
    file for each image, and `labels.csv`.
    """

    IDX = "idx"
    NPZ = "npz"
    PNG = "png"


FILES = {
    Format.IDX: ("MNIST/raw/*-ubyte",),
    Format.NPZ: ("digits.npz",),
    Format.PNG: ("[0-9]*-[0-9].png", LABELS_FILE),
}
"""Patterns of the files of a data set, within its folder."""


class DataSetExists(FileExistsError):
    """A folder holds a file of a data set already."""


def check_absent(form: Format, folder: Path) -> None:
    """Check that a folder holds no file of such a data set: an older one or somebody's own is not mixed with another.

    Raises:
        DataSetExists: it does.
    """
    found = next(_files(form, folder), None)
    if found is not None:
        raise DataSetExists(errno.EEXIST, os.strerror(errno.EEXIST), str(found))


def remove(form: Format, folder: Path) -> None:
    """Delete every file of such a data set from a folder.

    Raises:
        OSError: one cannot be deleted.
    """
    for path in list(_files(form, folder)):
        path.unlink()


def _files(form: Format, folder: Path) -> Iterator[Path]:
    return (path for pattern in FILES[form] for path in folder.glob(pattern))


class Dataset:
    """Labelled images, drawn a batch at a time.

    Args:
        generator: the model that draws.
        each: images of each digit to train on, 1..10,000.
        seed: 0..2**32 - 1; image i depends on (seed, i) alone, its digit being the last figure of i.
        truncation: as in `Generator.draw`.
        test: draw a sixth as many more, to test on.
        reader: images that it doubts are drawn again; None takes them as they come.

    Raises:
        InvalidSize: `each` is out of its range.
    """

    def __init__(
        self,
        generator: Generator,
        each: int,
        seed: int,
        truncation: float,
        *,
        test: bool,
        reader: Reader | None = None,
    ) -> None:
        if not 1 <= each <= MAX_EACH:
            raise InvalidSize(each)
        self._generator, self._seed, self._truncation, self._reader = generator, seed, truncation, reader
        self._train = DIGITS * each
        self.size = self._train + (DIGITS * max(1, each // PER_TEST) if test else 0)
        self.images = np.empty((self.size, 28, 28), np.uint8)
        self.labels = (np.arange(self.size) % DIGITS).astype(np.uint8)

    def draw(self) -> Iterator[int]:
        """Draw everything; yields after each batch how many images it had."""
        for start in range(0, self.size, BATCH):
            part = slice(start, start + BATCH)
            digits = tuple(self.labels[part].tolist())
            rows = partial(latents.independent, self._seed, len(digits), self._generator.latent_dim, start=start)
            self.images[part], _ = rejection.draw(self._generator, self._reader, rows, digits, self._truncation)
            yield len(digits)

    def write(self, form: Format, folder: Path) -> Path:
        """Write what was drawn; returns the file, or the folder of the files.

        Raises:
            OSError: `folder` cannot be written to.
        """
        folder.mkdir(parents=True, exist_ok=True)
        match form:
            case Format.IDX:
                return self._write_idx(folder / "MNIST" / "raw")
            case Format.NPZ:
                path = folder / "digits.npz"
                np.savez_compressed(path, images=self.images, labels=self.labels)
                return path
            case Format.PNG:
                return self._write_png(folder)

    def _write_idx(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in (("train", slice(None, self._train)), ("t10k", slice(self._train, None))):
            images, labels = self.images[part], self.labels[part]
            header = struct.pack(">4I", IMAGES, *images.shape)
            (folder / f"{name}-images-idx3-ubyte").write_bytes(header + images.tobytes())
            header = struct.pack(">2I", LABELS, len(labels))
            (folder / f"{name}-labels-idx1-ubyte").write_bytes(header + labels.tobytes())
        return folder

    def _write_png(self, folder: Path) -> Path:
        with (folder / LABELS_FILE).open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["file", "digit"])
            for index, (image, label) in enumerate(zip(self.images, self.labels.tolist(), strict=True)):
                name = f"{index:06}-{label}.png"
                (folder / name).write_bytes(encoding.original(image[None]).data)
                writer.writerow([name, label])
        return folder
