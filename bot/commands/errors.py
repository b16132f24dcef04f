"""Errors of a line that cannot be read; the sentences are in `bot.conversation.sentences`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from core.errors import BadRequest, InvalidDigit


@contextmanager
def in_command(name: str) -> Iterator[None]:
    """Name the command in every error that is raised within this block and names none."""
    try:
        yield
    except BadRequest as error:
        error.command = error.command or name
        raise


class EmptyCommand(BadRequest):
    """There is no text."""


class MissingDigit(BadRequest):
    """The command needs a digit and none was given; `value` is the command's name."""


class MissingDigits(BadRequest):
    """The command needs digits and none were given; `value` is the command's name."""


class NumberForDigit(InvalidDigit):
    """The text is a number of several digits or with marks, where one digit is expected."""


class MissingNumber(BadRequest):
    """The command needs a number and none was given."""


class UnknownCommand(BadRequest):
    """The text is no command, or none that there is."""


class MisspelledCommand(UnknownCommand):
    """The text is no command, and a line that is one was probably meant.

    Attributes:
        meant: the line that was probably meant.
    """

    def __init__(self, value: object, meant: str) -> None:
        super().__init__(value)
        self.meant = meant


class MissingValue(BadRequest):
    """An option is named without a value; `value` is its name."""


class UnknownOption(BadRequest):
    """`name=value` with a name that the command does not have.

    Attributes:
        known: the options that it has.
    """

    def __init__(self, value: object, known: Iterable[str]) -> None:
        super().__init__(value)
        self.known = tuple(known)


class UnknownStyle(BadRequest):
    """No style has that name."""


class RepeatedOption(BadRequest):
    """The same option was given twice."""


class UnexpectedWord(BadRequest):
    """A word stands where nothing is expected."""


class Outdated(BadRequest):
    """A button or a command has a form that this version does not know."""


class WrongExtension(BadRequest):
    """A URL asks for a kind of file that the picture does not come as; `value` is the extension."""
