"""A number, written in one hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.catalog import Model
from core.errors import InvalidNumber, NumberTooLong
from core.imaging.encoding import File
from core.imaging.typesetting import write
from core.pictures.base import OneModelRequest, originals, still

MAX_DIGITS = 20
"""Digits in a number."""
MAX_CHARACTERS = 26
"""Characters in a number, marks and spaces included: with more, its buttons would not fit Telegram's 64 bytes."""
MARKS = "-:.,+/"
"""Characters that a number may hold beside digits and spaces."""
OWN_SHARE = 0.25
"""Share of a latent that is a digit's own, the rest being the hand: two equal digits then differ in a third of
their ink."""


@dataclass(frozen=True, slots=True)
class NumberRequest(OneModelRequest):
    """A number, written in one hand.

    Attributes:
        text: 1 to 20 digits, with spaces and the marks `- : . , + /` between and around them; leading zeros count.

    Raises:
        InvalidNumber: there is no digit, or a character that is neither digit nor mark nor space.
        NumberTooLong: there are more than 20 digits, or 26 characters.
    """

    text: str

    def __post_init__(self) -> None:
        OneModelRequest.__post_init__(self)
        strange = next((sign for sign in self.text if sign not in f"0123456789 {MARKS}"), None)
        if strange is not None or not self.digits:
            raise InvalidNumber(self.text)
        if len(self.digits) > MAX_DIGITS or len(self.text) > MAX_CHARACTERS:
            raise NumberTooLong(self.text)

    @property
    def digits(self) -> tuple[int, ...]:
        """Its digits, from left to right."""
        return tuple(int(sign) for sign in self.text if sign in "0123456789")

    def cost(self, models: Sequence[Model]) -> float:
        """A digit takes longer than an image of a strip: it is set in its line."""
        del models
        return 0.3 * (len(self.digits) + 1)

    def render(self, seed: int, models: Sequence[Model]) -> File:
        """Draw its digits in one hand and set them in lines."""
        (model,) = models
        images, _ = self.draw(model, self.rows(seed, self.digits, model, OWN_SHARE))
        return originals(images, self.digits, self.form) or still(write(self.text, images), self)
