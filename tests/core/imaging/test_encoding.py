"""Pictures: crisp, even, small, and faithful where they promise to be."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog
from core.imaging import encoding
from core.imaging.rendering import MARGIN_PX, SCALE, side_by_side
from core.imaging.styles import COLOURS, Style
from core.pictures.base import Form, draw
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.core.pictures.files import image_of


@pytest.fixture
def blots() -> np.ndarray:
    """Five images, each with a square of full ink in its middle."""
    images = np.zeros((5, 28, 28), np.uint8)
    images[:, 9:19, 9:19] = 255
    return images


def test_a_strip_is_as_large_as_it_says(blots: np.ndarray) -> None:
    """The size that comes with a strip is that of the file."""
    file = encoding.png(side_by_side(blots), Style.CHALK)
    image = Image.open(io.BytesIO(file.data))
    assert (image.format, file.media_type) == ("PNG", "image/png")
    assert image.size == (file.width, file.height) == ((5 * 28 + 2 * MARGIN_PX) * SCALE, (28 + 2 * MARGIN_PX) * SCALE)


@pytest.mark.parametrize("style", Style)
def test_a_strip_shows_the_colours_of_ink_and_background(blots: np.ndarray, style: Style) -> None:
    """Full ink and no ink come out exactly; all styles but one hide what is behind them."""
    image = Image.open(io.BytesIO(encoding.png(side_by_side(blots), style).data))
    colours = COLOURS[style]
    assert ("transparency" in image.info) == (not colours.opaque)
    pixels = np.asarray(image.convert("RGBA"))
    middle = (MARGIN_PX + 14) * SCALE
    assert tuple(pixels[middle, middle]) == (*colours.ink, 255)
    if colours.opaque:
        assert tuple(pixels[0, 0]) == (*colours.background, 255)
    else:
        assert pixels[0, 0, 3] == 0


def test_margins_are_even(blots: np.ndarray) -> None:
    """The five images are spaced evenly and the strip is symmetric, up and down, left and right."""
    data = encoding.png(side_by_side(blots), Style.CHALK).data
    ink = np.asarray(Image.open(io.BytesIO(data)).convert("L")).astype(int)
    assert np.abs(ink - ink[:, ::-1]).max() <= 18
    assert np.abs(ink - ink[::-1]).max() <= 18
    columns = np.flatnonzero((ink > 128).any(axis=0))
    starts = columns[np.flatnonzero(np.diff(columns, prepend=-2) > 1)]
    assert np.diff(starts).tolist() == [28 * SCALE] * 4


def test_a_jpeg_shows_what_the_strip_shows(blots: np.ndarray) -> None:
    """The JPEG is the strip to within what the eye sees, and small enough for any platform."""
    row = side_by_side(blots)
    file, png = encoding.jpeg(row, Style.CHALK), Image.open(io.BytesIO(encoding.png(row, Style.CHALK).data))
    image = Image.open(io.BytesIO(file.data))
    assert (image.format, file.media_type) == ("JPEG", "image/jpeg")
    assert image.size == (file.width, file.height) == png.size
    difference = np.abs(np.asarray(image).astype(int) - np.asarray(png.convert("RGB")).astype(int))
    assert difference.mean() < 1
    assert len(file.data) < 100_000


def test_originals_keep_every_pixel() -> None:
    """The original of a request holds the generator's very values, side by side."""
    images = np.random.RandomState(0).randint(0, 256, (3, 28, 28)).astype(np.uint8)
    file = encoding.original(images)
    pixels = np.asarray(Image.open(io.BytesIO(file.data)))
    assert pixels.shape == (file.height, file.width) == (28, 84)
    assert all(np.array_equal(pixels[:, 28 * i : 28 * (i + 1)], images[i]) for i in range(3))


def test_a_sheet_has_its_rows_in_order() -> None:
    """Image k of a sheet stands in row k // columns, column k % columns."""
    images = np.arange(6, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8) * 40
    pixels = np.asarray(Image.open(io.BytesIO(encoding.sheet(images, columns=3))))
    assert pixels.shape == (60, 90)
    assert [[pixels[15 + 30 * r, 15 + 30 * c] // 40 for c in range(3)] for r in range(2)] == [[0, 1, 2], [3, 4, 5]]


def test_an_archive_is_the_same_each_time(blots: np.ndarray) -> None:
    """No clock gets into a ZIP: the same images are the same bytes."""
    assert encoding.archive(blots, [4] * 5) == encoding.archive(blots.copy(), (4,) * 5)


@pytest.mark.parametrize("style", Style)
def test_an_animation_keeps_its_frames_and_their_times(blots: np.ndarray, style: Style) -> None:
    """Each frame is there, for as long as it was meant to be, and shows its own image and no other's."""
    frames = np.stack([np.roll(blots[0], shift, axis=1) for shift in (-6, 0, 6)])
    file = encoding.animation(frames, [40, 400, 40], style)
    image = Image.open(io.BytesIO(file.data))
    assert (image.n_frames, image.size) == (3, (file.width, file.height))
    for index, (frame, shown) in enumerate(zip(frames, (40, 400, 40), strict=True)):
        image.seek(index)
        assert image.info["duration"] == shown
        still = Image.open(io.BytesIO(encoding.png(frame, style).data)).convert("RGBA")
        difference = np.asarray(image.convert("RGBA")).astype(int) - np.asarray(still).astype(int)
        # On glass the edge is cut, because GIF has no half transparency.
        assert (np.abs(difference).max(axis=2) > 8).mean() < (0.02 if COLOURS[style].opaque else 0.06)


def test_a_jpeg_keeps_the_colours_of_edges(catalog: Catalog) -> None:
    """The blue of a stroke ends where the stroke ends: at full resolution, without a rim around it."""
    colours = []
    for form in (Form.PICTURE, Form.JPEG):
        image = image_of(draw(catalog, StripRequest(4, seed=7, style=Style.TRANSPARENT, form=form)).data).convert(
            "RGBA"
        )
        page = Image.new("RGBA", image.size, "white")
        page.alpha_composite(image)
        colours.append(np.asarray(page.convert("RGB").convert("YCbCr")).astype(float)[..., 1:])
    off = np.abs(colours[0] - colours[1]).max(axis=2)
    # At half resolution a hundredth of all pixels is off by six levels or more.
    assert np.quantile(off, 0.99) < 5


def test_an_archive_knows_no_clock(catalog: Catalog) -> None:
    """Every file in a ZIP is of the oldest day that a ZIP can name: the same picture is the same file tomorrow."""
    asked = NumberRequest("20", seed=7, form=Form.ARCHIVE)
    with zipfile.ZipFile(io.BytesIO(draw(catalog, asked).data)) as archive:
        assert [entry.filename for entry in archive.infolist()] == ["00-2.png", "01-0.png", "labels.csv"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
