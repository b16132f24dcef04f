"""Inline mode: `@bot 4` in any chat offers strips, whose pictures Telegram fetches from the bot's own web server."""

import secrets
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultPhoto
from yarl import URL

from bot import commands, replies
from core.errors import BadRequest
from core.noise import MAX_SEED
from core.requests import Picture, StripRequest
from core.service import DigitService

OFFERED = 3
"""Strips to choose from; each costs a drawing now and one when Telegram fetches it."""


async def draw(service: DigitService, text: str, public_url: URL) -> list[InlineQueryResultPhoto]:
    """Draw what is offered for a text: its caption names what the drawing picks, such as a random digit.

    Raises:
        DigitError: the text asks for nothing that can be drawn, or the service is busy.
    """
    asked = choices(text)
    return [_offer(request, await service.draw(request), public_url) for request in asked]


def choices(text: str) -> list[StripRequest]:
    """The strips to offer for what stands after the bot's name, each with a seed of its own.

    Nothing offers random digits, `4 seed=7` that one strip, and `2026` a strip of each of its digits.

    Raises:
        BadRequest: the text asks for nothing that can be drawn.
    """
    first, *options = text.split() or [commands.RANDOM]
    digits = list(dict.fromkeys(first)) if first.isdecimal() and len(first) > 1 else [first] * OFFERED
    asked = [commands.parse_strip([digit, *options]) for digit in digits]
    if asked[0].seed is not None:
        return list(dict.fromkeys(asked))
    # A fixed seed in each, so that what is chosen is what was shown.
    return [replace(request, seed=secrets.randbelow(MAX_SEED + 1)) for request in asked]


def _offer(asked: StripRequest, picture: Picture, public_url: URL) -> InlineQueryResultPhoto:
    """A strip as Telegram shows it in the list above the text line."""
    url = str(_address(picture, public_url))
    line = commands.to_text(replace(asked, digit=picture.digits[0], seed=None)).removeprefix("/digit ")
    again = InlineKeyboardButton(replies.AGAIN, switch_inline_query_current_chat=line)
    return InlineQueryResultPhoto(
        id=commands.to_text(asked),
        photo_url=url,
        thumbnail_url=url,
        photo_width=picture.width,
        photo_height=picture.height,
        title=replies.caption(picture),
        caption=replies.caption(picture),
        reply_markup=InlineKeyboardMarkup([[again]]),
    )


def _address(picture: Picture, public_url: URL) -> URL:
    """Where anyone gets that picture as a JPEG, the one form that Telegram takes here."""
    path = public_url / "digit" / f"{picture.digits[0]}.jpg"
    return path.with_query(count=len(picture.digits), seed=picture.seed, model=picture.model)


def link(text: str) -> str:
    """What `/start` brings along from here into the private chat: `digit_4`, or `digit` where no digit is named."""
    try:
        digit = commands.parse_strip(text.split()).digit
    except BadRequest:
        return "digit"
    return f"digit_{commands.RANDOM if digit is None else digit}"
