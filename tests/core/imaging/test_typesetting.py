"""Numbers: in one hand, on one line, evenly set, with every sign that was asked for."""

from itertools import pairwise

import numpy as np
import pytest

from core import latents
from core.catalog import Catalog
from core.generator import one_hot
from core.imaging import pen, typesetting
from core.imaging.pen import BASELINE_PX, CAP_PX, ROW_PX, measure
from core.imaging.typesetting import SIDE_MARGIN_PX, rows_of, write

INKED = 64


def bars(count: int, width: int = 4, height: int = 20) -> np.ndarray:
    """Upright bars of full ink, as digits."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4 : 4 + height, 12 : 12 + width] = 255
    return images


def blobs(page: np.ndarray) -> list[tuple[int, int]]:
    """The first and last columns of what stands apart in a page of one row."""
    columns = np.flatnonzero((page >= INKED).any(axis=0))
    breaks = np.flatnonzero(np.diff(columns) > 1)
    return list(zip(columns[[0, *(breaks + 1)]].tolist(), columns[[*breaks, -1]].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("4", ["4"]),
        ("0001", ["0001"]),
        ("1234567890", ["1234567890"]),
        ("12345678901", ["123456", "78901"]),
        ("12345678901234567890", ["1234567890", "1234567890"]),
        ("+49 30 1234", ["+49 30 1234"]),
        ("1234567 8901234", ["1234567", "8901234"]),
        ("2026-11-20 12:30", ["2026-11-20", "12:30"]),
        ("  1   2 ", ["1 2"]),
        ("- 5", ["- 5"]),
    ],
)
def test_rows_hold_ten_digits_and_break_between_words(text: str, rows: list[str]) -> None:
    """Past ten digits a number goes on below: at a space where there is one, else in even parts."""
    assert rows_of(text) == rows


def test_every_sign_is_there_in_its_order() -> None:
    """As many separate strokes as signs, from left to right."""
    assert len(blobs(write("1-1", bars(2)))) == 3
    assert len(blobs(write("1.1,1", bars(3)))) == 5
    assert len(blobs(write("1:1/1+1", bars(4)))) == 7


def test_gaps_are_even_and_a_space_is_wider() -> None:
    """Between equal digits all gaps are equal, whatever room their images leave; a space adds its own."""
    images = bars(4)
    images[1] = np.roll(images[1], 5, axis=1)  # ink at another place in its box
    page = blobs(write("1 111", images))
    gaps = [after[0] - before[1] for before, after in pairwise(page)]
    assert gaps[1] == gaps[2]
    assert gaps[0] == gaps[1] + typesetting.SPACE_PX


def test_digits_stand_on_one_line_and_are_of_one_height() -> None:
    """A digit that lies high or low in its box, or is a little smaller, is set like the others."""
    images = np.concatenate([bars(1), np.roll(bars(1), 3, axis=1), bars(1, height=16)])
    page = write("111", images) >= INKED
    for first, last in blobs(write("111", images)):
        rows = np.flatnonzero(page[:, first : last + 1].any(axis=1))
        assert (rows[0], rows[-1]) == (BASELINE_PX - CAP_PX, BASELINE_PX - 1)


@pytest.mark.parametrize("mark", sorted(pen.SEGMENTS.keys() | pen.DOTS.keys()))
def test_marks_have_the_stroke_of_the_digits(mark: str) -> None:
    """A mark beside bold digits is bolder than beside fine ones."""
    fine, bold = (write(f"1{mark}1", bars(2, width)) for width in (2, 5))
    assert (
        0 < int(fine.sum()) - int(write("11", bars(2, 2)).sum()) < int(bold.sum()) - int(write("11", bars(2, 5)).sum())
    )


def test_a_pen_is_measured_as_it_was_made() -> None:
    """Bars of four pixels have a stroke of about four; upright ones no slant; sheared ones theirs."""
    assert measure(bars(3)).stroke == pytest.approx(3.5, abs=0.5)
    assert measure(bars(3)).slant == pytest.approx(0, abs=0.01)
    sheared = np.zeros((1, 28, 28), np.uint8)
    for row in range(4, 24):
        start = 18 - row // 2
        sheared[0, row, start : start + 3] = 255
    assert measure(sheared).slant == pytest.approx(-0.5, abs=0.03)


def test_a_page_is_as_large_as_its_rows() -> None:
    """A row is ROW_PX pixels high, with a margin to the left and right of the longest."""
    page = write("12345678901", bars(11))
    assert page.shape[0] == 2 * ROW_PX
    assert not page[:, :SIDE_MARGIN_PX].any()
    assert not page[:, -SIDE_MARGIN_PX:].any()


def test_blank_digits_do_no_harm() -> None:
    """A model that leaves a digit blank costs that digit, and not the number."""
    assert write("1-2", np.zeros((2, 28, 28), np.uint8)).shape[0] == ROW_PX


def hands(catalog: Catalog, name: str, stray: float) -> np.ndarray:
    """How much slant and stroke vary within a number of all ten digits, as a share of what they vary altogether."""
    generator = catalog.find(name).generator
    pens = []
    for seed in range(60):
        images = generator.draw(latents.one_hand(seed, 10, generator.latent_dim, stray), one_hot(tuple(range(10))))
        pens.append([(measure(image[None]).slant, measure(image[None]).stroke) for image in images])
    values = np.array(pens)  # (numbers, digits, 2)
    values = (values - values.mean(axis=0)) / values.std(axis=0)  # an 8 is never as slim as a 1
    within: np.ndarray = np.sqrt(values.var(axis=1, ddof=1).mean(axis=0))
    return within


def test_a_number_is_in_one_hand(catalog: Catalog) -> None:
    """Within a number slant and stroke vary by little more than half of what they do among digits drawn apart."""
    together, apart = (hands(catalog, "cgan", stray) for stray in (0.25, 1.0))
    assert (apart > 0.9).all()
    assert (together < 0.6).all()
