"""Strokes come out as from a pen: as wide as they are, whole, and without the bumps of pixels."""

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog
from core.imaging.rendering import BLANK_PX, MARGIN_PX, SCALE, enlarge
from core.imaging.styles import LEVELS
from tests.benchmarks.ink import MAX_SHEET_BYTES, ON_SHEET, before, roughness, sample, sheet, today
from tests.conftest import ROOT

SIDE = 28


def stroke(width: float, slant: float) -> np.ndarray:
    """Draw a straight stroke of a width in pixels, anti-aliased, that moves `slant` pixels right a row."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    distance = np.abs(columns - 14 - slant * (rows - 14)) / np.hypot(1, slant)
    ink = (width / 2 + 0.5 - distance).clip(0, 1)
    ink[:BLANK_PX], ink[-BLANK_PX:] = 0, 0
    return np.rint(255 * ink).astype(np.uint8)


def width(picture: np.ndarray, slant: float) -> float:
    """Return the width of a stroke in the middle of a picture, in pixels of 28."""
    middle = picture[(MARGIN_PX + 10) * SCALE : (MARGIN_PX + 18) * SCALE]
    return float(middle.sum(axis=1).mean() / SCALE / np.hypot(1, slant))


@pytest.mark.parametrize("slant", [0, 0.2, 0.5])
@pytest.mark.parametrize("pen", [2.0, 3.0, 4.0])
def test_a_stroke_keeps_its_width(pen: float, slant: float) -> None:
    """Within a sixth of a pixel of 28, whatever its slant."""
    assert width(today(stroke(pen, slant)), slant) == pytest.approx(pen, abs=0.17)


def test_a_thin_stroke_stays_whole() -> None:
    """A stroke of a pixel and a half has full ink in every row."""
    picture = today(stroke(1.5, 0.3))
    inside = picture[(MARGIN_PX + BLANK_PX + 1) * SCALE : -(MARGIN_PX + BLANK_PX + 1) * SCALE]
    assert inside.max(axis=1).min() > 0.9


def test_a_small_hole_stays_open() -> None:
    """Two pixels across, as in the loop of a 6."""
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[8:20, 8:20] = 255
    image[13:15, 13:15] = 0
    middle = (MARGIN_PX + 14) * SCALE
    assert today(image)[middle - 1 : middle + 1, middle - 1 : middle + 1].max() < 0.2


def test_an_outline_has_half_the_bumps() -> None:
    """Of a leaning stroke, against the bicubic surface of version 0.1."""
    from contourpy import contour_generator

    image = stroke(3, 0.4)
    found = [
        float(np.median(roughness(max(contour_generator(z=render(image)).lines(0.5), key=len))))
        for render in (before, today)
    ]
    assert found[1] < found[0] / 2


def test_a_speck_vanishes() -> None:
    """A lone pixel of half ink is no stroke."""
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[10, 10] = 160
    assert not today(image).any()


def test_shades_fit_four_bits() -> None:
    """Background is 0 and full ink the last shade."""
    picture = np.asarray(enlarge(stroke(3, 0.2)))
    assert (picture.min(), picture.max()) == (0, LEVELS - 1)


def test_the_sheet_of_the_docs_is_of_today(catalog: Catalog) -> None:
    """docs/ink.png shows how strokes are rendered now, to within rounding on another processor, and loads quickly."""
    path = ROOT / "docs" / "ink.png"
    assert path.stat().st_size < MAX_SHEET_BYTES
    with Image.open(path) as shown:
        difference = np.abs(np.asarray(shown).astype(int) - np.asarray(sheet(sample(catalog, ON_SHEET)[0])))
    assert difference.mean() < 0.1
