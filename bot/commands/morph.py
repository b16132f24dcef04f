"""`/morph 3 8`: an animation from digit to digit and back."""

from collections.abc import Mapping
from typing import ClassVar

from bot.commands import converters
from bot.commands.base import PictureCommand, Values, Words
from bot.commands.errors import MissingDigits
from bot.commands.options import HAND, MODEL, NEAT, SEED, STYLE, Argument
from bot.i18n import gettext as _
from bot.i18n import lazy
from bot.text import Example, listed
from core.errors import BadRequest, EqualNeighbours, InvalidDigit, InvalidMorph
from core.pictures.morph import MAX_STATIONS, MorphRequest


class MorphCommand(PictureCommand[MorphRequest]):
    """Animate digits."""

    name = "morph"
    description = lazy("Watch one digit turn into another, and back")
    position = 3
    request = MorphRequest
    argument = Argument(
        name="digits",
        description=lazy(
            "Two to {stations} digits, such as 3 8; one to see it change among its kind", stations=MAX_STATIONS
        ),
        several=True,
    )
    options = (SEED, MODEL, STYLE, NEAT, HAND)
    example = "/morph 3 8"

    sentences: ClassVar[Mapping[type[BadRequest], lazy]] = {
        InvalidMorph: lazy("A morph goes through one to {stations} digits, not {value}. Try {example}."),
        EqualNeighbours: lazy(
            "Two digits in a row must differ: from {value} to {value} nothing would change. "
            "Try {example}, or {single} for a morph among fours."
        ),
    }

    sentence_fields: ClassVar[Mapping[str, object]] = {"stations": MAX_STATIONS, "single": Example("/morph 4")}

    def read(self, words: Words, values: Values) -> MorphRequest:
        """Read digits; `2026` is as plain as `2 0 2 6`, and `3-8` or `3 to 8` as `3 8`."""
        parts = " ".join(converters.split_morph(" ".join(words))).replace(",", " ").split()
        if not parts:
            raise MissingDigits(self.name)
        signs = [sign for part in parts for sign in (part if part.isdecimal() else [part])]
        digits = [converters.to_digit(sign) for sign in signs]
        if None in digits:
            raise InvalidDigit(converters.RANDOM)
        return MorphRequest(tuple(digit for digit in digits if digit is not None), **values)

    def write(self, request: MorphRequest) -> str:
        """Write the digits with spaces between."""
        return " ".join(map(str, request.digits))

    def subject(self, request: MorphRequest, models: int) -> str:
        """`3 → 8 → 3`."""
        del models
        first, *rest = request.digits
        if not rest:
            return _("A morph of the digit {digit}").format(digit=first)
        return " → ".join(map(str, (first, *rest, first)))

    def depiction(self, request: MorphRequest, models: int) -> str:
        """`Handwritten digits that turn into one another: 3, 8, 3`."""
        del models
        first, *rest = request.digits
        if not rest:
            return _("A handwritten {digit} that turns into others of its kind.").format(digit=first)
        text = _("Handwritten digits that turn into one another: {digits}.")
        return text.format(digits=listed((first, *rest, first)))


COMMAND = MorphCommand()
