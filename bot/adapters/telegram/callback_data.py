"""Callback data: a button carries its whole request, so that it works for as long as its message is there."""

import re
from collections.abc import Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.commands import parser
from bot.commands.base import Request
from bot.commands.errors import Outdated
from bot.conversation.reply import Buttons
from core.errors import BadRequest
from core.pictures.base import Form, PictureRequest

VERSION = "1"
"""The version of callback data: version, letter, line. Data of another version is answered with `Outdated`."""
FORMS = {"d": Form.PICTURE, "o": Form.ORIGINAL, "a": Form.ARCHIVE}
"""The form by its letter; buttons in old messages keep these for ever."""
LETTERS = {form: letter for letter, form in FORMS.items()}
LINE = "l"
"""The letter of a line that is answered with text."""
Labelled = tuple[str, Request]
CHOICES_PER_ROW, SUGGESTIONS_PER_ROW = 5, 2


def keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    """Return the keyboard under a reply: *Again* and *Originals*, choices, a number, suggestions; None without any."""
    first = [(button.label, button.request) for button in (buttons.again, buttons.originals) if button]
    choices = [(button.label, button.request) for button in buttons.choices]
    number = [(buttons.number.label, buttons.number.request)] if buttons.number else []
    suggestions = [(suggestion.line, suggestion.request) for suggestion in buttons.suggestions]
    rows = [first, *_rows(choices, CHOICES_PER_ROW), number, *_rows(suggestions, SUGGESTIONS_PER_ROW)]
    filled = [row for row in map(_row, rows) if row]
    return InlineKeyboardMarkup(filled) if filled else None


def read(data: str | None) -> Request:
    """Read the request that a button carries.

    Raises:
        Outdated: the data is of another version, or of no button of ours.
    """
    found = re.fullmatch(rf"{VERSION}([a-z])(/.+)", data or "")
    if not found:
        raise Outdated(data)
    try:
        request = parser.parse(found[2])
        if isinstance(request, PictureRequest):
            return replace(request, form=FORMS[found[1]])
    except (KeyError, BadRequest):
        raise Outdated(data) from None
    if found[1] != LINE:
        raise Outdated(data)
    return request


def write(request: Request) -> str | None:
    """Write the data of a button that asks for a picture or a text; None if it is too long for Telegram."""
    # Names are cut short only where they have to be, so that a version with more commands can read the others.
    lines = (parser.write(request, brief=brief) for brief in (False, True))
    letter = LETTERS[request.form] if isinstance(request, PictureRequest) else LINE
    data = (f"{VERSION}{letter}{line}" for line in lines)
    return next((text for text in data if len(text.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA), None)


def _rows(buttons: Sequence[Labelled], width: int) -> list[Sequence[Labelled]]:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def _row(buttons: Sequence[Labelled]) -> list[InlineKeyboardButton]:
    """Return a row of buttons without those whose data would be too long."""
    labelled = [(label, write(request)) for label, request in buttons]
    return [InlineKeyboardButton(label, callback_data=data) for label, data in labelled if data]
