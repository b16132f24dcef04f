"""Seeds: the same rows everywhere."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core import latents
from core.pictures.base import draw
from core.pictures.strip import StripRequest
from tests.fakes.recording import RecordingGenerator, catalog_of


def test_a_seed_gives_these_very_latents() -> None:
    """Seeds quoted today draw the same digits with any later version: the stream is pinned here."""
    found = latents.independent(7, 2, 4)
    expected = [[-0.1000841, 0.2541996, -1.1552522, -0.2645465], [-0.6358715, -1.2343868, 1.779518, 0.8088504]]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_every_bit_of_many_latents_is_pinned() -> None:
    """Not one bit of a thousand rows has changed since the first release."""
    found = latents.independent(2**32 - 1, 1000, 64).tobytes()
    assert hashlib.sha256(found).hexdigest() == "c6f635336a110115f3b5275de1c55e77c256ded38970f07742c2d63ab1e480a3"


@pytest.mark.parametrize("count", [1, 5, 10])
def test_a_longer_strip_begins_with_the_shorter_one(count: int) -> None:
    """Image i depends on the seed and on i alone."""
    assert np.array_equal(latents.independent(3, 10, 64)[:count], latents.independent(3, count, 64))


def test_threads_draw_side_by_side() -> None:
    """A photo and a strip are drawn at once, each from the stream of its own seed."""
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda seed: latents.independent(seed, 50, 64), range(40)))
    assert all(np.array_equal(rows, latents.independent(seed, 50, 64)) for seed, rows in enumerate(found))


def test_neighbouring_seeds_share_no_image() -> None:
    """Image 1 of seed 3 is not image 0 of seed 4, nor any other."""
    rows = np.concatenate([latents.independent(seed, 10, 8) for seed in range(100)])
    assert len(np.unique(rows, axis=0)) == 1000


def test_latents_are_standard_normal() -> None:
    """Mean 0, deviation 1, and no correlation between the coordinates."""
    found = latents.independent(1, 20_000, 4)
    assert abs(found.mean()) < 0.01
    assert abs(found.std() - 1) < 0.01
    assert np.abs(np.corrcoef(found.T) - np.eye(4)).max() < 0.03


def test_a_random_digit_is_any_digit_and_follows_the_seed() -> None:
    """`random` draws each digit about equally often, and the same one for the same seed."""
    digits = [latents.random_digit(seed) for seed in range(2000)]
    assert digits == [latents.random_digit(seed) for seed in range(2000)]
    assert np.bincount(digits, minlength=10).min() > 150


def test_digits_share_the_hand_that_is_given() -> None:
    """In place of the seed's; what is their own is that of the seed all the same, for each attempt."""
    hand = np.linspace(-2, 2, 8, dtype=np.float32)
    for attempt in (0, 1):
        rows = latents.one_hand(7, 3, 8, 0.6, attempt, hand=hand)
        own = latents.independent(7, 3, 8, attempt, start=1)
        np.testing.assert_allclose(rows, 0.8 * hand + 0.6 * own, rtol=1e-5)
        assert np.array_equal(rows[:2], latents.one_hand(7, 2, 8, 0.6, attempt, hand=hand))
    drawn = latents.independent(7, 1, 8)[0]
    assert np.array_equal(latents.one_hand(7, 3, 8, 0.6, hand=drawn), latents.one_hand(7, 3, 8, 0.6))


RANDOM_DIGITS = [3, 5, 6, 4, 7, 3, 9, 9, 4, 8, 2, 8, 7, 1, 2, 0, 1, 1, 7, 4]
"""The digits that `random` is with seeds 0..19, in version 0.1."""


def test_a_seed_picks_the_same_random_digit_for_good() -> None:
    """`random` with a seed that somebody noted is the digit that it was."""
    assert [latents.random_digit(seed) for seed in range(20)] == RANDOM_DIGITS
    picture = draw(catalog_of(RecordingGenerator()), StripRequest(None, seed=15))
    assert picture.request.digits == (0,) * 5
