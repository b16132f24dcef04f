"""Requests check themselves; every request has a picture, and the picture's own request draws it again."""

import dataclasses
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import latents
from core.catalog import Catalog
from core.dataset import Dataset
from core.errors import (
    BadRequest,
    HandlessModel,
    InvalidCount,
    InvalidDigit,
    InvalidHand,
    InvalidMorph,
    InvalidNeatness,
    InvalidSeed,
    InvalidSize,
    NumberTooLong,
    UnknownModel,
)
from core.imaging.styles import Style
from core.pictures.base import Form, OneModelRequest, PictureRequest, draw, truncation
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.benchmarks.neatness import before, unevenness
from tests.benchmarks.neatness import draw as draw_steps
from tests.core.pictures.files import in_archive
from tests.core.tokens import to_token
from tests.fakes.recording import RecordingGenerator, catalog_of
from tests.golden.weights import DEFAULT, make

ASKED: list[PictureRequest] = [
    StripRequest(4),
    StripRequest(None, count=1, style=Style.TRANSPARENT),
    NumberRequest("2026-11-20", neat=80),
    MorphRequest((3, 8), style=Style.INK),
    MorphRequest((4,)),
    CompareRequest(None),
    CompareRequest(4, names=("vae", "cgan", "vae")),
]


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_picture_can_be_asked_for_again(catalog: Catalog, asked: PictureRequest, form: Form) -> None:
    """What comes back says all that it takes to get the very same file."""
    first = draw(catalog, replace(asked, form=form))
    assert draw(catalog, first.request) == first
    assert first.request.seed == first.seed
    assert first.titles


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_file_is_what_it_says(catalog: Catalog, asked: PictureRequest) -> None:
    """Media type and size are those of the file."""
    picture = draw(catalog, asked)
    image = Image.open(io.BytesIO(picture.data))
    assert Image.MIME[str(image.format)] == picture.media_type
    assert image.size == (picture.width, picture.height)


def test_an_archive_holds_every_image_with_its_label(catalog: Catalog) -> None:
    """The untouched images of a number, each with the digit that it shows."""
    images, rows = in_archive(draw(catalog, NumberRequest("20-26", seed=7, form=Form.ARCHIVE)).data)
    assert rows[0] == ["file", "digit"]
    assert [row[1] for row in rows[1:]] == ["2", "0", "2", "6"]
    side_by_side = draw(catalog, NumberRequest("20-26", seed=7, form=Form.ORIGINAL)).data
    pixels = np.asarray(Image.open(io.BytesIO(side_by_side)))
    assert images == [pixels[:, 28 * i : 28 * (i + 1)].tobytes() for i in range(4)]


def test_neatness_50_is_what_the_model_has_learned() -> None:
    """Half-way nothing is drawn together and nothing apart."""
    assert truncation(50) == 1
    assert truncation(0) > 1 > truncation(100) > 0


def test_equal_steps_of_neatness_look_equal(catalog: Catalog) -> None:
    """By the default model each tenth step changes an image as much as any other; by another nearly so."""
    for name, most in (("cgan", 1.2), ("vae", 1.5)):
        model = catalog.find(name)
        assert unevenness(draw_steps(model, truncation, count=50)) < most
        # In version 0.1 one saw next to nothing from 0 to 50.
        assert unevenness(draw_steps(model, before, count=50)) > 2


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_the_ends_of_the_ranges_are_in_them(seed: int) -> None:
    """The least and the greatest value of each part can be asked for."""
    for digit, count in ((0, 1), (9, 10)):
        assert StripRequest(digit, count, seed=seed).seed == seed


