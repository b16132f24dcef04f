"""The pen of digits, measured, and marks that are written with it."""

import numpy as np
import pytest

from core.imaging import pen
from core.imaging.pen import measure
from core.imaging.typesetting import write
from tests.core.imaging.test_typesetting import INKED, bars


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


@pytest.mark.parametrize("lean", [-1, 1])
@pytest.mark.parametrize("mark", ["+", "/", ":"])
def test_marks_lean_with_the_digits(lean: int, mark: str) -> None:
    """Beside digits that lean to the right a mark leans to the right, and to the left beside those that lean left."""

    def tilt(lean: int) -> float:
        """Columns by which a mark's upper half is to the right of its lower half."""
        image = np.zeros((1, 28, 28), np.uint8)
        for row in range(4, 24):
            start = 12 - lean * (row - 14) // 3
            image[0, row, start : start + 3] = 255
        alone, page = write("1", image), write(f"{mark}1", image).astype(float)
        sign = page[:, : page.shape[1] - alone.shape[1] + 4]
        rows, columns = np.nonzero(sign >= INKED)
        middle = (rows.min() + rows.max()) / 2
        return float(columns[rows < middle].mean() - columns[rows > middle].mean())

    assert lean * (tilt(lean) - tilt(0)) > 1
