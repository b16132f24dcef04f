"""Pictures in a hand, drawn by small networks made here: one model writes in hands, and follows them."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import latents
from core.catalog import Catalog
from core.errors import HandlessModel, InvalidHand, UnknownModel
from core.hand import from_token, to_token, with_share
from core.pictures.base import Form, OneModelRequest, draw
from core.pictures.morph import MorphRequest
from core.pictures.number import OWN_SHARE, NumberRequest
from core.pictures.strip import StripRequest
from tests.golden.weights import DEFAULT, make

DIM = 8
"""Length of a latent of the model that writes in hands."""
HAND, OTHER = (to_token(row) for row in latents.independent(1, 2, DIM))
REQUESTS = [StripRequest(4, seed=7), NumberRequest("2026", seed=7), MorphRequest((3, 8), seed=7), MorphRequest((4,))]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Three models, of which an operator has made another one the default than the one that writes in hands."""
    return Catalog.open(make(tmp_path_factory.mktemp("weights")), default="ribs")


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_a_picture_follows_its_hand(models: Catalog, request_: OneModelRequest) -> None:
    """The same words are the same picture, another hand is another one, and so is none."""
    asked = [replace(request_, seed=7, model=DEFAULT, hand=hand) for hand in (HAND, HAND, OTHER, None)]
    one, again, other, none = (draw(models, request).data for request in asked)
    assert one == again
    assert len({one, other, none}) == 3


def test_a_share_of_a_hand_is_another_picture(models: Catalog) -> None:
    """Between one's own hand and the seed's."""
    tokens = (HAND, with_share(HAND, 50), with_share(HAND, 0))
    assert len({draw(models, NumberRequest("2026", seed=7, hand=token)).data for token in tokens}) == 3
    one, other = (draw(models, NumberRequest("20", seed=7, hand=with_share(token, 0))).data for token in (HAND, OTHER))
    assert one == other == draw(models, NumberRequest("20", seed=7, model=DEFAULT)).data


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_the_model_that_writes_in_hands_is_taken(models: Catalog, request_: OneModelRequest) -> None:
    """Whichever one draws where none is named; the settled request names it."""
    picture = draw(models, replace(request_, hand=HAND))
    assert isinstance(picture.request, OneModelRequest)
    assert (picture.request.model, picture.request.hand) == (DEFAULT, HAND)
    assert draw(models, picture.request).data == picture.data
    settled = draw(models, request_).request
    assert isinstance(settled, OneModelRequest)
    assert settled.model == "ribs"


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_another_model_writes_in_no_hand(models: Catalog, request_: OneModelRequest) -> None:
    """It is said before anything is drawn, with the one that does; so is a token of another length of latents."""
    with pytest.raises(HandlessModel) as caught:
        replace(request_, hand=HAND, model="plates").models(models)
    assert caught.value.known == (DEFAULT,)
    with pytest.raises(UnknownModel) as unknown:
        replace(request_, hand=HAND, model="nobody").models(models)
    assert type(unknown.value) is UnknownModel
    with pytest.raises(InvalidHand):
        replace(request_, hand=to_token(latents.independent(1, 1, 64)[0])).models(models)


def test_a_number_is_mostly_its_hand(models: Catalog) -> None:
    """Each digit's latent is the hand and a share of its own, from the seed."""
    request = NumberRequest("11", seed=7, hand=HAND, form=Form.ORIGINAL)
    with Image.open(io.BytesIO(draw(models, request).data)) as picture:
        found = np.asarray(picture).reshape(28, 2, 28).swapaxes(0, 1)
    rows = latents.one_hand(7, 2, DIM, OWN_SHARE, hand=from_token(HAND, DIM))
    digits = np.zeros((2, 10), np.float32)
    digits[:, 1] = 1
    assert np.array_equal(found, models.find(DEFAULT).generator.draw(rows, digits))


def test_a_longer_strip_in_a_hand_begins_with_the_shorter_one(models: Catalog) -> None:
    """Image i depends on the hand, the seed and i alone, and no two are equal."""
    strips = []
    for count in (3, 10):
        request = StripRequest(1, count, seed=7, hand=HAND, form=Form.ORIGINAL)
        with Image.open(io.BytesIO(draw(models, request).data)) as picture:
            strips.append(np.asarray(picture).reshape(28, count, 28).swapaxes(0, 1))
    assert np.array_equal(strips[0], strips[1][:3])
    assert len({image.tobytes() for image in strips[1]}) == 10


def test_a_file_of_weights_is_enough(tmp_path: Path) -> None:
    """A folder without an encoder draws in a hand that another one read."""
    catalog = Catalog.open(make(tmp_path))
    assert catalog.encoder is None
    assert draw(catalog, StripRequest(4, hand=HAND)).data
