"""The base of every kind of picture: the request, the finished picture, and the way from one to the other."""

import math
import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from core import hand as hands
from core import latents, rejection
from core.catalog import Catalog, Model
from core.errors import InvalidDigit, InvalidNeatness, InvalidSeed
from core.imaging import encoding
from core.imaging.encoding import File
from core.imaging.rendering import Images
from core.imaging.styles import Style
from core.latents import MAX_SEED, random_digit
from core.rejection import Rows

NATURAL = 50
"""The neatness at which a model draws as it has learned to."""
MAX_NEATNESS = 100
MIN_TRUNCATION = 0.3
"""Truncation at neatness 100: not 0, or all images would be the same."""
FADING = 0.5
"""Rate at which a change of truncation fades to the eye: at truncation t an image changes by exp(-FADING t) a unit.
Measured by `python -m tests.benchmarks.neatness`."""


class Form(StrEnum):
    """The kind of file that a picture comes as.

    `PICTURE` is for looking at: a PNG, of a morph a GIF. `JPEG` is the same for places that take nothing else
    (a morph is a GIF all the same).
    `ORIGINAL` is the untouched 28 x 28 images side by side in one PNG, `ARCHIVE` a ZIP with each in a PNG of its own.
    `CARD` is a PNG of 1200 x 630 for the card that a site makes of a link; of a morph it has some of the frames.
    """

    PICTURE = "picture"
    JPEG = "jpeg"
    ORIGINAL = "original"
    ARCHIVE = "archive"
    CARD = "card"


