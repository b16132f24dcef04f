"""Inline mode: `@bot 4` in any chat offers pictures, which Telegram fetches from the bot's own web server."""

import re
from collections.abc import Sequence
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultGif,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
)
from yarl import URL

from bot.commands import converters, free_text, parser, registry
from bot.commands.base import Request
from bot.commands.errors import MisspelledCommand
from bot.conversation import urls
from bot.conversation.reply import Offer
from bot.i18n import lazy
from bot.text import wait
from core.errors import BadRequest, DigitError, TryLater
from core.pictures.base import PictureRequest

OFFERED_PICTURES = 3
"""Pictures to choose from where no seed is given."""
CACHE_SECONDS = 60
"""Time for which Telegram may show somebody the same answer again where a new one would be no other."""
AGAIN = lazy("Again")
HOW_TO_ASK = lazy("How to ask")
PRIVATE_CHAT = lazy("Draw it in a private chat")

Result = InlineQueryResultPhoto | InlineQueryResultGif


def read(text: str) -> Request:
    """Read free text; a misspelled command is what was probably meant, and nothing is any digit.

    Raises:
        BadRequest: it cannot be read.
    """
    try:
        return free_text.read(text.strip() or converters.RANDOM)
    except MisspelledCommand as error:
        # Nothing is sent before the person picks a picture.
        return parser.parse(error.meant)


def results(offers: Sequence[Offer], public_url: URL) -> list[Result]:
    """Return the pictures as Telegram lists them above the text line."""
    return [_result(offer, public_url) for offer in offers]


def cache_seconds(offers: Sequence[Offer]) -> int:
    """Return how long Telegram may keep an answer: with a given seed it is always the same, otherwise always new."""
    return CACHE_SECONDS if all(offer.seeded for offer in offers) else 0


def private_chat_button(text: str) -> InlineQueryResultsButton:
    """Return the button that opens the private chat and draws there what was typed."""
    return InlineQueryResultsButton(str(PRIVATE_CHAT), start_parameter=start_parameter(text))


def error_button(error: DigitError) -> InlineQueryResultsButton:
    """Return the button in place of pictures: how to ask, or when to try again."""
    label = HOW_TO_ASK
    if isinstance(error, TryLater):
        label = lazy("Try again {when}", when=wait(error.retry_after))
    return InlineQueryResultsButton(str(label), start_parameter="help")


def start_parameter(text: str) -> str:
    """Return the deep link parameter for a text: `digit_4`, or `digit` where a link cannot say it."""
    try:
        request = read(text)
    except BadRequest:
        return free_text.DIGIT
    if not isinstance(request, PictureRequest):
        return registry.name_of(request)
    command = registry.command_for(request)
    words = f"{command.name} {command.write(request)}".replace(" ", "_")
    return words if re.fullmatch("[A-Za-z0-9_-]{1,64}", words) else command.name


def _result(offer: Offer, public_url: URL) -> Result:
    again = InlineKeyboardButton(str(AGAIN), switch_inline_query_current_chat=parser.write(offer.again))
    url = str(public_url).rstrip("/") + str(urls.picture_url(offer.request))
    fields: dict[str, Any] = {
        # The line is the same in all that are offered: they differ in their seeds alone.
        "id": str(offer.request.seed),
        "thumbnail_url": url,
        "title": offer.caption,
        "caption": f"{offer.caption}\n{offer.note}" if offer.note else offer.caption,
        "reply_markup": InlineKeyboardMarkup([[again]]),
    }
    if offer.request.moving:
        return InlineQueryResultGif(gif_url=url, thumbnail_mime_type="image/gif", **fields)
    return InlineQueryResultPhoto(photo_url=url, **fields)
