"""A hand in which all digits can be read, with the pen of the photo."""

import numpy as np

from core.catalog import Catalog
from core.generator import DIGITS, one_hot
from core.hand import digit_latents, from_token
from core.handwriting import HandReader
from core.imaging.pen import measure_each
from tests.core.test_handwriting import WRITERS, writing


def test_most_digits_of_a_hand_can_be_read(catalog: Catalog, reader: HandReader) -> None:
    """A 1 says nothing of a loop: of the hands around it one is taken in which all digits are legible."""
    generator = catalog.find_writer(None).generator
    assert catalog.reader is not None
    doubtful = 0
    for seed in range(WRITERS):
        token = reader.read_images(np.stack(writing(catalog, seed, (1,)))).hand
        assert token is not None
        images = generator.draw(digit_latents(token, generator), one_hot(tuple(range(DIGITS))))
        doubtful += int((catalog.reader.confidence(images, np.arange(DIGITS)) < 0.9).sum())
    assert doubtful / (DIGITS * WRITERS) < 0.02


def test_a_hand_emphasises_the_pen_of_its_photo(catalog: Catalog, reader: HandReader) -> None:
    """The one thing that a digit says for certain of the others counts for more than it was."""
    space = catalog.find_writer(None).generator.pen_space
    measured, written = [], []
    for seed in range(WRITERS):
        images = np.stack(writing(catalog, seed, (4,)))
        token = reader.read_images(images).hand
        assert token is not None
        measured.append(space.place(images, np.array([4])))
        written.append(from_token(token, len(space.basis)) @ space.basis)
    for axis in range(2):
        one, other = np.array(measured)[:, axis], np.array(written)[:, axis]
        assert np.corrcoef(one, other)[0, 1] > 0.9
        assert 1.3 < np.polyfit(one, other, 1)[0] < 2.8


def test_the_other_digits_of_a_hand_follow_its_pen(catalog: Catalog, reader: HandReader) -> None:
    """The nine that were not in the photo are slanted and thickened as the one in it."""
    generator = catalog.find_writer(None).generator
    space = generator.pen_space
    others = np.arange(DIGITS) != 4
    pens = []
    for seed in range(WRITERS):
        images = np.stack(writing(catalog, seed, (4,)))
        token = reader.read_images(images).hand
        assert token is not None
        drawn = generator.draw(digit_latents(token, generator), one_hot(tuple(range(DIGITS))))
        found = (measure_each(drawn) - space.means) / space.deviations
        wanted = (measure_each(images) - space.means[4]) / space.deviations[4]
        pens.append((wanted[0], found[others].mean(axis=0)))
    for axis in range(2):
        one, other = np.array(pens)[:, :, axis].T
        assert np.corrcoef(one, other)[0, 1] > 0.9
