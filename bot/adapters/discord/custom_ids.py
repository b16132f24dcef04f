"""A request and its display as the `custom_id` of a button.

The form is `VERSION:KIND:FLAGS:LINE`, such as `1:again:e:/digit 4 count=3`. It carries the whole request, so that a
button needs no memory on our side and outlives the process that sent it.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.adapters.discord.display import Display
from bot.commands import parser, registry
from bot.commands.base import Request, TextRequest
from bot.commands.errors import Outdated
from core.errors import BadRequest
from core.pictures.base import Form

VERSION = "1"
EPHEMERAL, SPOILER = "e", "s"
"""Flags."""
MAX_CHARACTERS = 100
"""Characters that Discord allows."""


class Kind(StrEnum):
    """The kind of a button: the request as it is, as its untouched images, completed by the value picked, or a line."""

    AGAIN = "again"
    ORIGINALS = "originals"
    ARCHIVE = "archive"
    PICK = "pick"
    LINE = "line"


FORMS = {Kind.ORIGINALS: Form.ORIGINAL, Kind.ARCHIVE: Form.ARCHIVE}
"""The form of a picture for the kinds that bring untouched images."""


def write(kind: Kind, request: Request, display: Display) -> str | None:
    """Write the `custom_id` of a button; None if it would be too long."""
    head = f"{VERSION}:{kind}:{EPHEMERAL * display.ephemeral}{SPOILER * display.spoiler}:"
    # In full where there is room: a later version may have more names, and a cut one may then mean two.
    lines = (parser.write(request, brief=brief) for brief in (False, True))
    return next((head + line for line in lines if len(head + line) <= MAX_CHARACTERS), None)


def read(custom_id: str, values: Sequence[str] = ()) -> Request:
    """Read the request of a button.

    Args:
        custom_id: as `write` wrote it.
        values: the values that were picked, for a button of kind PICK.

    Raises:
        Outdated: this version writes no such thing.
    """
    try:
        version, kind, _flags, line = custom_id.split(":", 3)
        request = _complete(Kind(kind), line, values)
    except (ValueError, KeyError, BadRequest):
        raise Outdated(custom_id) from None
    if version != VERSION:
        raise Outdated(custom_id)
    return request


def read_display(custom_id: str) -> Display:
    """Read the display of a button's answer; untouched images are for the person alone."""
    _version, kind, flags, *_ = [*custom_id.split(":", 3), "", ""]
    return Display(EPHEMERAL in flags or kind in FORMS, SPOILER in flags)


def _complete(kind: Kind, line: str, values: Sequence[str]) -> Request:
    request = parser.parse(line)
    if kind is Kind.LINE:
        return request
    if isinstance(request, TextRequest):
        raise Outdated(line)
    if kind is Kind.PICK:
        (value,) = values
        completed: Request = dict(registry.command_for(request).choices(request))[value]
        return completed
    return replace(request, form=FORMS.get(kind, request.form))
