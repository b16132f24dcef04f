"""The buttons under a picture. Each carries its whole request, so that it works for as long as the message is there."""

import re
from dataclasses import replace
from enum import Enum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot import commands, replies
from bot.commands import Outdated
from core.errors import BadRequest
from core.requests import Picture, StripRequest

VERSION = "1"
"""Of the form of a button's data: version, action, line. Data of another version is not read, but told."""
DIGITS_IN_A_ROW = 5


class Action(Enum):
    """What a button does with its request; buttons in old messages keep these letters for ever."""

    DRAW = "d"
    ORIGINAL = "o"


def under(asked: StripRequest, picture: Picture) -> InlineKeyboardMarkup:
    """Another strip, the same one untouched, and the ten digits."""
    same = replace(asked, digit=picture.digits[0], seed=picture.seed, model=picture.model)
    again = replace(asked, seed=None)
    first = [_button(replies.AGAIN, Action.DRAW, again), _button(replies.ORIGINALS, Action.ORIGINAL, same)]
    return InlineKeyboardMarkup([first, *_digits(again)])


def digits() -> InlineKeyboardMarkup:
    """The ten digits."""
    return InlineKeyboardMarkup(_digits(StripRequest(None)))


def read(data: str | None) -> tuple[Action, StripRequest]:
    """What a button asks for.

    Raises:
        Outdated: the data is of another version, or of no button of ours.
    """
    found = re.fullmatch(rf"{VERSION}([a-z])(/.+)", data or "")
    if not found:
        raise Outdated(data)
    try:
        action, asked = Action(found[1]), commands.parse(found[2])
    except (ValueError, BadRequest):
        raise Outdated(data) from None
    if not isinstance(asked, StripRequest):
        raise Outdated(data)
    return action, replace(asked, original=action is Action.ORIGINAL)


def _digits(asked: StripRequest) -> list[list[InlineKeyboardButton]]:
    buttons = [_button(str(digit), Action.DRAW, replace(asked, digit=digit)) for digit in range(10)]
    return [buttons[:DIGITS_IN_A_ROW], buttons[DIGITS_IN_A_ROW:]]


def _button(label: str, action: Action, asked: StripRequest) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"{VERSION}{action.value}{commands.to_text(asked)}")
