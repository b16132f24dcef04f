"""What can be asked for and what comes back: frozen and checked, so that nothing later needs to check."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from core.errors import (
    EqualNeighbours,
    InvalidCount,
    InvalidDigit,
    InvalidMorph,
    InvalidNeatness,
    InvalidNumber,
    InvalidSeed,
    NumberTooLong,
)
from core.noise import MAX_SEED

DEFAULT_COUNT = 5
MAX_COUNT = 10
MAX_DIGITS = 20
"""Digits in a number."""
MAX_TEXT = 26
"""Characters in a number, marks and spaces included."""
MARKS = "-:.,+/"
"""What a number may hold beside digits and spaces."""
MAX_STATIONS = 6
"""Digits that a morph may pass through."""
NATURAL = 50
"""The neatness at which a model draws as it has learned to."""
MAX_NEATNESS = 100


class Style(StrEnum):
    """The colours of a picture."""

    CHALK = "chalk"
    INK = "ink"
    BLUEPRINT = "blueprint"
    TRANSPARENT = "transparent"


class Form(StrEnum):
    """The kind of file that a picture comes as.

    `PICTURE` is for looking at: a PNG, of a morph a GIF. `JPEG` is the same for places that take nothing else
    (a morph is a GIF all the same).
    `ORIGINAL` is the untouched 28 x 28 images side by side in one PNG, `ARCHIVE` a ZIP with each in a PNG of its own.
    """

    PICTURE = "picture"
    JPEG = "jpeg"
    ORIGINAL = "original"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRequest:
    """What every picture has.

    Attributes:
        seed: 0..2**32 - 1, or None for a fresh one.
        style: colours; an original has none.
        neat: 0..100, from wild to tidy; at 50 the models draw as they have learned to.
        form: the kind of file.

    Raises:
        InvalidSeed, InvalidNeatness: a value is out of its range.
    """

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
    def digits(self) -> tuple[int, ...]:
        """What is to be seen, from left to right; empty as long as the seed has still to pick."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest(DrawRequest):
    """What is drawn by one model.

    Attributes:
        model: a name from the catalog, or None for its default.
    """

    model: str | None = None


@dataclass(frozen=True, slots=True)
class StripRequest(ModelRequest):
    """A strip of images of one digit, side by side.

    Attributes:
        digit: 0..9, or None for one that the seed picks.
        count: images, 1..10.

    Raises:
        InvalidDigit, InvalidCount: a value is out of its range.
    """

    digit: int | None
    count: int = DEFAULT_COUNT

    def __post_init__(self) -> None:
        DrawRequest.__post_init__(self)
        if self.digit is not None and not 0 <= self.digit <= 9:
            raise InvalidDigit(self.digit)
        if not 1 <= self.count <= MAX_COUNT:
            raise InvalidCount(self.count)

    @property
    def digits(self) -> tuple[int, ...]:
        """The digit, once for each image."""
        return () if self.digit is None else (self.digit,) * self.count


@dataclass(frozen=True, slots=True)
class NumberRequest(ModelRequest):
    """A number, written in one hand.

    Attributes:
        text: 1 to 20 digits, with spaces and the marks `- : . , + /` between and around them; leading zeros count.

    Raises:
        InvalidNumber: there is no digit, or something that is neither digit nor mark nor space.
        NumberTooLong: there are more than 20 digits, or 26 characters.
    """

    text: str

    def __post_init__(self) -> None:
        DrawRequest.__post_init__(self)
        strange = next((sign for sign in self.text if sign not in f"0123456789 {MARKS}"), None)
        if strange is not None or not self.digits:
            raise InvalidNumber(self.text)
        if len(self.digits) > MAX_DIGITS or len(self.text) > MAX_TEXT:
            raise NumberTooLong(self.text)

    @property
    def digits(self) -> tuple[int, ...]:
        """Its digits, from left to right."""
        return tuple(int(sign) for sign in self.text if sign in "0123456789")


@dataclass(frozen=True, slots=True)
class MorphRequest(ModelRequest):
    """An animation that walks from digit to digit and back to the first.

    Attributes:
        digits: one to six of 0..9, no two neighbours equal; a single one is a walk among images of that digit.

    Raises:
        InvalidDigit, InvalidMorph, EqualNeighbours: there is such a walk for no model.
    """

    digits: tuple[int, ...]

    def __post_init__(self) -> None:
        DrawRequest.__post_init__(self)
        strange = next((digit for digit in self.digits if not 0 <= digit <= 9), None)
        if strange is not None:
            raise InvalidDigit(strange)
        if not 1 <= len(self.digits) <= MAX_STATIONS:
            raise InvalidMorph(len(self.digits))
        equal = next((one for one, other in pairwise(self.digits) if one == other), None)
        if equal is not None:
            raise EqualNeighbours(equal)


@dataclass(frozen=True, slots=True)
class CompareRequest(DrawRequest):
    """One digit by several models, a labelled row of five for each.

    Attributes:
        digit: 0..9, or None for one that the seed picks.
        models: names from the catalog, in the order of the rows; none stands for all.

    Raises:
        InvalidDigit: the value is out of its range.
    """

    digit: int | None
    models: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        DrawRequest.__post_init__(self)
        if self.digit is not None and not 0 <= self.digit <= 9:
            raise InvalidDigit(self.digit)

    @property
    def digits(self) -> tuple[int, ...]:
        """The digit, once for each image of a row."""
        return () if self.digit is None else (self.digit,) * DEFAULT_COUNT


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture and all that is needed to describe it or to ask for it again.

    Attributes:
        data: the encoded file.
        media_type: of the file: image/png, image/gif, image/jpeg or application/zip.
        width, height: in pixels; 0 for an archive.
        request: what was drawn, nothing left open: asked for again, it is this very picture.
        seed: that of the request.
        titles: the titles of the models that drew it, for people.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    request: DrawRequest
    seed: int
    titles: tuple[str, ...]
