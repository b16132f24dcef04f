"""Numbers: in one hand, on one line, evenly set, with every sign that was asked for."""

from itertools import pairwise

import numpy as np
import pytest

from core import latents
from core.catalog import Catalog
from core.generator import one_hot
from core.imaging import typesetting
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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1" * 10, [10]),
        ("1" * 11, [6, 5]),
        ("1" * 13, [7, 6]),
        ("1" * 19, [10, 9]),
        ("1" * 20, [10, 10]),
        ("1 " + "1" * 19, [1, 10, 9]),
        ("1234567890 1", [10, 1]),
        ("1 1234567890", [1, 10]),
        ("1 2222222222 3", [1, 10, 1]),
        ("1234567890 12345 67890", [10, 10]),
        ("123 12345678 12 3456789", [3, 10, 7]),
    ],
)
def test_rows_are_even_and_full_where_they_can_be(text: str, rows: list[int]) -> None:
    """As few rows as ten digits each allow, with about as many digits in each."""
    assert [sum(sign.isdecimal() for sign in row) for row in rows_of(text)] == rows


@pytest.mark.parametrize("columns", [slice(0, 3), slice(25, 28)], ids=["left", "right"])
def test_a_digit_at_the_edge_of_its_image_is_whole(columns: slice) -> None:
    """Ink in the first or last column is neither cut off nor set on the other side."""
    at_edge, amid = np.zeros((2, 28, 28), np.uint8), np.zeros((2, 28, 28), np.uint8)
    at_edge[:, 4:24, columns] = 255
    amid[:, 4:24, 12:15] = 255
    pages = [write("11", images) >= 64 for images in (at_edge, amid)]
    assert pages[0].sum() == pages[1].sum()


def test_a_blank_digit_leaves_its_place_and_the_others() -> None:
    """Between two digits that are there, one that the model left blank is a gap."""
    images = np.zeros((3, 28, 28), np.uint8)
    images[[0, 2], 4:24, 12:15] = 255
    page, beside = write("111", images), write("11", images[[0, 2]])
    assert (page >= 64).sum() == (beside >= 64).sum()
    assert page.shape[1] >= beside.shape[1] + 4


def test_digits_keep_their_order_around_a_blank_one() -> None:
    """Of a thin digit, a blank one and a bold one, the thin one stays on the left."""
    images = np.zeros((3, 28, 28), np.uint8)
    images[0, 4:24, 12:14] = images[2, 4:24, 10:18] = 255
    columns = np.flatnonzero((write("111", images) >= 64).any(axis=0))
    widths = [len(part) for part in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)]
    assert widths == [2, 8]


def test_small_digits_grow_and_not_beyond_measure() -> None:
    """A low digit is made as high as the others, up to 1.35 times: a speck stays a speck."""

    def height(rows: int) -> int:
        image = np.zeros((1, 28, 28), np.uint8)
        image[0, 4 : 4 + rows, 12:16] = 255
        return int((write("1", image) >= 128).any(axis=1).sum())

    assert height(20) == 20
    assert height(16) == 20
    assert height(24) in (19, 20, 21)
    assert height(10) in (13, 14)


def test_ten_digits_fill_a_row_words_included() -> None:
    """Words that together have exactly ten digits stand in one row; with an eleventh the last word goes below."""
    assert rows_of("1234567 890") == ["1234567 890"]
    assert rows_of("12345 67890") == ["12345 67890"]
    assert rows_of("12345 678901") == ["12345", "678901"]
    assert rows_of("1 234567890") == ["1 234567890"]


def hook() -> np.ndarray:
    """A seven: a bar at the top, and a stem at its left end, so that what follows is tucked in below the bar."""
    image = np.zeros((28, 28), np.uint8)
    image[4:7, 6:22] = 255
    image[4:24, 6:9] = 255
    return image


@pytest.mark.parametrize("mark", [".", ",", "-"])
def test_a_mark_that_is_tucked_in_erases_no_ink(mark: str) -> None:
    """Under the bar of a 7 the mark stands beside the stem, and digit and mark are both whole."""
    digit, beside = np.stack([hook()]), write(f"7{mark}", np.stack([hook()]))
    alone = write("7", digit)
    left = write(f"{mark}7", digit)
    assert int((beside >= INKED).sum()) == int((left >= INKED).sum()) > int((alone >= INKED).sum())
