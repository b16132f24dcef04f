"""The buttons under a picture. Each carries its whole request, so that it works for as long as the message is there."""

import re
from collections.abc import Iterable
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot import commands, replies
from bot.commands import Outdated
from bot.offers import offers
from core.errors import BadRequest
from core.requests import CompareRequest, DrawRequest, Form, Picture, StripRequest

VERSION = "1"
"""Of the form of a button's data: version, letter, line. Data of another version is not read, but told."""
FORMS = {"d": Form.PICTURE, "o": Form.ORIGINAL, "a": Form.ARCHIVE}
"""What a button's letter asks for; buttons in old messages keep these for ever."""
LETTERS = {form: letter for letter, form in FORMS.items()}
DIGITS_IN_A_ROW = 5

Row = list[tuple[str, DrawRequest]]


def under(asked: DrawRequest, picture: Picture) -> InlineKeyboardMarkup:
    """Another picture of the kind, the same one untouched, and the ten digits where there is one to change."""
    offered = offers(asked, picture)
    first = [(replies.AGAIN, offered.again), (replies.ORIGINALS, offered.originals)]
    return _keyboard(first, *_rows(offered.digits))


def digits(asked: StripRequest | CompareRequest) -> InlineKeyboardMarkup:
    """The ten digits, each to be drawn as `asked`."""
    return _keyboard(*_rows(replace(asked, digit=digit) for digit in range(10)))


def read(data: str | None) -> DrawRequest:
    """What a button asks for.

    Raises:
        Outdated: the data is of another version, or of no button of ours.
    """
    found = re.fullmatch(rf"{VERSION}([a-z])(/.+)", data or "")
    if not found:
        raise Outdated(data)
    try:
        form, asked = FORMS[found[1]], commands.parse(found[2])
    except (KeyError, BadRequest):
        raise Outdated(data) from None
    if not isinstance(asked, DrawRequest):
        raise Outdated(data)
    return replace(asked, form=form)


def _rows(each_digit: Iterable[DrawRequest]) -> tuple[Row, Row]:
    row = [(str(digit), asked) for digit, asked in enumerate(each_digit)]
    return row[:DIGITS_IN_A_ROW], row[DIGITS_IN_A_ROW:]


def _keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """Buttons with these labels; a request that is too long for one has none."""
    labelled = [[(label, _data(asked)) for label, asked in row] for row in rows]
    buttons = [[InlineKeyboardButton(label, callback_data=data) for label, data in row if data] for row in labelled]
    return InlineKeyboardMarkup([row for row in buttons if row])


def _data(asked: DrawRequest) -> str | None:
    """What a button carries; names are cut short only where they have to be, so that a later version can read them."""
    lines = (commands.to_text(asked, brief=brief) for brief in (False, True))
    data = (f"{VERSION}{LETTERS[asked.form]}{line}" for line in lines)
    return next((text for text in data if len(text.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA), None)
