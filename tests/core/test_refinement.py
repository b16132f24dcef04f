"""A hand near the one found, in which all digits can be read."""

import numpy as np

from core.catalog import Catalog
from core.generator import one_hot
from core.hand import from_token
from core.handwriting import HandReader
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
