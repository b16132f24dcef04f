"""Numbers: digits of one hand, as varied as any others."""

import io

import numpy as np
import pytest
from PIL import Image

from core import latents
from core.catalog import Catalog
from core.errors import (
    InvalidNumber,
    NumberTooLong,
)
from core.hand import from_token
from core.pictures.base import Form, draw
from core.pictures.number import OWN_SHARE, NumberRequest
from tests.core.pictures.test_base import DIM, HAND
from tests.fakes.recording import RecordingGenerator, catalog_of
from tests.golden.weights import DEFAULT


def test_one_number_is_one_hand_whatever_follows(catalog: Catalog) -> None:
    """The first digits of a longer number are those of the shorter one."""
    short, long = (draw(catalog, NumberRequest(text, seed=7, form=Form.ORIGINAL)).data for text in ("20", "2026"))
    pixels = [np.asarray(Image.open(io.BytesIO(data))) for data in (short, long)]
    assert (pixels[1][:, :56].astype(int) - pixels[0] <= 1).all()


def test_equal_digits_of_a_number_differ(catalog: Catalog) -> None:
    """No two twos of a number are the same picture."""
    data = draw(catalog, NumberRequest("22", seed=7, form=Form.ORIGINAL)).data
    pixels = np.asarray(Image.open(io.BytesIO(data))).astype(float)
    assert np.abs(pixels[:, :28] - pixels[:, 28:]).mean() > 2


@pytest.mark.parametrize("text", ["", " ", "-", "12a", "1%", "٤", "1\n2"])
def test_a_number_has_a_digit_and_no_strange_sign(text: str) -> None:
    """Digits in ASCII, the marks that can be drawn, and spaces; adapters bring other scripts into that form."""
    with pytest.raises(InvalidNumber):
        NumberRequest(text)


@pytest.mark.parametrize("text", ["1" * 21, "1 " * 13 + "1"])
def test_a_number_has_an_end(text: str) -> None:
    """Neither 21 digits nor 27 characters."""
    with pytest.raises(NumberTooLong):
        NumberRequest(text)


def test_the_longest_numbers_are_numbers() -> None:
    """Twenty digits, and 26 characters."""
    assert len(NumberRequest("1" * 20 + " " * 6).digits) == 20


def test_a_number_is_mostly_its_hand(models: Catalog) -> None:
    """Each digit's latent is the hand and a share of its own, from the seed."""
    request = NumberRequest("11", seed=7, hand=HAND, form=Form.ORIGINAL)
    with Image.open(io.BytesIO(draw(models, request).data)) as picture:
        found = np.asarray(picture).reshape(28, 2, 28).swapaxes(0, 1)
    rows = latents.one_hand(7, 2, DIM, OWN_SHARE, hand=from_token(HAND, DIM))
    digits = np.zeros((2, 10), np.float32)
    digits[:, 1] = 1
    assert np.array_equal(found, models.find(DEFAULT).generator.draw(rows, digits))


SEEDS = range(40)


@pytest.mark.parametrize("text", ["8", "2026", "31415926535897932384"])
def test_digits_of_a_number_are_as_varied_as_any_others(text: str) -> None:
    """Sharing a hand makes no digit tamer or wilder: each latent value has a variance of 1 over many seeds."""
    generator = RecordingGenerator()
    for seed in SEEDS:
        draw(catalog_of(generator), NumberRequest(text, seed=seed, form=Form.ORIGINAL))
    assert np.stack(generator.latents).var(axis=(0, 2)) == pytest.approx(np.ones(len(text)), abs=0.1)


def test_digits_of_a_number_share_fifteen_sixteenths_of_a_hand() -> None:
    """Two digits of a number have latents that correlate by 0.94: one hand, and yet no two equal digits."""
    generator = RecordingGenerator()
    for seed in SEEDS:
        draw(catalog_of(generator), NumberRequest("2222", seed=seed, form=Form.ORIGINAL))
    values = np.stack(generator.latents).swapaxes(0, 1).reshape(4, -1)
    apart = np.corrcoef(values)[np.triu_indices(4, 1)]
    assert apart == pytest.approx(np.full(6, 0.9375), abs=0.01)
