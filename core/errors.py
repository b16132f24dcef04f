"""The tree of errors, each with the data of what went wrong.

    DigitError
    |-- BadRequest
    |   |-- InvalidDigit(value)
    |   |-- InvalidCount(value)
    |   |-- InvalidSize(value)
    |   |-- InvalidSeed(value)
    |   |-- InvalidNeatness(value)
    |   |-- InvalidNumber(value)
    |   |-- NumberTooLong(value)
    |   |-- InvalidMorph(value)
    |   |-- EqualNeighbours(value)
    |   |-- InvalidHand(value)
    |   |-- InvalidWalk(value)
    |   |-- HandlessModel(value, known)
    |   |-- InvalidPhoto(value, most)
    |   `-- UnknownModel(value, known)
    |-- TryLater(retry_after)
    |   `-- Overloaded
    |-- Closed
    `-- BadWeights(path, reason)

None of them holds a sentence for people: the bot has those, in each person's language.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path


class DigitError(Exception):
    """The base of every error that this program raises on purpose."""


class BadRequest(DigitError):
    """The request cannot be drawn.

    Attributes:
        value: the part of the request that was wrong, as it was given.
        command: the name of the command that it was given to; empty where that is not known.
    """

    command: str = ""

    def __init__(self, value: object) -> None:
        super().__init__(value)
        self.value = value


class InvalidDigit(BadRequest):
    """The digit is not one of 0..9."""


class InvalidCount(BadRequest):
    """The number of images is not one of 1..10."""


class InvalidSize(BadRequest):
    """The number of images of each digit in a data set is not one of 1..10,000."""


class InvalidSeed(BadRequest):
    """The seed is not an integer in 0..2**32 - 1."""


class InvalidNeatness(BadRequest):
    """The neatness is not an integer in 0..100."""


class InvalidNumber(BadRequest):
    """The text is no number: it has no digit, or something that is neither digit nor mark."""


class NumberTooLong(BadRequest):
    """The number has more digits or characters than fit a picture."""


class InvalidMorph(BadRequest):
    """There is no digit to morph, or more than six; `value` says how many."""


class EqualNeighbours(BadRequest):
    """A morph would stand still between two equal digits."""


class UnknownModel(BadRequest):
    """No model has that name.

    Attributes:
        known: the names that there are.
    """

    def __init__(self, value: object, known: Sequence[str]) -> None:
        super().__init__(value)
        self.known = tuple(known)


class InvalidHand(BadRequest):
    """The text is no hand's token."""


class InvalidWalk(BadRequest):
    """The place of a walk is not two numbers in -1..1."""


class HandlessModel(UnknownModel):
    """That model cannot write in a hand; `known` are those that can."""


class Flaw(StrEnum):
    """The flaw of a photo that cannot be used."""

    BYTES = "bytes"
    PIXELS = "pixels"
    FORMAT = "format"
    DAMAGED = "damaged"


class InvalidPhoto(BadRequest):
    """A photo cannot be used; `value` is its flaw.

    Attributes:
        most: bytes or pixels that it may have, if it has too many.
    """

    value: Flaw

    def __init__(self, value: Flaw, most: int = 0) -> None:
        super().__init__(value)
        self.most = most


class TryLater(DigitError):
    """The request can be served, but not now.

    Attributes:
        retry_after: whole seconds after which to ask again, at least 1.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Overloaded(TryLater):
    """The queue is full."""


class Closed(DigitError):
    """The service is shutting down and takes nothing new."""


class BadWeights(DigitError):
    """The weights folder, or a file in it, cannot be used.

    Attributes:
        path: the file or folder.
        reason: what is wrong with it, a clause for an operator.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
