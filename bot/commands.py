"""Text to request and back: the one syntax that every adapter with a text line shares."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from core.errors import BadRequest, InvalidCount, InvalidDigit, InvalidSeed
from core.requests import DEFAULT_COUNT, StripRequest

RANDOM = "random"
WORDS = {
    word: digit
    for digit, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
EMOJI_STYLE = "\N{VARIATION SELECTOR-16}"


class EmptyCommand(BadRequest):
    """There is no text."""


class MissingDigit(BadRequest):
    """The command needs a digit and none was given."""


class UnknownCommand(BadRequest):
    """The text is no command, or none that there is."""


class UnknownOption(BadRequest):
    """`name=value` with a name that the command does not have."""


class RepeatedOption(BadRequest):
    """The same option was given twice."""


class Leftover(BadRequest):
    """A word that stands where nothing is expected."""


class Outdated(BadRequest):
    """A button or a command in a form that this version does not know."""


class Topic(Enum):
    """A command that is answered with text."""

    HELP = "help"
    MODELS = "models"
    ABOUT = "about"


Request = StripRequest | Topic
NAMES = frozenset({"/digit", "/start"} | {f"/{topic.value}" for topic in Topic})
"""Every command that `parse` knows."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What follows the name of a command: words in order, and options by name."""

    plain: tuple[str, ...]
    options: dict[str, str]


def parse(text: str) -> Request:
    """Read a line such as `/digit 4 3 seed=7 model=cvae`.

    Raises:
        BadRequest: one of its kinds here or in `core.errors`, with the part that is wrong.
    """
    name, *words = text.split() or [""]
    if not name:
        raise EmptyCommand(text)
    command = name.partition("@")[0].lower()
    if command == "/digit":
        return parse_strip(words)
    if command == "/start":
        return Topic.HELP
    if command in NAMES:
        return Topic(command[1:])
    raise UnknownCommand(name)


def parse_strip(words: Sequence[str]) -> StripRequest:
    """Read what follows `/digit`, word by word.

    Raises:
        BadRequest: as `parse`.
    """
    return _strip(_sort(words))


def to_text(request: StripRequest) -> str:
    """Write the shortest line that `parse` reads as `request` (an original is asked for by a button)."""
    words = ["/digit", RANDOM if request.digit is None else str(request.digit)]
    if request.count != DEFAULT_COUNT:
        words.append(f"count={request.count}")
    if request.seed is not None:
        words.append(f"seed={request.seed}")
    if request.model is not None:
        words.append(f"model={request.model}")
    return " ".join(words)


def strip_request(digit: str, options: dict[str, str]) -> StripRequest:
    """Build a request from texts: a digit, and options among count, seed and model.

    Raises:
        BadRequest: a value is no number or out of its range, or an option is none of the three.
    """
    readers: dict[str, Callable[[str], object]] = {"count": _count, "seed": _seed, "model": str}
    unknown = next((name for name in options if name not in readers), None)
    if unknown is not None:
        raise UnknownOption(unknown)
    values = {name: readers[name](value) for name, value in options.items()}
    return StripRequest(read_digit(digit), **values)  # type: ignore[arg-type]


def read_digit(text: str) -> int | None:
    """Read `4`, `four`, a 4 of any script, or 4 as an emoji; `random` is None.

    Raises:
        InvalidDigit: the text is none of these.
    """
    word = text.lower().removesuffix(KEYCAP).removesuffix(EMOJI_STYLE)
    if word == RANDOM:
        return None
    if word in WORDS:
        return WORDS[word]
    if len(word) == 1 and unicodedata.decimal(word, None) is not None:
        return unicodedata.decimal(word)
    raise InvalidDigit(text)


def _strip(words: _Words) -> StripRequest:
    if not words.plain:
        raise MissingDigit("")
    digit, *rest = words.plain
    options = dict(words.options)
    if rest:
        if "count" in options:
            raise RepeatedOption("count")
        options["count"] = rest[0]
    if len(rest) > 1:
        raise Leftover(rest[1])
    return strip_request(digit, options)


def _sort(words: Sequence[str]) -> _Words:
    plain: list[str] = []
    options: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            plain.append(word)
        elif name.lower() in options:
            raise RepeatedOption(name.lower())
        else:
            options[name.lower()] = value
    return _Words(tuple(plain), options)


def _count(text: str) -> int:
    return _integer(text, InvalidCount)


def _seed(text: str) -> int:
    return _integer(text, InvalidSeed)


def _integer(text: str, error: type[BadRequest]) -> int:
    # Eleven characters hold every seed; int() alone would take underscores and 4,000 digits.
    if not re.fullmatch(r"-?[0-9]{1,10}", text):
        raise error(text)
    return int(text)
