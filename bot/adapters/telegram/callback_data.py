"""Callback data: a button carries its whole request, so that it works for as long as its message is there."""

import re
from collections.abc import Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.commands import parser
from bot.commands.errors import Outdated
from bot.conversation.reply import Button, Buttons
from core.errors import BadRequest
from core.pictures.base import Form, PictureRequest

VERSION = "1"
"""The version of callback data: version, letter, line. Data of another version is answered with `Outdated`."""
FORMS = {"d": Form.PICTURE, "o": Form.ORIGINAL, "a": Form.ARCHIVE}
"""The form by its letter; buttons in old messages keep these for ever."""
LETTERS = {form: letter for letter, form in FORMS.items()}
CHOICES_PER_ROW = 5


def keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    """Return the keyboard under a reply: *Again* and *Originals*, then the choices; None if there is no button."""
    choices = buttons.choices
    starts = range(0, len(choices), CHOICES_PER_ROW)
    first = [button for button in (buttons.again, buttons.originals) if button]
    rows = map(_row, [first, *(choices[start : start + CHOICES_PER_ROW] for start in starts)])
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def read(data: str | None) -> PictureRequest:
    """Read the request that a button carries.

    Raises:
        Outdated: the data is of another version, or of no button of ours.
    """
    found = re.fullmatch(rf"{VERSION}([a-z])(/.+)", data or "")
    if not found:
        raise Outdated(data)
    try:
        form, request = FORMS[found[1]], parser.parse(found[2])
    except (KeyError, BadRequest):
        raise Outdated(data) from None
    if not isinstance(request, PictureRequest):
        raise Outdated(data)
    return replace(request, form=form)


def write(request: PictureRequest) -> str | None:
    """Write the data of a button that asks for a picture; None if it is too long for Telegram."""
    # Names are cut short only where they have to be, so that a version with more commands can read the others.
    lines = (parser.write(request, brief=brief) for brief in (False, True))
    data = (f"{VERSION}{LETTERS[request.form]}{line}" for line in lines)
    return next((text for text in data if len(text.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA), None)


def _row(buttons: Sequence[Button]) -> list[InlineKeyboardButton]:
    """Return a row of buttons without those whose data would be too long."""
    labelled = [(button.label, write(button.request)) for button in buttons]
    return [InlineKeyboardButton(label, callback_data=data) for label, data in labelled if data]
