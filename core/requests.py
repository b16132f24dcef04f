"""What can be asked for and what comes back: frozen and checked, so that nothing later needs to check."""

from dataclasses import dataclass

from core.errors import InvalidCount, InvalidDigit, InvalidSeed
from core.noise import MAX_SEED

DEFAULT_COUNT = 5
MAX_COUNT = 10


@dataclass(frozen=True, slots=True)
class StripRequest:
    """A strip of images of one digit, side by side.

    Attributes:
        digit: 0..9, or None for one that the seed picks.
        count: images, 1..10.
        seed: 0..2**32 - 1, or None for a fresh one.
        model: a name from the catalog, or None for its default.
        original: the untouched 28 x 28 pixels without margins, in place of the upscaled strip.
        jpeg: the upscaled strip as a JPEG; an original is a PNG all the same.

    Raises:
        InvalidDigit, InvalidCount, InvalidSeed: a value is out of its range.
    """

    digit: int | None
    count: int = DEFAULT_COUNT
    seed: int | None = None
    model: str | None = None
    original: bool = False
    jpeg: bool = False

    def __post_init__(self) -> None:
        if self.digit is not None and not 0 <= self.digit <= 9:
            raise InvalidDigit(self.digit)
        if not 1 <= self.count <= MAX_COUNT:
            raise InvalidCount(self.count)
        if self.seed is not None and not 0 <= self.seed <= MAX_SEED:
            raise InvalidSeed(self.seed)


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture and all that is needed to describe it or to ask for it again.

    Attributes:
        data: the encoded file: a PNG, or a JPEG where that was asked for.
        width, height: in pixels.
        digits: what is drawn, from left to right.
        seed: the seed that was used, given or fresh.
        model: the name of the model that drew it.
        title: that model's title, for people.
    """

    data: bytes
    width: int
    height: int
    digits: tuple[int, ...]
    seed: int
    model: str
    title: str
