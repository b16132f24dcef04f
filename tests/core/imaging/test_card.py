"""Link cards: 1200 x 630 pixels that look good in another site's card."""

import io
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.commands import parser
from core.catalog import Catalog
from core.imaging.card import FOOT_PX, HEIGHT_PX, INSET_PX, LETTERS_PX, WIDTH_PX
from core.imaging.styles import COLOURS, Style
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.strip import StripRequest

LINES = (
    "/digit 4 seed=7",
    "/digit 4 1 seed=7",
    "/digit 8 10 seed=7",
    f"/number {'8' * 20} seed=7",
    "/morph 3 8 seed=7",
)


def drawn(catalog: Catalog, line: str) -> tuple[Image.Image, NDArray[np.bool_]]:
    """Return the card of a line, and where it has ink."""
    request = parser.parse(line)
    assert isinstance(request, PictureRequest)
    image = Image.open(io.BytesIO(draw(catalog, replace(request, form=Form.CARD)).data))
    shades = np.asarray(image)
    return image, shades > shades[0, 0]


def digits(inked: NDArray[np.bool_]) -> int:
    """Count the runs of columns with ink above the words."""
    columns = inked[: HEIGHT_PX - FOOT_PX].any(axis=0)
    return int((np.diff(columns.astype(int), prepend=0) == 1).sum())


@pytest.mark.parametrize("line", [*LINES, "/compare 4 seed=7"])
def test_a_card_has_the_size_that_sites_show_whole(catalog: Catalog, line: str) -> None:
    """The drawing is in the middle, and the edges are background, whatever is drawn."""
    image, inked = drawn(catalog, line)
    assert (image.format, image.size) == ("PNG", (WIDTH_PX, HEIGHT_PX))
    for edge in (
        inked[: INSET_PX - 1],
        inked[LETTERS_PX // 3 - INSET_PX :],
        inked[:, : INSET_PX - 4],
        inked[:, 4 - INSET_PX :],
    ):
        assert not edge.any()
    rows, columns = (np.flatnonzero(inked[: HEIGHT_PX - FOOT_PX].any(axis=axis)) for axis in (1, 0))
    assert abs(columns[0] + columns[-1] - WIDTH_PX) <= 2
    assert abs(rows[0] + rows[-1] - (HEIGHT_PX - FOOT_PX + INSET_PX)) <= 4


def test_a_card_shows_what_was_asked_for(catalog: Catalog) -> None:
    """Five digits of a strip, six steps of a morph, a digit of each of three models."""
    assert digits(drawn(catalog, "/digit 1 seed=7")[1]) == 5
    assert digits(drawn(catalog, "/morph 3 8 seed=7")[1]) == 6
    assert digits(drawn(catalog, "/compare 0 seed=7 models=cgan,cvae,cgan-mlp")[1]) == 3


def test_a_strip_is_larger_on_a_card(catalog: Catalog) -> None:
    """Wide gaps are closed up, so that the digits fill the width."""
    _, inked = drawn(catalog, "/digit 1 seed=7")
    plain = np.asarray(Image.open(io.BytesIO(draw(catalog, StripRequest(1, seed=7)).data))) > 0
    card, strip = (np.flatnonzero(ink.any(axis=1)) for ink in (inked[: HEIGHT_PX - FOOT_PX], plain))
    fitting_the_width = (WIDTH_PX - 2 * INSET_PX) / np.ptp(np.flatnonzero(plain.any(axis=0)))
    assert np.ptp(card) > 1.2 * fitting_the_width * np.ptp(strip)


@pytest.mark.parametrize("style", Style)
def test_a_card_is_opaque_in_every_style(catalog: Catalog, style: Style) -> None:
    """A site shows it on a background of its own."""
    image, _ = drawn(catalog, f"/digit 4 seed=7 style={style}")
    assert image.convert("RGBA").getpixel((0, 0)) == (*COLOURS[style].background, 255)


def test_another_seed_is_said_on_the_card(catalog: Catalog) -> None:
    """Below the drawing stand the model and the seed."""
    words = [drawn(catalog, f"/digit 4 seed={seed}")[1][HEIGHT_PX - FOOT_PX :] for seed in (7, 77)]
    assert words[0][:, : WIDTH_PX // 2].any()
    assert np.array_equal(words[0][:, : WIDTH_PX // 2], words[1][:, : WIDTH_PX // 2])
    assert not np.array_equal(words[0], words[1])