EXTENSIONS = {Form.PICTURE: "png", Form.JPEG: "jpg", Form.ORIGINAL: "png", Form.ARCHIVE: "zip", Form.CARD: "png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest(ABC):
    """A request for a picture, checked when it is made.

    Attributes:
        seed: 0..2**32 - 1, or None for a fresh one.
        style: colours; an original has none.
        neat: 0..100, from wild to tidy; at 50 the models draw as they have learned to.
        form: the kind of file.
        moving: whether it is an animation.

    Raises:
        InvalidSeed, InvalidNeatness: a value is out of its range.
    """

    moving: ClassVar[bool] = False

    seed: int | None = None
    style: Style = Style.CHALK
    neat: int = NATURAL
    form: Form = Form.PICTURE

    def __post_init__(self) -> None:
        if self.seed is not None and not 0 <= self.seed <= MAX_SEED:
            raise InvalidSeed(self.seed)
        if not 0 <= self.neat <= MAX_NEATNESS:
            raise InvalidNeatness(self.neat)

    @property
    @abstractmethod
    def digits(self) -> tuple[int, ...]:
        """The digits to be seen, from left to right; empty as long as the seed has still to pick."""

    @property
    def extension(self) -> str:
        """The file name extension of the picture, without a dot."""
        return "gif" if self.moving and self.form in (Form.PICTURE, Form.JPEG) else EXTENSIONS[self.form]

    @property
    def originals_form(self) -> Form:
        """The form in which its untouched images come."""
        return Form.ARCHIVE

    @property
    def truncation(self) -> float:
        """The truncation that its neatness stands for; see `Generator.draw`."""
        return truncation(self.neat)

    @property
    def is_step(self) -> bool:
        """Whether it is one of the many pictures of a walk, of which a person looks at the last."""
        return False

    @property
    @abstractmethod
    def model_names(self) -> tuple[str, ...]:
        """The names of the models that it asks for; empty where the catalog decides."""

    @abstractmethod
    def models(self, catalog: Catalog) -> tuple[Model, ...]:
        """Return the models that draw it.

        Raises:
            UnknownModel: it names a model that the catalog does not have.
        """

    @abstractmethod
    def settle(self, seed: int, catalog: Catalog) -> Self:
        """Return the same request with nothing left open: asked again, it is this very picture.

        Raises:
            UnknownModel: it names a model that the catalog does not have.
        """

    @abstractmethod
    def cost(self, models: Sequence[Model]) -> float:
        """Return the cost of drawing it with its models: 1 is a strip of five, and others are measured against it."""

    @abstractmethod
    def render(self, seed: int, models: Sequence[Model]) -> File:
        """Draw a settled request with its models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneModelRequest(PictureRequest, ABC):
    """A request that one model draws.

    Attributes:
        model: a name from the catalog, or None for its default.
        hand: token of the hand that writes, see `core.hand`; None leaves it to the seed.

    Raises:
        InvalidHand: the text is no token.
    """

    model: str | None = None
    hand: str | None = None

    def __post_init__(self) -> None:
        PictureRequest.__post_init__(self)
        if self.hand is not None:
            hands.check(self.hand)

    @property
    def model_names(self) -> tuple[str, ...]:
        """The one name, if there is one."""
        return () if self.model is None else (self.model,)

    def models(self, catalog: Catalog) -> tuple[Model, ...]:
        """Return the one model.

        Raises:
            UnknownModel: there is none of that name.
            HandlessModel, InvalidHand: it does not write in a hand, or not in this one.
        """
        if self.hand is None:
            return (catalog.find(self.model),)
        model = catalog.find_writer(self.model)
        hands.from_token(self.hand, model.generator.latent_dim)
        return (model,)

    def settle(self, seed: int, catalog: Catalog) -> Self:
        """Settle the seed and the model."""
        (model,) = self.models(catalog)
        return replace(self, seed=seed, model=model.name)

    def rows(self, seed: int, digits: Sequence[int], model: Model, own_share: float) -> Rows:
        """Return the latents of digits in one hand: the one asked for, or else one that the seed draws."""
        hand = None
        if self.hand is not None:
            hand = hands.from_seed_and_token(seed, self.hand, model.generator)[list(digits)]
        return partial(latents.one_hand, seed, len(digits), model.generator.latent_dim, own_share, hand=hand)

    def draw(self, model: Model, rows: Rows) -> tuple[Images, NDArray[np.float32]]:
        """Draw its digits, and those again that the model's reader doubts unless wild ones are asked for.

        Args:
            model: draws.
            rows: latents of an attempt; see `core.rejection`.

        Returns:
            The images, and the latents from which they came.
        """
        reader = model.reader if self.neat >= NATURAL else None
        return rejection.draw(model.generator, reader, rows, self.digits, self.truncation)


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture and all that is needed to describe it or to ask for it again.

    Attributes:
        data: the encoded file.
        media_type: of the file: image/png, image/gif, image/jpeg or application/zip.
        width, height: in pixels; 0 for an archive.
        request: the settled request: asked for again, it is this very picture.
        seed: that of the request.
        titles: the titles of the models that drew it, for people.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    request: PictureRequest
    seed: int
    titles: tuple[str, ...]


def draw(catalog: Catalog, request: PictureRequest) -> Picture:
    """Draw a picture in the calling thread, without a queue.

    Raises:
        UnknownModel: the request names a model that the catalog does not have.
    """
    seed = fresh_seed() if request.seed is None else request.seed
    settled = request.settle(seed, catalog)
    models = settled.models(catalog)
    file = settled.render(seed, models)
    titles = tuple(model.title for model in models)
    return Picture(file.data, file.media_type, file.width, file.height, settled, seed, titles)


def fresh_seed() -> int:
    """Return a random seed, 0..2**32 - 1."""
    return secrets.randbelow(MAX_SEED + 1)


def truncation(neat: int) -> float:
    """Return the truncation that a neatness of 0..100 stands for; see `Generator.draw`.

    Equal steps of neatness change an image equally: 0 is 2.086, NATURAL is 1, and 100 is MIN_TRUNCATION.
    """
    steps = (neat - NATURAL) / (MAX_NEATNESS - NATURAL)
    return 1 - math.log1p(steps * math.expm1(FADING * (1 - MIN_TRUNCATION))) / FADING


def check_digit(digit: int | None) -> None:
    """Check a digit that may be left to the seed.

    Raises:
        InvalidDigit: it is neither None nor one of 0..9.
    """
    if digit is not None and not 0 <= digit <= 9:
        raise InvalidDigit(digit)


def picked_digit(digit: int | None, seed: int) -> int:
    """Return the digit, or the one that the seed picks where it is None."""
    return random_digit(seed) if digit is None else digit


def still(drawing: Images, request: PictureRequest) -> File:
    """Encode a drawing, uint8 (H, W), white on black, in the settled request's colours as a PNG, JPEG or card."""
    if request.form is Form.CARD:
        words = (", ".join(request.model_names), f"seed={request.seed}")
        return encoding.card(drawing, words, request.style)
    encode = encoding.jpeg if request.form is Form.JPEG else encoding.png
    return encode(drawing, request.style)


def originals(images: Images, digits: Sequence[int], form: Form) -> File | None:
    """Encode images untouched if the form is one of originals; None if it is another.

    Args:
        images: uint8 (N, 28, 28), white ink on black.
        digits: the digit of each image.
        form: of the request.
    """
    if form is Form.ORIGINAL:
        return encoding.original(images)
    return encoding.archive(images, digits) if form is Form.ARCHIVE else None
