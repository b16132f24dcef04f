"""A photo or drawing of digits, answered with what was read and the hand that wrote it."""

import base64
from functools import partial

from aiohttp import web

from bot.adapters.web.errors import reply_error
from bot.adapters.web.responses import exchanged
from bot.adapters.web_requests import read_body
from bot.commands.converters import to_seed
from bot.conversation.errors import NotReceived
from bot.conversation.pipeline import Exchange
from core.errors import BadRequest, Flaw, InvalidPhoto, InvalidSeed
from core.hand import shares
from core.handwriting import Handwriting, ReadDigit
from core.imaging.encoding import original
from core.imaging.photo import MAX_BYTES
from core.latents import MAX_SEED

TYPES = ("image/png", "image/jpeg", "image/webp")
HANDS = 9
"""Hands of the page's slider, from the person's own to the bot's: neighbours look alike, and none is skipped."""


@exchanged
async def answer(request: web.Request, exchange: Exchange) -> web.Response:
    """Answer an image; with the parameter `seed` also what the page shows besides."""
    # A browser lets a foreign page send none of these types unless it asks first.
    if "Origin" in request.headers and request.content_type not in TYPES:
        return reply_error(exchange.error_reply(InvalidPhoto(Flaw.FORMAT)))
    try:
        detailed = _has_seed(request)
    except BadRequest as error:
        return reply_error(exchange.error_reply(error))
    reply = await exchange.hand(partial(_load, request), draws=False)
    if reply.handwriting is None:
        return reply_error(reply)
    body = _digits(reply.handwriting) | {"text": str(reply.text)}
    if detailed:
        body |= _details(reply.handwriting)
    return web.json_response(body)


def _has_seed(request: web.Request) -> bool:
    """Return whether there is a seed: any valid one asks for the details.

    Raises:
        BadRequest: it is no seed.
    """
    if "seed" not in request.query:
        return False
    seed = to_seed(request.query["seed"])
    if not 0 <= seed <= MAX_SEED:
        raise InvalidSeed(seed)
    return True


async def _load(request: web.Request) -> bytes:
    try:
        return await read_body(request, MAX_BYTES)
    except web.HTTPRequestEntityTooLarge:
        raise InvalidPhoto(Flaw.BYTES, MAX_BYTES) from None
    except web.HTTPClientError:
        raise NotReceived from None


def _digits(handwriting: Handwriting) -> dict[str, object]:
    digits = [{"digit": read.digit, "confidence": _rounded(read.confidence)} for read in handwriting.digits]
    return {"digits": digits} | ({"hand": handwriting.hand} if handwriting.hand else {})


def _details(handwriting: Handwriting) -> dict[str, object]:
    """Return what the networks see and think, and hands from this one to the one that a seed draws."""
    seen = [_seen(read) for read in handwriting.digits]
    return {"seen": seen, "hands": shares(handwriting.hand, HANDS) if handwriting.hand else ()}


def _seen(read: ReadDigit) -> dict[str, object]:
    png = base64.b64encode(original(read.image[None]).data).decode()
    return {
        "image": f"data:image/png;base64,{png}",
        "probabilities": [_rounded(probability) for probability in read.probabilities],
    }


def _rounded(probability: float) -> float:
    """Round down to four places, and to less than 1: none is certain."""
    return min(int(10_000 * probability), 9_999) / 10_000
