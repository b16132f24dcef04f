"""A hand near the one found, in which all digits can be read."""

import numpy as np

from core.catalog import Catalog
from core.generator import DIGITS, one_hot
from core.hand import from_token
from core.handwriting import HandReader
from core.imaging.pen import measure_each
from core.refinement import draw_all, pen_basis
from tests.core.test_handwriting import WRITERS, writing


def test_most_digits_of_a_hand_can_be_read(catalog: Catalog, reader: HandReader) -> None:
    """A 1 says nothing of a loop: of the hands around it one is taken in which all digits are legible."""
    model = catalog.find_writer(None)
    assert catalog.reader is not None
    doubtful = 0
    for seed in range(WRITERS):
        read = reader.read_images(np.stack(writing(catalog, seed, (1,))))
        assert read.hand is not None
        hand = from_token(read.hand, model.generator.latent_dim)
        images = model.generator.draw(hand[None].repeat(10, axis=0), one_hot(tuple(range(10))))
        doubtful += int((catalog.reader.confidence(images, np.arange(10)) < 0.9).sum())
    assert doubtful / (10 * WRITERS) < 0.08


def test_the_pen_basis_slants_and_thickens_all_digits(catalog: Catalog) -> None:
    """What a hand is moved along changes its pen many times as much as a move of equal length in another direction."""
    generator = catalog.find_writer(None).generator
    basis = pen_basis(generator)
    assert np.allclose(basis.T @ basis, np.eye(2), atol=1e-5)
    rng = np.random.RandomState(3)
    hands = rng.standard_normal((8, generator.latent_dim)).astype(np.float32)
    before = measure_each(draw_all(generator, hands))

    def change(direction: np.ndarray) -> np.ndarray:
        moved = measure_each(draw_all(generator, hands + 2 * direction.astype(np.float32)))
        found: np.ndarray = np.abs((moved - before).reshape(-1, DIGITS, 2).mean(axis=(0, 1)))
        return found

    other = rng.standard_normal((20, generator.latent_dim))
    other -= other @ basis @ basis.T
    others = np.mean([change(row / np.linalg.norm(row)) for row in other], axis=0)
    assert (np.max([change(axis) for axis in basis.T], axis=0) > 4 * others).all()


def test_a_hand_emphasises_slant_and_stroke(catalog: Catalog, reader: HandReader) -> None:
    """The one thing that a digit says for certain of the others weighs more than in the latent that was found."""
    assert catalog.encoder is not None
    basis = pen_basis(catalog.find_writer(None).generator)
    found, emphasised = [], []
    for seed in range(WRITERS):
        images = np.stack(writing(catalog, seed, (4,)))
        token = reader.read_images(images).hand
        assert token is not None
        found.append(np.linalg.norm(catalog.encoder.encode(images, one_hot((4,))) @ basis))
        emphasised.append(np.linalg.norm(from_token(token, len(basis)) @ basis))
    assert 1.15 < np.sum(emphasised) / np.sum(found) < 1.4
