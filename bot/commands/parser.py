"""A line such as `/digit 4 3 seed=7` to a request, and back: the one syntax that every platform shares."""

from collections.abc import Mapping

from bot.commands import registry
from bot.commands.base import Drawing, PictureCommand, Request, TextRequest, Words
from bot.commands.converters import abbreviate, complete
from bot.commands.errors import (
    EmptyCommand,
    MissingValue,
    RepeatedOption,
    UnknownCommand,
    UnknownOption,
    in_command,
)
from core.pictures.base import PictureRequest

DIRECTIONS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Invisible signs of bidirectional text, dropped: they come along where an example is copied from Arabic."""


def without_directions(text: str) -> str:
    """Return a text without the invisible signs of its directions."""
    return text.translate(DIRECTIONS)


def parse(text: str) -> Request:
    """Read a line such as `/digit 4 3 seed=7 model=cvae`.

    Names of commands, options and styles may be cut short as long as no two of them begin alike.

    Raises:
        BadRequest: one of its kinds in `bot.commands.errors` or `core.errors`, with the part that is wrong.
    """
    word, *words = without_directions(text).split() or [""]
    if not word:
        raise EmptyCommand(text)
    slashed = {f"/{name}": name for name in registry.names()}
    found = complete(word.partition("@")[0].lower(), slashed)
    if found is None:
        raise UnknownCommand(word)
    command = registry.find(slashed[found])
    if isinstance(command, PictureCommand):
        return read(command.name, words)
    return TextRequest(command.name)


def read(name: str, words: Words, options: Mapping[str, str] | None = None) -> PictureRequest:
    """Read the words behind the name of a command that draws.

    Args:
        name: of the command.
        words: in their order, options among them.
        options: more options, by name.

    Raises:
        BadRequest: as `parse`.
    """
    command = registry.picture_command(name)
    with in_command(command.name):
        return _read(command, words, options or {})


def _read(command: Drawing, words: Words, options: Mapping[str, str]) -> PictureRequest:
    known = [option.name for option in command.options]
    plain: list[str] = []
    given = dict(options)
    for word in words:
        option, equals, value = word.partition("=")
        if not equals and option.lower() in known:
            raise MissingValue(option)
        if not equals:
            plain.append(word)
            continue
        option = complete(option.lower(), known) or option.lower()
        if option in given:
            raise RepeatedOption(option)
        given[option] = value
    unknown = next((option for option in given if option not in known), None)
    if unknown is not None:
        raise UnknownOption(unknown, known)
    request: PictureRequest = command.read(plain, command.convert_options(given))
    return request


def write(request: Request, *, brief: bool = False) -> str:
    """Write the line that `parse` reads as the request; the form of a picture is not a part of it.

    Args:
        request: for a picture or a text.
        brief: cut names short, where room is scarce.
    """
    if isinstance(request, TextRequest):
        return f"/{request.command}"
    command = registry.command_for(request)
    options = {option.name: option for option in command.options}
    name = f"/{command.name}"
    line = [abbreviate(name, [f"/{known}" for known in registry.names()]) if brief else name, command.write(request)]
    for name, value in command.given_options(request).items():
        if brief and options[name].choices:
            value = abbreviate(value, options[name].choices)
        line.append(f"{abbreviate(name, options) if brief else name}={value}")
    return " ".join(line)
