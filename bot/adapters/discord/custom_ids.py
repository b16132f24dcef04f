"""What somebody asks for and how it is to be shown, also as the `custom_id` of a button.

A `custom_id` is `VERSION:KIND:MANNER:LINE`, such as `1:again:e:/digit 4 count=3`: it carries the whole
request, so that a button needs no memory on our side and outlives the process that sent it. LINE is
what `bot.commands` reads, so a new command needs no new form; a new kind of button needs a new KIND.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot import commands
from bot.commands import Outdated, Request
from bot.values import read_digit
from core.errors import BadRequest
from core.requests import CompareRequest, DrawRequest, Form, StripRequest

VERSION = "1"
EPHEMERAL = "e"
SPOILER = "s"
MANNERS = ("ephemeral", "spoiler")
"""The options of a command that are about its answer, as `Order` has them."""
LONGEST = 100
"""Characters that a `custom_id` may have."""


class Kind(StrEnum):
    """What a button does with the request that it carries."""

    AGAIN = "again"
    ORIGINALS = "originals"
    ARCHIVE = "archive"
    PICK = "pick"


@dataclass(frozen=True, slots=True)
class Order:
    """A request and the manner of its answer.

    Attributes:
        request: what to draw or to tell.
        ephemeral: show the answer to nobody but the person who asked.
        spoiler: hide the picture until it is clicked.
    """

    request: Request
    ephemeral: bool = False
    spoiler: bool = False


def to_custom_id(kind: Kind, request: DrawRequest, order: Order) -> str | None:
    """Write what a button under the answer to `order` asks for, or None where that is too long for a button."""
    head = f"{VERSION}:{kind}:{EPHEMERAL * order.ephemeral}{SPOILER * order.spoiler}:"
    # In full where there is room: a later version may have more names, and a brief one may then mean two.
    lines = (commands.to_text(request), commands.to_text(request, brief=True))
    return next((head + line for line in lines if len(head + line) <= LONGEST), None)


def read_custom_id(custom_id: str, values: Sequence[str] = ()) -> Order:
    """Read what a button asks for.

    Args:
        custom_id: as `to_custom_id` wrote it.
        values: what was picked, for a button of kind PICK.

    Raises:
        Outdated: this version writes no such thing.
    """
    try:
        version, kind, manner, line = custom_id.split(":", 3)
        request = _request(Kind(kind), line, values)
    except (ValueError, BadRequest):
        raise Outdated(custom_id) from None
    if version != VERSION:
        raise Outdated(custom_id)
    return Order(request, EPHEMERAL in manner or request.form is not Form.PICTURE, SPOILER in manner)


def _request(kind: Kind, line: str, values: Sequence[str]) -> DrawRequest:
    request = commands.parse(line)
    match kind, request:
        case Kind.AGAIN, DrawRequest():
            return request
        case Kind.ORIGINALS, DrawRequest():
            return replace(request, form=Form.ORIGINAL)
        case Kind.ARCHIVE, DrawRequest():
            return replace(request, form=Form.ARCHIVE)
        case Kind.PICK, StripRequest() | CompareRequest():
            (digit,) = values
            return replace(request, digit=read_digit(digit))
    raise Outdated(line)
