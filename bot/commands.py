"""Text to request and back: the one syntax that every adapter shares, from one table of commands."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from bot.values import RANDOM, READERS, completed, digit_name, read_digit
from core.errors import BadRequest, InvalidDigit
from core.requests import CompareRequest, DrawRequest, MorphRequest, NumberRequest, StripRequest, Style


class EmptyCommand(BadRequest):
    """There is no text."""


class MissingDigit(BadRequest):
    """The command needs a digit and none was given; `value` is the command's name."""


class MissingNumber(BadRequest):
    """The command needs a number and none was given."""


class UnknownCommand(BadRequest):
    """The text is no command, or none that there is."""


class UnknownOption(BadRequest):
    """`name=value` with a name that the command does not have.

    Attributes:
        known: the options that it has.
    """

    def __init__(self, value: object, known: Iterable[str]) -> None:
        super().__init__(value)
        self.known = tuple(known)


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


Request = DrawRequest | Topic
Words = Sequence[str]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """A command that draws.

    Attributes:
        name: what follows the slash.
        argument: what the words without a `=` say: `digit`, `number` or `digits`.
        options: what else can be given, as `name=value`.
        request: what it asks for.
        read: makes the request of those words and those options.
        write: the words again, of such a request.
    """

    name: str
    argument: str
    options: tuple[str, ...]
    request: type[DrawRequest]
    read: Callable[[Words, Values], DrawRequest]
    write: Callable[[Any], str]


def parse(text: str) -> Request:
    """Read a line such as `/digit 4 3 seed=7 model=cvae`.

    Names of commands, options and styles may be cut short as long as no two of them begin alike.

    Raises:
        BadRequest: one of its kinds here or in `core.errors`, with the part that is wrong.
    """
    name, *words = text.split() or [""]
    if not name:
        raise EmptyCommand(text)
    command = completed(name.partition("@")[0].lower(), NAMES)
    if command == "/start":
        return Topic.HELP
    if command is None:
        raise UnknownCommand(name)
    return request(command[1:], words) if command[1:] in COMMANDS else Topic(command[1:])


def request(command: str, words: Words, options: Mapping[str, str] | None = None) -> DrawRequest:
    """Read what follows a command.

    Args:
        command: the name of one of COMMANDS.
        words: in their order, options among them.
        options: more options, by name.

    Raises:
        BadRequest: as `parse`.
    """
    known = COMMANDS[command].options
    plain: list[str] = []
    given = dict(options or {})
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            plain.append(word)
            continue
        name = completed(name.lower(), known) or name.lower()
        if name in given:
            raise RepeatedOption(name)
        given[name] = value
    return COMMANDS[command].read(plain, values(command, given))


def values(command: str, given: Mapping[str, str]) -> Values:
    """Read the options of a command, as texts by name.

    Raises:
        BadRequest: as `parse`.
    """
    known = COMMANDS[command].options
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise UnknownOption(unknown, known)
    return {name: READERS[name](value) for name, value in given.items()}


def to_text(request: DrawRequest, *, brief: bool = False) -> str:
    """Write the line that `parse` reads as `request`; its form is for a button or an address to say.

    Args:
        request: what is asked for.
        brief: cut names short, where room is scarce.
    """
    command = command_of(request)
    line = [_shortest(f"/{command.name}", NAMES) if brief else f"/{command.name}", command.write(request)]
    for name, value in options_of(request).items():
        if brief:
            value = _shortest(value, tuple(Style)) if name == "style" else value
            name = _shortest(name, command.options)
        line.append(f"{name}={value}")
    return " ".join(line)


def command_of(request: DrawRequest) -> Command:
    """The command that asks for such a request."""
    return next(command for command in COMMANDS.values() if isinstance(request, command.request))


def options_of(request: DrawRequest) -> dict[str, str]:
    """The options of a request that differ from what they are when left out, as texts."""
    defaults = {field.name: field.default for field in fields(request)}
    values = {name: getattr(request, name) for name in command_of(request).options}
    return {name: _text(value) for name, value in values.items() if value != defaults[name]}


def _strip(words: Words, values: Values) -> StripRequest:
    digit, *rest = words or [""]
    if not words:
        raise MissingDigit("digit")
    if rest:
        if "count" in values:
            raise RepeatedOption("count")
        values["count"] = READERS["count"](rest[0])
    if len(rest) > 1:
        raise Leftover(rest[1])
    return StripRequest(read_digit(digit), **values)


def _number(words: Words, values: Values) -> NumberRequest:
    if not words:
        raise MissingNumber("")
    text = " ".join(words)
    digits = (str(unicodedata.decimal(sign, sign)) for sign in text)
    return NumberRequest("".join(digits), **values)


def _morph(words: Words, values: Values) -> MorphRequest:
    # `2026` is as plain as `2 0 2 6`.
    signs = [sign for word in words for sign in (word if word.isdecimal() else [word])]
    digits = [read_digit(sign) for sign in signs]
    if None in digits:
        raise InvalidDigit(RANDOM)
    return MorphRequest(tuple(digit for digit in digits if digit is not None), **values)


def _compare(words: Words, values: Values) -> CompareRequest:
    if not words:
        raise MissingDigit("compare")
    if len(words) > 1:
        raise Leftover(words[1])
    return CompareRequest(read_digit(words[0]), **values)


def _text(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _shortest(name: str, known: Iterable[str]) -> str:
    """The least of a name that `completed` completes."""
    starts = (name[:length] for length in range(1, len(name)))
    return next((start for start in starts if completed(start, known) == name), name)


COMMANDS = {
    command.name: command
    for command in (
        Command(
            "digit",
            "digit",
            ("count", "seed", "model", "style", "neat"),
            StripRequest,
            _strip,
            lambda asked: digit_name(asked.digit),
        ),
        Command(
            "number", "number", ("seed", "model", "style", "neat"), NumberRequest, _number, lambda asked: asked.text
        ),
        Command(
            "morph",
            "digits",
            ("seed", "model", "style", "neat"),
            MorphRequest,
            _morph,
            lambda asked: " ".join(map(str, asked.digits)),
        ),
        Command(
            "compare",
            "digit",
            ("seed", "models", "style", "neat"),
            CompareRequest,
            _compare,
            lambda asked: digit_name(asked.digit),
        ),
    )
}
"""Every command that draws, by its name."""
NAMES = frozenset({*(f"/{name}" for name in COMMANDS), *(f"/{topic.value}" for topic in Topic), "/start"})
"""Every command that `parse` knows."""
