"""Inline mode: `@bot 4` in any chat offers pictures, which Telegram fetches from the bot's own web server."""

import re
import secrets
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultGif, InlineQueryResultPhoto
from yarl import URL

from bot import captions, commands, links, replies
from bot.offers import offers
from bot.record import Entry
from bot.values import RANDOM, read_digit
from core.errors import BadRequest, InvalidDigit
from core.noise import MAX_SEED
from core.requests import DrawRequest, Form, MorphRequest, Picture
from core.service import DigitService

OFFERED = 3
"""Pictures to choose from; each costs a drawing now and one when Telegram fetches it."""

Result = InlineQueryResultPhoto | InlineQueryResultGif


async def draw(service: DigitService, text: str, public_url: URL, entry: Entry) -> list[Result]:
    """Draw what is offered for a text, and note that: its caption names what the drawing picks, such as a random digit.

    Raises:
        DigitError: the text asks for nothing that can be drawn, or the service is busy.
    """
    asked = choices(text)
    entry.asks(asked[0])
    pictures = [await service.draw(request) for request in asked]
    entry.drew(*pictures)
    return [_offer(request, picture, public_url) for request, picture in zip(asked, pictures, strict=True)]


def choices(text: str) -> list[DrawRequest]:
    """The pictures to offer for what stands after the bot's name, each with a seed of its own.

    Raises:
        BadRequest: the text asks for nothing that can be drawn.
    """
    asked = _read(text)
    if asked.seed is not None:
        return [asked]
    # A fixed seed in each, so that what is chosen is what was shown.
    seeds = secrets.SystemRandom().sample(range(MAX_SEED + 1), OFFERED)
    return [replace(asked, seed=seed) for seed in seeds]


def link(text: str) -> str:
    """What `/start` brings along from here into the private chat: `digit_4`, or `digit` where that cannot be said."""
    try:
        asked = _read(text)
    except BadRequest:
        return "digit"
    command = commands.command_of(asked)
    words = f"{command.name} {command.write(asked)}".replace(" ", "_")
    return words if re.fullmatch("[A-Za-z0-9_-]{1,64}", words) else command.name


def _read(text: str) -> DrawRequest:
    """A line with or without its slash, a digit or a number alone, or nothing, which is any digit."""
    first, *rest = text.split() or [RANDOM]
    if first.startswith("/") or f"/{first.lower()}" in commands.NAMES:
        asked = commands.parse(" ".join([f"/{first.removeprefix('/')}", *rest]))
        if isinstance(asked, commands.Topic):
            raise commands.UnknownCommand(first)
        return asked
    return commands.request("digit" if _is_digit(first) else "number", [first, *rest])


def _is_digit(word: str) -> bool:
    try:
        read_digit(word)
    except InvalidDigit:
        return False
    return True


def _offer(asked: DrawRequest, picture: Picture, public_url: URL) -> Result:
    """A picture as Telegram shows it in the list above the text line."""
    again = commands.to_text(offers(asked, picture).again)
    button = InlineKeyboardButton(replies.AGAIN, switch_inline_query_current_chat=again)
    # The line is the same in all that are offered: they differ in their seeds alone.
    name, caption, keyboard = str(picture.seed), captions.caption(picture), InlineKeyboardMarkup([[button]])
    if isinstance(asked, MorphRequest):
        return InlineQueryResultGif(
            id=name,
            gif_url=_address(picture.request, public_url),
            thumbnail_url=_address(picture.request, public_url),
            thumbnail_mime_type=picture.media_type,
            gif_width=picture.width,
            gif_height=picture.height,
            title=caption,
            caption=caption,
            reply_markup=keyboard,
        )
    # The one form of a photo that Telegram takes here.
    url = _address(replace(picture.request, form=Form.JPEG), public_url)
    return InlineQueryResultPhoto(
        id=name,
        photo_url=url,
        thumbnail_url=url,
        photo_width=picture.width,
        photo_height=picture.height,
        title=caption,
        caption=caption,
        reply_markup=keyboard,
    )


def _address(asked: DrawRequest, public_url: URL) -> str:
    """Where anyone gets that picture; the public address may have a path of its own."""
    return str(public_url).rstrip("/") + str(links.picture(asked))
