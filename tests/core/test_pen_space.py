"""The latents that slant and thicken all ten digits."""

import numpy as np
import pytest

from core import latents
from core.catalog import Catalog
from core.generator import DIGITS, Generator, one_hot
from core.imaging.pen import measure_each
from core.imaging.rendering import Images
from core.pen_space import MAX_DEVIATIONS, PenSpace


@pytest.fixture(scope="module")
def generator(catalog: Catalog) -> Generator:
    """The model that writes in hands."""
    return catalog.find_writer(None).generator


def test_it_slants_and_thickens_all_digits(generator: Generator) -> None:
    """What a hand is moved along changes its pen many times as much as a move of equal length in another direction."""
    basis = generator.pen_space.basis
    assert np.allclose(basis.T @ basis, np.eye(2), atol=1e-5)
    rng = np.random.RandomState(3)
    hands = rng.standard_normal((8, generator.latent_dim)).astype(np.float32)
    before = measure_each(generator.draw_all(hands))

    def change(direction: np.ndarray) -> np.ndarray:
        moved = measure_each(generator.draw_all(hands + 2 * direction.astype(np.float32)))
        found: np.ndarray = np.abs((moved - before).reshape(-1, DIGITS, 2).mean(axis=(0, 1)))
        return found

    other = rng.standard_normal((20, generator.latent_dim))
    other -= other @ basis @ basis.T
    others = np.mean([change(row / np.linalg.norm(row)) for row in other], axis=0)
    assert (np.max([change(axis) for axis in basis.T], axis=0) > 4 * others).all()


@pytest.mark.parametrize("digit", [1, 4, 8])
def test_a_place_is_that_of_the_pen(generator: Generator, digit: int) -> None:
    """Found in one digit, it is where a latent lies that draws all ten with such a pen."""
    space = generator.pen_space
    rows = latents.independent(5, 200, generator.latent_dim)
    images = generator.draw(rows, one_hot((digit,) * len(rows)))
    places = np.stack([space.place(image[None], np.array([digit])) for image in images])
    for axis in range(2):
        assert np.corrcoef(places[:, axis], rows @ space.basis[:, axis])[0, 1] > 0.85
    both = space.place(images[:2], np.array([digit, digit]))
    assert both == pytest.approx(places[:2].mean(axis=0), abs=1e-5)


@pytest.mark.parametrize("latent_dim", [1, 2, 8])
def test_a_model_that_always_draws_alike_has_no_pen(latent_dim: int) -> None:
    """Nothing is found in it, and nothing fails."""

    def draw_all(rows: np.ndarray) -> Images:
        return np.full((DIGITS * len(rows), 28, 28), 99, np.uint8)

    space = PenSpace.measure(draw_all, latent_dim)
    place = space.place(np.full((1, 28, 28), 99, np.uint8), np.array([4]))
    assert place.tolist() == [0.0] * min(latent_dim, 2)
    assert np.isfinite(space.basis).all()


def test_a_pen_that_a_model_never_has_is_bounded() -> None:
    """Where its digits hardly vary, a photo's are far from all of them: a hand is not made of its pen alone."""
    means, deviations, steps = np.zeros((DIGITS, 2)), np.full((DIGITS, 2), 1e-3), np.diag([2.0, -3.0])
    space = PenSpace(np.eye(8, 2, dtype=np.float32), means, deviations, steps)
    bold = np.full((1, 28, 28), 255, np.uint8)
    bold[0, :14, :14] = 0
    place = space.place(bold, np.array([4]))
    assert abs(place[0]) == pytest.approx(2 * MAX_DEVIATIONS)
    assert abs(place[1]) == pytest.approx(3 * MAX_DEVIATIONS)
