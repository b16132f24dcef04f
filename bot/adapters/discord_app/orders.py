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
from core.errors import BadRequest
from core.requests import StripRequest

VERSION = "1"
EPHEMERAL = "e"
SPOILER = "s"


class Kind(StrEnum):
    """What a button does with the request that it carries."""

    AGAIN = "again"
    ORIGINALS = "originals"
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


def to_custom_id(kind: Kind, request: StripRequest, order: Order) -> str:
    """Write what a button under the answer to `order` asks for."""
    manner = EPHEMERAL * order.ephemeral + SPOILER * order.spoiler
    return f"{VERSION}:{kind}:{manner}:{commands.to_text(request)}"


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
    return Order(request, EPHEMERAL in manner or Kind(kind) is Kind.ORIGINALS, SPOILER in manner)


def _request(kind: Kind, line: str, values: Sequence[str]) -> StripRequest:
    request = commands.parse(line)
    if not isinstance(request, StripRequest):
        raise Outdated(line)
    match kind:
        case Kind.AGAIN:
            return request
        case Kind.ORIGINALS:
            return replace(request, original=True)
        case Kind.PICK:
            (digit,) = values
            return replace(request, digit=commands.read_digit(digit))
