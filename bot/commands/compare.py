"""`/compare 4`: one digit by several models."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import converters, scores
from bot.commands.base import PictureCommand, Values, Words
from bot.commands.errors import MissingDigit, UnexpectedWord
from bot.commands.options import DIGIT, MODELS, NEAT, SEED, STYLE
from bot.commands.scores import Result
from bot.i18n import gettext as _
from bot.i18n import isolate, lazy, ngettext
from bot.text import listed
from core.catalog import Model
from core.pictures.comparison import CompareRequest, accuracy


class CompareCommand(PictureCommand[CompareRequest]):
    """Draw a row a model."""

    name = "compare"
    description = lazy("See a digit by every model, one above the other")
    position = 4
    request = CompareRequest
    argument = DIGIT
    options = (SEED, MODELS, STYLE, NEAT)
    example = "/compare 4"
    prompt = lazy("Which digit?")

    def read(self, words: Words, values: Values) -> CompareRequest:
        """Read a digit."""
        if not words:
            raise MissingDigit(self.name)
        if len(words) > 1:
            raise UnexpectedWord(words[1])
        return CompareRequest(converters.to_digit(words[0]), **values)

    def write(self, request: CompareRequest) -> str:
        """Write the digit."""
        return converters.from_digit(request.digit)

    def blank(self) -> CompareRequest:
        """Return a comparison of any digit."""
        return CompareRequest(None)

    def choices(self, request: CompareRequest) -> tuple[tuple[str, CompareRequest], ...]:
        """Return the ten digits."""
        return tuple((str(digit), replace(request, digit=digit)) for digit in range(10))

    def for_originals(self, asked: CompareRequest, drawn: CompareRequest) -> CompareRequest:
        """Leave the models out where nobody named them: their names would be too long for a button."""
        return replace(drawn, names=asked.names)

    def log_fields(self, request: CompareRequest) -> dict[str, object]:
        """Return the digit."""
        return {} if request.digit is None else {"digit": request.digit}

    def credit(self, request: CompareRequest, titles: Sequence[str]) -> list[str]:
        """Return nothing: the rows have labels."""
        del request, titles
        return []

    def depicted_credit(self, titles: Sequence[str]) -> str:
        """Return the titles in the order of the rows."""
        return _("From top to bottom: {titles}.").format(titles=listed(map(isolate, titles)))

    def subject(self, request: CompareRequest, models: int) -> str:
        """`4 by 6 models`."""
        text = ngettext("{digit} by {count} model", "{digit} by {count} models", models)
        return text.format(digit=converters.show_digit(request.digit), count=models)

    def depiction(self, request: CompareRequest, models: int) -> str:
        """`The digit 4, handwritten by 6 models`."""
        text = ngettext(
            "The digit {digit}, handwritten by {count} model.",
            "The digit {digit}, handwritten by {count} models.",
            models,
        )
        return text.format(digit=converters.show_digit(request.digit), count=models)

    def note(self, models: Sequence[Model]) -> str:
        """Explain the figures on the sheet, if it has any."""
        if not any(map(accuracy, models)):
            return ""
        return _(
            "The percentage: how many of a model's digits a program that learned from real handwriting reads right."
        )

    def results(self, models: Sequence[Model]) -> list[Result]:
        """Return all scores."""
        return scores.results(models)


COMMAND = CompareCommand()
