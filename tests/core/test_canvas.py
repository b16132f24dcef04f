"""Pictures: crisp, even, small, and faithful where they promise to be."""

import io

import numpy as np
import pytest
from PIL import Image

from core import canvas
from core.canvas import BACKGROUND, INK, MARGIN, SCALE


@pytest.fixture
def blots() -> np.ndarray:
    """Five images, each with a square of full ink in its middle."""
    images = np.zeros((5, 28, 28), np.uint8)
    images[:, 9:19, 9:19] = 255
    return images


def test_a_strip_is_as_large_as_it_says(blots: np.ndarray) -> None:
    """The size that comes with a strip is that of the file."""
    data, width, height = canvas.strip(blots)
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    assert image.size == (width, height) == ((5 * 28 + 2 * MARGIN) * SCALE, (28 + 2 * MARGIN) * SCALE)


def test_a_strip_shows_the_colours_of_ink_and_background(blots: np.ndarray) -> None:
    """Full ink and no ink come out exactly, and the strip is opaque, so that any theme shows it alike."""
    image = Image.open(io.BytesIO(canvas.strip(blots)[0]))
    assert "transparency" not in image.info
    pixels = np.asarray(image.convert("RGB"))
    assert tuple(pixels[0, 0]) == BACKGROUND
    middle = (MARGIN + 14) * SCALE
    assert tuple(pixels[middle, middle]) == INK


def test_margins_are_even(blots: np.ndarray) -> None:
    """The five images are spaced evenly and the strip is symmetric, up and down, left and right."""
    ink = np.asarray(Image.open(io.BytesIO(canvas.strip(blots)[0])).convert("L")).astype(int)
    assert np.abs(ink - ink[:, ::-1]).max() <= 18
    assert np.abs(ink - ink[::-1]).max() <= 18
    columns = np.flatnonzero((ink > 128).any(axis=0))
    starts = columns[np.flatnonzero(np.diff(columns, prepend=-2) > 1)]
    assert np.diff(starts).tolist() == [28 * SCALE] * 4


def test_a_jpeg_shows_what_the_strip_shows(blots: np.ndarray) -> None:
    """The JPEG is the strip to within what the eye sees, and small enough for any platform."""
    data, width, height = canvas.jpeg(blots)
    image, png = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(canvas.strip(blots)[0]))
    assert image.format == "JPEG"
    assert image.size == (width, height) == png.size
    difference = np.abs(np.asarray(image).astype(int) - np.asarray(png.convert("RGB")).astype(int))
    assert difference.mean() < 1
    assert len(data) < 100_000


def test_originals_keep_every_pixel() -> None:
    """The original of a request holds the generator's very values, side by side."""
    images = np.random.RandomState(0).randint(0, 256, (3, 28, 28)).astype(np.uint8)
    data, width, height = canvas.original(images)
    pixels = np.asarray(Image.open(io.BytesIO(data)))
    assert pixels.shape == (height, width) == (28, 84)
    assert all(np.array_equal(pixels[:, 28 * i : 28 * (i + 1)], images[i]) for i in range(3))


def test_a_sheet_has_its_rows_in_order() -> None:
    """Image k of a sheet stands in row k // columns, column k % columns."""
    images = np.arange(6, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8) * 40
    pixels = np.asarray(Image.open(io.BytesIO(canvas.sheet(images, columns=3))))
    assert pixels.shape == (60, 90)
    assert [[pixels[15 + 30 * r, 15 + 30 * c] // 40 for c in range(3)] for r in range(2)] == [[0, 1, 2], [3, 4, 5]]
