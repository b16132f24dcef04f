"""The values that a command can be given: a digit, and those of its options."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from core.errors import BadRequest, InvalidCount, InvalidDigit, InvalidNeatness, InvalidSeed
from core.requests import Style

RANDOM = "random"
WORDS = {
    word: digit
    for digit, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
EMOJI_STYLE = "\N{VARIATION SELECTOR-16}"


class UnknownStyle(BadRequest):
    """There is no style of that name."""


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


def digit_name(digit: int | None) -> str:
    """What `read_digit` reads as that digit."""
    return RANDOM if digit is None else str(digit)


def completed(text: str, known: Iterable[str]) -> str | None:
    """The one of `known` that is the text, or else the only one that begins with it."""
    found = [name for name in known if name.startswith(text)]
    return text if text in found else found[0] if len(found) == 1 else None


def _count(text: str) -> int:
    return _integer(text, InvalidCount)


def _seed(text: str) -> int:
    return _integer(text, InvalidSeed)


def _neat(text: str) -> int:
    return _integer(text, InvalidNeatness)


def _style(text: str) -> Style:
    style = completed(text.lower(), tuple(Style))
    if style is None:
        raise UnknownStyle(text)
    return Style(style)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in map(str.strip, text.split(",")) if name)


def _integer(text: str, error: type[BadRequest]) -> int:
    # Eleven characters hold every seed; int() alone would take underscores and 4,000 digits.
    if not re.fullmatch(r"-?[0-9]{1,10}", text):
        raise error(text)
    return int(text)


READERS: Mapping[str, Callable[[str], object]] = {
    "count": _count,
    "seed": _seed,
    "model": str,
    "models": _names,
    "style": _style,
    "neat": _neat,
}
"""Every option that there is, and how it is read."""
