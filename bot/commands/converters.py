"""Texts to values: a digit, and the values of options."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from bot.commands.errors import NumberForDigit, UnknownStyle
from bot.i18n import translations
from core.errors import BadRequest, InvalidCount, InvalidDigit, InvalidNeatness, InvalidSeed, InvalidWalk
from core.imaging.styles import Style
from core.pictures.number import MAX_CHARACTERS, NumberRequest
from core.walk import Place

RANDOM = "random"
UNKNOWN_DIGIT = "?"
"""A random digit in a text, before it is drawn."""
KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
EMOJI_STYLE = "\N{VARIATION SELECTOR-16}"
SHARE = re.compile(r"[-+]?(?:[0-9]{1,3}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
SHARE_DECIMALS = 2
"""Decimals of a place's shares that are kept: a hundredth is half a degree, less than the eye sees."""
MIN_SIMILARITY = 0.7
"""Share of equal letters (difflib) from which a word is taken for a misspelled name: `mroph`, but not `hello`."""


def to_digit(text: str) -> int | None:
    """Convert `4`, a word such as `four` or `vier`, a 4 of any script, or 4 as an emoji; `random` is None.

    Raises:
        InvalidDigit: the text is none of these; `NumberForDigit` if it is a number.
    """
    word = text.lower().removesuffix(KEYCAP).removesuffix(EMOJI_STYLE)
    if word == RANDOM:
        return None
    if len(word) == 1 and unicodedata.decimal(word, None) is not None:
        return unicodedata.decimal(word)
    # A capital İ in lower case has a dot of its own.
    word = unicodedata.normalize("NFC", word.replace("i\N{COMBINING DOT ABOVE}", "i"))
    for digit, spellings in enumerate(_spellings()):
        if any(word in line.split() for line in spellings):
            return digit
    raise NumberForDigit(text) if is_number(text) else InvalidDigit(text)


def is_number(text: str) -> bool:
    """Return whether a text can be written as a number: `2026`, `12:30`."""
    if len(text) > MAX_CHARACTERS:
        return False
    try:
        NumberRequest(to_ascii_digits(text))
    except BadRequest:
        return False
    return True


def is_digit(text: str) -> bool:
    """Return whether `to_digit` converts a text."""
    try:
        to_digit(text)
    except InvalidDigit:
        return False
    return True


def show_digit(digit: int | None) -> str:
    """Return a digit for a caption."""
    return UNKNOWN_DIGIT if digit is None else str(digit)


def from_digit(digit: int | None) -> str:
    """Write a digit as `to_digit` reads it."""
    return RANDOM if digit is None else str(digit)


def split_morph(text: str) -> list[str]:
    """Split `3-8`, `3 -> 8`, or `3 to 8` in any of the languages, at the signs and words between."""
    lines = translations("words between two digits of a morph, with spaces between", "to")
    words = "|".join(re.escape(word) for line in lines for word in line.split())
    letter = r"[^\W\d_]"
    return re.split(rf"\s*(?:->|[-–—→]|(?<!{letter})(?:{words})(?!{letter}))\s*", text, flags=re.IGNORECASE)


def to_ascii_digits(text: str) -> str:
    """Replace the decimal digits of every script by 0 to 9."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def to_count(text: str) -> int:
    """Convert a number of images."""
    return _to_integer(text, InvalidCount)


def to_seed(text: str) -> int:
    """Convert a seed."""
    return _to_integer(text, InvalidSeed)


def to_neatness(text: str) -> int:
    """Convert a neatness."""
    return _to_integer(text, InvalidNeatness)


def to_place(text: str) -> Place:
    """Convert `0.3,-0.5`, a place of a walk.

    Raises:
        InvalidWalk: these are not two numbers.
    """
    shares = text.split(",")
    if len(shares) != 2 or not all(map(SHARE.fullmatch, shares)):
        raise InvalidWalk(text)
    # 0 is added for -0.0, which would be written -0.
    across, up = (round(float(share), SHARE_DECIMALS) + 0 for share in shares)
    return across, up


def to_style(text: str) -> Style:
    """Convert the name of a style, or the beginning of it.

    Raises:
        UnknownStyle: no style begins like that, or several do.
    """
    style = complete(text.lower(), tuple(Style))
    if style is None:
        raise UnknownStyle(text)
    return Style(style)


def to_names(text: str) -> tuple[str, ...]:
    """Convert a list of names with commas between them."""
    return tuple(name for name in map(str.strip, text.split(",")) if name)


def to_text(value: object) -> str:
    """Write the value of an option."""
    if isinstance(value, tuple):
        return ",".join(map(to_text, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def complete(text: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that is the text, or else the only one that begins with it."""
    found = [name for name in known if name.startswith(text)]
    return text if text in found else found[0] if len(found) == 1 else None


def abbreviate(name: str, known: Iterable[str]) -> str:
    """Return the shortest beginning of a name that `complete` completes."""
    known = tuple(known)
    starts = (name[:length] for length in range(1, len(name)))
    return next((start for start in starts if complete(start, known) == name), name)


def closest(text: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that a text is, misspelled or not; None if it is close to none of them."""
    return next(iter(get_close_matches(text, tuple(known), n=1, cutoff=MIN_SIMILARITY)), None)


def _spellings() -> tuple[tuple[str, ...], ...]:
    """Return the words for each digit, a line of them for each language."""
    return (
        translations("words for a digit, with spaces between", "zero"),
        translations("words for a digit, with spaces between", "one"),
        translations("words for a digit, with spaces between", "two"),
        translations("words for a digit, with spaces between", "three"),
        translations("words for a digit, with spaces between", "four"),
        translations("words for a digit, with spaces between", "five"),
        translations("words for a digit, with spaces between", "six"),
        translations("words for a digit, with spaces between", "seven"),
        translations("words for a digit, with spaces between", "eight"),
        translations("words for a digit, with spaces between", "nine"),
    )


def _to_integer(text: str, error: type[BadRequest]) -> int:
    # Eleven characters hold every seed; int() alone would take underscores and 4,000 digits.
    if not re.fullmatch(r"-?[0-9]{1,10}", text):
        raise error(text)
    return int(text)
