"""Walks through the latent space: the same everywhere, on the sphere, and from the seed's own latents."""

import io
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core import latents, walk
from core.catalog import Catalog
from core.errors import InvalidWalk
from core.pictures.base import Form, draw
from core.pictures.strip import StripRequest

SEED, DIM = 7, 64
PLACES = [(0.3, -0.5), (1, 0), (0, -1), (1, 1), (-1, 0.5)]


def rows(count: int = 10) -> NDArray[np.float32]:
    """Return the latents of a strip."""
    return latents.independent(SEED, count, DIM)


def images(catalog: Catalog, place: walk.Place) -> NDArray[np.float64]:
    """Return the untouched images of a strip, of which the reader doubts one at the start: (5, 28, 28)."""
    picture = draw(catalog, StripRequest(4, seed=0, walk=place, form=Form.ORIGINAL))
    with Image.open(io.BytesIO(picture.data)) as row:
        return np.asarray(row, float).reshape(28, 5, 28).swapaxes(0, 1)


def turned(place: walk.Place) -> NDArray[np.float64]:
    """Return the angles by which a place turns the latents."""
    before, after = rows(), walk.move(rows(), SEED, place)
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return np.arccos((before * after).sum(axis=1) / lengths)


def test_a_place_has_these_very_latents() -> None:
    """A link to a place shows the same with any later version: directions and steps are pinned here."""
    first, other = walk.directions(SEED, 4)
    np.testing.assert_allclose(first, [0.22254573, 0.51552318, -0.56257819, -0.60680725], rtol=1e-6)
    np.testing.assert_allclose(other, [0.7668978, 0.07637132, 0.60118249, -0.21122216], rtol=1e-6)
    found = walk.move(latents.independent(SEED, 2, 4), SEED, (0.3, -0.5))
    expected = [[-0.4373703, 0.2494743, -1.0882385, -0.2035523], [-1.5307522, -1.247429, 1.0810095, 0.8252893]]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_start_is_the_seeds_own_picture(catalog: Catalog) -> None:
    """Without a step not one byte changes: neither of latents nor of a strip whose images were drawn again."""
    assert np.array_equal(walk.move(rows(), SEED, walk.START), rows())
    strips = [draw(catalog, StripRequest(4, seed=0, **more)) for more in ({}, {"walk": (0.0, 0.0)}, {"walk": (0, 0.3)})]
    assert strips[0].data == strips[1].data != strips[2].data


@pytest.mark.parametrize("place", PLACES)
def test_no_latent_changes_its_length(place: walk.Place) -> None:
    """Steps stay on the sphere, so that images are as clear as elsewhere; none goes farther than the edge."""
    moved = walk.move(rows(), SEED, place)
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), np.linalg.norm(rows(), axis=1), rtol=1e-5)
    assert turned(place).max() <= walk.EDGE_RADIANS + 1e-6


def test_a_corner_is_as_far_as_an_edge() -> None:
    """Wherever one leaves the square: nearly all of the way there is the latent's to go, whatever its direction."""
    for place in ((1, 0), (0, -1), (1, 1), (-1, 1)):
        assert turned(place).mean() > 0.95 * walk.EDGE_RADIANS
    assert turned((0.5, 0)).mean() == pytest.approx(walk.EDGE_RADIANS / 2, rel=0.05)


@pytest.mark.parametrize("place", PLACES)
def test_a_longer_strip_begins_with_the_shorter_one(place: walk.Place) -> None:
    """Image i depends on seed, place and i alone, to the last bit."""
    for count in (1, 5):
        assert np.array_equal(walk.move(rows(count), SEED, place), walk.move(rows(), SEED, place)[:count])


def test_two_seeds_walk_their_own_ways() -> None:
    """Their directions have nothing in common; the two of one seed are at a right angle, and of length 1."""
    found = np.concatenate([walk.directions(seed, DIM) for seed in (SEED, SEED + 1)])
    np.testing.assert_allclose(found[:2] @ found[:2].T, np.eye(2), atol=1e-12)
    assert np.abs(found[:2] @ found[2:].T).max() < 0.5


def test_a_latent_of_one_value_walks_too() -> None:
    """There is no way to turn: it stays, and nothing is divided by 0."""
    row = latents.independent(SEED, 3, 1)
    np.testing.assert_allclose(walk.move(row, SEED, (1, 1)), row, rtol=1e-6)


def test_no_image_jumps_along_the_way(catalog: Catalog) -> None:
    """Small steps change each image a little, also one that the reader doubts: it is chosen at the start alone."""
    way = [images(catalog, (share, 0.0)) for share in np.linspace(0, 1, 41)]
    steps = np.abs(np.diff(way, axis=0)).mean(axis=(2, 3))
    # Of 255 shades; drawn again where the reader doubts a step, an image changes by 28 at once.
    assert steps.max() < 8
    assert np.abs(way[-1] - way[0]).mean() > 20


@pytest.mark.parametrize("place", [(1.01, 0), (0, -2), (math.nan, 0), (0, math.inf)])
def test_a_place_off_the_pad_is_refused(place: walk.Place) -> None:
    """Numbers are -1 to 1, and the error has both as they are written."""
    with pytest.raises(InvalidWalk) as caught:
        StripRequest(4, walk=place)
    assert str(caught.value.value) == ",".join(f"{share:g}" for share in place)
