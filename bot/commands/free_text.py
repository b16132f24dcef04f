"""Free text to a request: what people type where every message is for the bot, with a command or without one."""

import unicodedata
from collections.abc import Iterator
from contextlib import suppress

from bot.commands import converters, parser, registry
from bot.commands.base import PictureCommand, Request, Words
from bot.commands.errors import MisspelledCommand, UnknownCommand
from core.errors import BadRequest

DIGIT, NUMBER, MORPH = "digit", "number", "morph"
"""The commands that are understood without their names."""
MAX_SENTENCE_WORDS = 12
"""Words of a sentence that is searched for a digit: a long text would hold up the others."""


def read(text: str) -> Request:
    """Read a line as `parser.parse` does, or without its slash; or a digit, a number, a date, or `3 to 8` alone.

    Raises:
        MisspelledCommand: the first word is close to the name of a command.
        BadRequest: as `parser.parse`.
    """
    line = parser.without_directions(text).strip()
    if not line.startswith("/"):
        line = _without_marks(line) or line
    words = line.removeprefix("/").split()
    if line.startswith("/") or not words:
        with suppress(UnknownCommand):
            return parser.parse(line)
    elif words[0].partition("@")[0].lower() in registry.names():
        return parser.parse(f"/{line}")
    name = _command_for([word for word in words if "=" not in word])
    if name is None:
        raise _unknown(line)
    return parser.read(name, words)


def _command_for(words: Words) -> str | None:
    """Return the command that is meant by these words alone; None if they begin neither with a digit nor a number."""
    joined = converters.split_morph(" ".join(words))
    if len(joined) > 1 and all(map(converters.is_digit, joined)) and _reads(MORPH, words):
        return MORPH
    for name in (DIGIT, NUMBER):
        if _reads(name, words):
            return name
    # The error of the nearest command is the better hint.
    first = words[0] if words else ""
    if converters.is_digit(first):
        return DIGIT
    return NUMBER if first[:1].isdecimal() else None


def _reads(name: str, words: Words) -> bool:
    try:
        registry.picture_command(name).read(words, {})
    except BadRequest:
        return False
    return True


def _unknown(line: str) -> UnknownCommand:
    """Return the error for a line without a command, with the line that was probably meant if there is one."""
    word, *rest = line.split()
    typed = word.removeprefix("/").partition("@")[0].lower()
    # Whoever reads the page about the command line types its names, too.
    names = {command.name: command for command in registry.commands()}
    names |= {command.cli_name: command for command in registry.picture_commands() if command.cli_name}
    close = converters.closest(typed, names)
    if close is None:
        cut_short = [command for name, command in names.items() if typed and name.startswith(typed)]
        drawings = [(one.name, rest) for one in cut_short if isinstance(one, PictureCommand)]
        # In “a four” the 4 is meant, and not /about.
        meant = _first_read(*drawings, *_in_sentence(rest), *((one.name, rest) for one in cut_short))
        return MisspelledCommand(word, meant) if meant else UnknownCommand(word)
    command = names[close]
    example = command.example if isinstance(command, PictureCommand) else f"/{command.name}"
    return MisspelledCommand(word, _first_read((command.name, rest), *_in_sentence(rest)) or example)


def _in_sentence(words: Words) -> Iterator[tuple[str, Words]]:
    """Find what may be drawn in a sentence such as `please draw a 4`: names of commands, and their words."""
    words = [_without_marks(word) for word in words] if len(words) <= MAX_SENTENCE_WORDS else []
    for start, word in enumerate(words):
        for part in (words[start:], [word]):
            name = _command_for([word for word in part if "=" not in word])
            if name is not None:
                yield name, part


def _without_marks(text: str) -> str:
    """Remove the spaces and punctuation at the end of a text, in any script."""
    end = len(text)
    while end and (text[end - 1].isspace() or unicodedata.category(text[end - 1]).startswith("P")):
        end -= 1
    return text[:end]


def _first_read(*lines: tuple[str, Words]) -> str | None:
    """Return the first of these lines, names and words, that can be read, as it is typed."""
    for name, words in lines:
        with suppress(BadRequest):
            return parser.write(parser.parse(" ".join([f"/{name}", *words])))
    return None