def test_a_request_cannot_change() -> None:
    """What was checked once stays checked."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        StripRequest(4).digit = 40  # type: ignore[misc]


@pytest.mark.parametrize("token", ["", "x", "E" * 41, "E AA"])
def test_a_hand_is_a_token(token: str) -> None:
    """A request in a hand that is none cannot be made."""
    for request in (lambda: StripRequest(4, hand=token), lambda: NumberRequest("7", hand=token)):
        with pytest.raises(InvalidHand):
            request()
    with pytest.raises(InvalidHand):
        MorphRequest((3, 8), hand=token)


DIM = 8
"""Length of a latent of the model that writes in hands."""
HAND, OTHER = (to_token(row) for row in latents.independent(1, 2, DIM))
REQUESTS = [StripRequest(4, seed=7), NumberRequest("2026", seed=7), MorphRequest((3, 8), seed=7), MorphRequest((4,))]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_a_picture_follows_its_hand(models: Catalog, request_: OneModelRequest) -> None:
    """The same words are the same picture, another hand is another one, and so is none."""
    asked = [replace(request_, seed=7, model=DEFAULT, hand=hand) for hand in (HAND, HAND, OTHER, None)]
    one, again, other, none = (draw(models, request).data for request in asked)
    assert one == again
    assert len({one, other, none}) == 3


def test_a_share_of_a_hand_is_another_picture(models: Catalog) -> None:
    """Between one's own hand and the seed's."""
    tokens = (HAND, f"{HAND}.50", f"{HAND}.0")
    assert len({draw(models, NumberRequest("2026", seed=7, hand=token)).data for token in tokens}) == 3
    one, other = (draw(models, NumberRequest("20", seed=7, hand=f"{token}.0")).data for token in (HAND, OTHER))
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


def test_a_file_of_weights_is_enough(tmp_path: Path) -> None:
    """A folder without an encoder draws in a hand that another one read."""
    catalog = Catalog.open(make(tmp_path))
    assert catalog.encoder is None
    assert draw(catalog, StripRequest(4, hand=HAND)).data


@pytest.mark.parametrize(
    "asked",
    [
        lambda: StripRequest(0, 1, seed=0, neat=0),
        lambda: StripRequest(9, 10, seed=2**32 - 1, neat=100),
        lambda: NumberRequest("12345678901234567890......"),
        lambda: NumberRequest("0"),
        lambda: MorphRequest((0,)),
        lambda: MorphRequest((9, 8, 9, 0, 9, 8)),
        lambda: CompareRequest(0),
        lambda: CompareRequest(9, seed=0, neat=0),
    ],
)
def test_the_ends_of_every_range_can_be_drawn(asked: Callable[[], PictureRequest]) -> None:
    """Nothing that is just within a limit is refused, and what comes back is what was asked for."""
    request = asked()
    picture = draw(catalog_of(RecordingGenerator()), request)
    assert picture.request.digits == request.digits
    assert picture.request.seed == picture.seed
    assert request.seed in (None, picture.seed)


@pytest.mark.parametrize(
    ("asked", "error", "value"),
    [
        (lambda: StripRequest(10), InvalidDigit, 10),
        (lambda: StripRequest(-1), InvalidDigit, -1),
        (lambda: StripRequest(4, 0), InvalidCount, 0),
        (lambda: StripRequest(4, 11), InvalidCount, 11),
        (lambda: StripRequest(4, seed=2**32), InvalidSeed, 2**32),
        (lambda: StripRequest(4, seed=-1), InvalidSeed, -1),
        (lambda: NumberRequest("4", neat=101), InvalidNeatness, 101),
        (lambda: CompareRequest(4, neat=-1), InvalidNeatness, -1),
        (lambda: CompareRequest(10), InvalidDigit, 10),
        (lambda: CompareRequest(-1), InvalidDigit, -1),
        (lambda: MorphRequest((4, -1)), InvalidDigit, -1),
        (lambda: MorphRequest((4, 10)), InvalidDigit, 10),
        (lambda: MorphRequest(()), InvalidMorph, 0),
        (lambda: MorphRequest((1, 2, 3, 4, 5, 6, 7)), InvalidMorph, 7),
        (lambda: NumberRequest("1" * 21), NumberTooLong, "1" * 21),
        (lambda: NumberRequest("1" + "." * 26), NumberTooLong, "1" + "." * 26),
        (lambda: Dataset(RecordingGenerator(), 0, 7, 1.0, test=False), InvalidSize, 0),
        (lambda: Dataset(RecordingGenerator(), 10_001, 7, 1.0, test=False), InvalidSize, 10_001),
    ],
)
def test_one_past_a_range_is_refused_by_name(
    asked: Callable[[], object], error: type[BadRequest], value: object
) -> None:
    """The next value is refused, and the error holds it for the sentence that a person reads."""
    with pytest.raises(error) as caught:
        asked()
    assert caught.value.value == value


@pytest.mark.parametrize(("neat", "spread"), [(0, 2.086), (25, 1.470), (50, 1.0), (75, 0.620), (100, 0.3)])
def test_neatness_draws_images_together_by_these_shares(neat: int, spread: float) -> None:
    """From twice as far apart as learned to three tenths of it, in steps that look equal, for every command."""
    generator = RecordingGenerator()
    for asked in (
        StripRequest(4, neat=neat),
        NumberRequest("4", neat=neat),
        MorphRequest((4,), neat=neat),
        CompareRequest(4, neat=neat),
    ):
        draw(catalog_of(generator), asked)
    assert generator.spreads == pytest.approx([spread] * 5, abs=0.001)


def test_fresh_seeds_are_of_the_whole_range() -> None:
    """Of 200 pictures without a seed no two are the same, and seeds are as often large as small."""
    seeds = [
        draw(catalog_of(RecordingGenerator()), StripRequest(4, count=1, form=Form.ORIGINAL)).seed for _ in range(200)
    ]
    assert len(set(seeds)) == 200
    assert 40 < sum(seed >= 2**31 for seed in seeds) < 160
    assert 0 <= min(seeds) < 2**28
    assert 2**32 - 2**28 <= max(seeds) < 2**32
