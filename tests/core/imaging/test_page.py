"""A page of rows: labels near their own row, and letters from the typeface that ships."""

import io

import numpy as np
import pytest
from PIL import Image

from core.imaging import encoding
from core.imaging.page import ABOVE_PX, BELOW_PX, FOOT_PX, INSET_PX, TITLE_PX, TYPEFACE, Row, lay_out
from core.imaging.rendering import enlarge, side_by_side
from core.imaging.styles import LEVELS, Style


@pytest.fixture
def blots() -> np.ndarray:
    """Three images, each with a blot where a digit is."""
    images = np.zeros((3, 28, 28), np.uint8)
    images[:, 6:22, 8:20] = 255
    return images


def inked_lines(page: np.ndarray) -> list[tuple[int, int]]:
    """Return the upper and lower edge of each stretch of rows of pixels that has ink."""
    inked = np.concatenate([[False], (page > 0).any(axis=1), [False]])
    edges = np.flatnonzero(np.diff(inked.astype(int)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def test_a_page_has_a_title_and_a_label_over_each_row(blots: np.ndarray) -> None:
    """From top to bottom: title, rule, and for each row its label and its images."""
    page = np.asarray(lay_out(("4", "seed=7"), [Row("cGAN", "99.5%", blots), Row("VAE", "", blots)]))
    title, rule, first, one, _second, other = inked_lines(page)
    height = TITLE_PX + 2 * (ABOVE_PX + BELOW_PX + one[1] - one[0]) + FOOT_PX
    assert page.shape == (height, enlarge(side_by_side(blots)).width)
    assert rule[1] - rule[0] == 2
    assert one[1] - one[0] == other[1] - other[0] > 3 * (first[1] - first[0])
    assert title[1] - title[0] > first[1] - first[0]


@pytest.mark.parametrize(("upper", "lower"), [(6, 22), (0, 28), (12, 14)])
def test_a_label_is_nearer_to_its_own_row(upper: int, lower: int) -> None:
    """The eye takes a label to the row that it is nearer to, however high the digits are."""
    images = np.zeros((5, 28, 28), np.uint8)
    images[:, upper:lower, 8:20] = 255
    page = np.asarray(lay_out(("4", ""), [Row("cGAN", "", images), Row("deep", "", images)]))
    _title, _rule, _first, one, second, other = inked_lines(page)
    assert second[0] - one[1] > 1.5 * (other[0] - second[1])


def test_a_row_without_ink_is_a_row() -> None:
    """A model that draws nothing has its label all the same."""
    page = np.asarray(lay_out(("4", ""), [Row("VAE", "", np.zeros((5, 28, 28), np.uint8))]))
    assert len(inked_lines(page)) == 3


def test_labels_are_set_in_two_columns(blots: np.ndarray) -> None:
    """Labels begin and notes end at the same distance from the edges in every row."""
    page = np.asarray(lay_out(("4", "seed=7"), [Row("cGAN", "99.5%", blots), Row("VAE", "86.2%", blots)]))
    for upper, lower in inked_lines(page)[2::2]:
        (columns,) = np.nonzero(page[upper:lower].any(axis=0))
        assert abs(int(columns[0]) - INSET_PX) <= 3
        assert abs(page.shape[1] - INSET_PX - int(columns[-1])) <= 4


def test_a_row_without_a_note_has_nothing_at_the_right(blots: np.ndarray) -> None:
    """No score is shown for a model that has none."""
    page = np.asarray(lay_out(("4", ""), [Row("VAE", "", blots)]))
    upper, lower = inked_lines(page)[2]
    assert not page[upper:lower, page.shape[1] // 2 :].any()


@pytest.mark.parametrize("words", ["cGAN 0123456789.%=", "Faltungs-CVAE für große Ziffern", "réseau convolutif à côté"])
def test_the_typeface_has_every_letter_of_a_title(words: str) -> None:
    """No letter comes out as the box that stands for a missing one."""
    from PIL import ImageFont

    font = ImageFont.truetype(TYPEFACE, 30)
    missing = bytes(font.getmask("\ufffe"))
    assert all(bytes(font.getmask(letter)) != missing for letter in words if letter != " ")


@pytest.mark.parametrize("style", Style)
def test_a_page_keeps_to_the_shades(blots: np.ndarray, style: Style) -> None:
    """Four bits a pixel, in every style."""
    file = encoding.page(("4", "seed=7"), [Row("cGAN", "99.5%", blots)], style)
    image = Image.open(io.BytesIO(file.data))
    assert image.mode == "P"
    assert np.asarray(image).max() == LEVELS - 1
    assert (image.info.get("transparency") is not None) == (style is Style.TRANSPARENT)
