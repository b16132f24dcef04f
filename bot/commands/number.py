"""`/number 2026`: a number in one hand."""

from collections.abc import Mapping
from typing import ClassVar

from bot.commands import converters
from bot.commands.base import PictureCommand, Values, Words
from bot.commands.errors import MissingNumber
from bot.commands.options import HAND, MODEL, NEAT, SEED, STYLE, Argument
from bot.i18n import gettext as _
from bot.i18n import isolate, lazy
from core.errors import BadRequest, InvalidNumber, NumberTooLong
from core.pictures.number import MARKS, MAX_CHARACTERS, MAX_DIGITS, NumberRequest


class NumberCommand(PictureCommand[NumberRequest]):
    """Write a number."""

    name = "number"
    description = lazy("Write a number in one hand: a year, a date, a price")
    position = 2
    request = NumberRequest
    argument = Argument(
        name="number",
        description=lazy("Up to {digits} digits, with spaces and {marks} between", digits=MAX_DIGITS, marks=MARKS),
        max_length=MAX_CHARACTERS,
        several=True,
    )
    options = (SEED, MODEL, STYLE, NEAT, HAND)
    example = "/number 2026"
    slashes_separate = False

    sentences: ClassVar[Mapping[type[BadRequest], lazy]] = {
        MissingNumber: lazy("Which number? Try {example}."),
        InvalidNumber: lazy("A number has digits, spaces and any of {marks} in it, unlike {value}. Try {example}."),
        NumberTooLong: lazy(
            "A number has up to {max_digits} digits, {max_characters} characters in all: {value} is longer. "
            "Try {example}."
        ),
    }

    sentence_fields: ClassVar[Mapping[str, object]] = {
        "marks": " ".join(MARKS),
        "max_digits": MAX_DIGITS,
        "max_characters": MAX_CHARACTERS,
    }

    def read(self, words: Words, values: Values) -> NumberRequest:
        """Read all words as one number; digits of any script are read."""
        if not words:
            raise MissingNumber("")
        return NumberRequest(converters.to_ascii_digits(" ".join(words)), **values)

    def write(self, request: NumberRequest) -> str:
        """Write the number."""
        return request.text

    def subject(self, request: NumberRequest, models: int) -> str:
        """`2026`."""
        del models
        return request.text

    def depiction(self, request: NumberRequest, models: int) -> str:
        """`The handwritten number 2026`."""
        del models
        return _("The handwritten number {text}.").format(text=isolate(request.text))


COMMAND = NumberCommand()
