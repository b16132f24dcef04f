"""Errors of a line that cannot be read; the sentences are in `bot.conversation.sentences`."""

from collections.abc import Iterable

from core.errors import BadRequest


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
