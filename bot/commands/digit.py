"""`/digit 4`: a strip of one digit."""

from dataclasses import replace

from bot.commands import converters
from bot.commands.base import PictureCommand, Values, Words
from bot.commands.errors import MissingDigit, RepeatedOption, UnexpectedWord
from bot.commands.options import COUNT, DIGIT, HAND, MODEL, NEAT, SEED, STYLE, WALK
from bot.i18n import lazy, ngettext
from core.pictures.strip import StripRequest


class DigitCommand(PictureCommand[StripRequest]):
    """Draw a strip; the word behind the digit is the count."""

    name = "digit"
    description = lazy("Draw a handwritten digit that nobody ever wrote")
    position = 1
    request = StripRequest
    argument = DIGIT
    options = (COUNT, SEED, MODEL, STYLE, NEAT, HAND, WALK)
    example = "/digit 4"
    prompt = lazy("Which digit?")
    cli_name = "draw"

    def read(self, words: Words, values: Values) -> StripRequest:
        """Read a digit, and a count behind it."""
        if not words:
            raise MissingDigit(self.name)
        digit, *rest = words
        if rest:
            if "count" in values:
                raise RepeatedOption("count")
            if not rest[0].removeprefix("-").isdecimal():
                raise UnexpectedWord(rest[0])
            values["count"] = COUNT.convert(rest[0])
        if len(rest) > 1:
            raise UnexpectedWord(rest[1])
        return StripRequest(converters.to_digit(digit), **values)

    def write(self, request: StripRequest) -> str:
        """Write the digit."""
        return converters.from_digit(request.digit)

    def blank(self) -> StripRequest:
        """Return a strip of any digit."""
        return StripRequest(None)

    def choices(self, request: StripRequest) -> tuple[tuple[str, StripRequest], ...]:
        """Return the ten digits."""
        return tuple((str(digit), replace(request, digit=digit)) for digit in range(10))

    def log_fields(self, request: StripRequest) -> dict[str, object]:
        """Return the digit."""
        return {} if request.digit is None else {"digit": request.digit}

    def subject(self, request: StripRequest, models: int) -> str:
        """`5 × 4`."""
        del models
        return f"{request.count} × {converters.show_digit(request.digit)}"

    def depiction(self, request: StripRequest, models: int) -> str:
        """`The digit 4, handwritten 5 times`."""
        del models
        text = ngettext(
            "The digit {digit}, handwritten once.", "The digit {digit}, handwritten {count} times.", request.count
        )
        return text.format(digit=converters.show_digit(request.digit), count=request.count)


COMMAND = DigitCommand()
