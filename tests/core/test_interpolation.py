"""Morphs: an even walk that ends where it began."""

import numpy as np
import pytest

from core import latents
from core.catalog import Catalog
from core.interpolation import FRAME_MS, MOVING_MS, RESTING_MS, Interpolation, _Path
from core.pictures.morph import OWN_SHARE as MORPH_OWN_SHARE


def walked(catalog: Catalog, stations: tuple[int, ...], seed: int = 7, name: str = "cgan") -> Interpolation:
    """A walk of a model that ships."""
    generator = catalog.find(name).generator
    rows = latents.one_hand(seed, len(stations), generator.latent_dim, MORPH_OWN_SHARE)
    return Interpolation(generator, stations, rows, 1.0)


@pytest.mark.parametrize("stations", [(3, 8), (2, 0, 2, 6), (4, 4, 4), (0, 1, 2, 3, 4, 5)])
def test_a_walk_takes_two_to_four_seconds(catalog: Catalog, stations: tuple[int, ...]) -> None:
    """However many digits there are, a loop is neither hasty nor dull."""
    walk = walked(catalog, stations)
    assert len(walk.frames) == len(walk.durations_ms) == len(walk.digits)
    assert 2000 <= sum(walk.durations_ms) <= 4000
    assert sum(walk.durations_ms) == pytest.approx(MOVING_MS + RESTING_MS, abs=200)
    assert min(walk.durations_ms) == FRAME_MS


@pytest.mark.parametrize("seed", range(5))
def test_no_step_is_much_larger_than_the_others(catalog: Catalog, seed: int) -> None:
    """On each leg, the one that closes the loop included, every step changes about as much as the others do."""
    for name in catalog.names:
        frames = walked(catalog, (3, 8), seed, name).frames.astype(float)
        changes = np.abs(np.diff(frames, axis=0, append=frames[:1])).mean(axis=(1, 2)).reshape(2, -1)
        assert (changes.max(axis=1) < 1.6 * changes.mean(axis=1) + 0.2).all()
        assert changes.max() < 8  # of 255, a pixel


def test_a_walk_passes_its_digits_in_order(catalog: Catalog) -> None:
    """Each station is drawn as that very digit, and its frame is held longer."""
    walk = walked(catalog, (3, 8, 1))
    generator = catalog.find(None).generator
    held = [index for index, shown in enumerate(walk.durations_ms) if shown > FRAME_MS]
    assert [walk.digits[index] for index in held] == [3, 8, 1]
    rows = latents.one_hand(7, 3, generator.latent_dim, MORPH_OWN_SHARE)
    stations = generator.draw(rows, np.eye(10, dtype=np.float32)[[3, 8, 1]]).astype(int)
    assert np.abs(walk.frames[held].astype(int) - stations).max() <= 1


def test_latents_keep_their_length_on_the_way() -> None:
    """Half-way between two rows of equal length is one of that length, and the digits' weights sum to 1."""
    ends = latents.independent(7, 2, 64)
    ends /= np.linalg.norm(ends, axis=1, keepdims=True)
    rows, digits = _Path(np.eye(10, dtype=np.float32)[[3, 8]], ends).at(np.linspace(0, 2, 33))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(33), abs=1e-5)
    assert digits.sum(axis=1) == pytest.approx(np.ones(33), abs=1e-6)
    assert rows[0] == pytest.approx(rows[-1], abs=1e-6)


def test_equal_latents_are_no_trouble() -> None:
    """A way of no length has no direction, and is walked all the same."""
    rows, _ = _Path(np.eye(10, dtype=np.float32)[[3, 8]], np.ones((2, 4), np.float32)).at(np.linspace(0, 2, 9))
    assert rows == pytest.approx(np.ones((9, 4)), abs=1e-5)
