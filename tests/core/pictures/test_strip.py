"""Strips of one digit: variety, and a longer one that begins with the shorter one."""

import io

import numpy as np
from PIL import Image

from core.catalog import Catalog
from core.pictures.base import Form, draw
from core.pictures.strip import StripRequest
from tests.core.pictures.test_base import HAND


def test_neater_digits_differ_less(catalog: Catalog) -> None:
    """From wild to tidy the images of a strip are ever more alike, by every model; and never all the same."""

    def variety(model: str, neat: int) -> float:
        asked = StripRequest(4, count=10, seed=7, model=model, neat=neat, form=Form.ORIGINAL)
        row = np.asarray(Image.open(io.BytesIO(draw(catalog, asked).data))).astype(float)
        images = row.reshape(28, 10, 28).swapaxes(0, 1)
        return float(images.std(axis=0).mean())

    for name in catalog.names:
        wild, natural, tidy = (variety(name, neat) for neat in (0, 50, 100))
        assert wild > natural > tidy > 1


def test_a_longer_strip_in_a_hand_begins_with_the_shorter_one(models: Catalog) -> None:
    """Image i depends on the hand, the seed and i alone, and no two are equal."""
    strips = []
    for count in (3, 10):
        request = StripRequest(1, count, seed=7, hand=HAND, form=Form.ORIGINAL)
        with Image.open(io.BytesIO(draw(models, request).data)) as picture:
            strips.append(np.asarray(picture).reshape(28, count, 28).swapaxes(0, 1))
    assert np.array_equal(strips[0], strips[1][:3])
    assert len({image.tobytes() for image in strips[1]}) == 10
