"""A line that somebody typed to what the page shows in a bubble."""

import base64
from dataclasses import fields, replace
from typing import Any

from aiohttp import web

from bot import captions, commands, links, replies
from bot.adapters.web_app.drawing import SERVICE, draw, recorded
from bot.commands import Topic
from bot.offers import offers
from bot.record import Entry
from core.catalog import Catalog
from core.requests import DrawRequest, Picture


@recorded
async def answer(request: web.Request, entry: Entry) -> web.Response:
    """The answer to `{"text": "/digit 4"}`."""
    asked = commands.parse(await _read_text(request))
    if isinstance(asked, Topic):
        entry.asks(asked)
        return web.json_response(_words(asked, request.app[SERVICE].catalog))
    return web.json_response(_message(asked, await draw(request, asked, entry)))


async def _read_text(request: web.Request) -> str:
    try:
        body = await request.json()
    except (ValueError, LookupError, RecursionError):  # no JSON, an unknown charset, a thousand brackets
        raise web.HTTPBadRequest from None
    match body:
        case {"text": str(text)}:
            return text
    raise web.HTTPBadRequest


def _words(topic: Topic, catalog: Catalog) -> dict[str, object]:
    body: dict[str, object] = {"text": replies.answer(topic, catalog)}
    if topic is Topic.ABOUT and catalog.curve:
        body |= {"image": "/curve.png", "alt": replies.CURVE}
    return body


def _message(asked: DrawRequest, picture: Picture) -> dict[str, object]:
    """A picture as the page shows it: in a bubble, with its buttons."""
    offered = offers(asked, picture)
    return {
        "caption": captions.caption(picture),
        "alt": captions.alt_text(picture),
        "image": f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}",
        "width": picture.width,
        "height": picture.height,
        "link": str(links.picture(picture.request)),
        "command": commands.to_text(picture.request),
        "share": str(links.page(picture.request)),
        "again": commands.to_text(offered.again),
        "original": str(links.picture(offered.originals)),
        "digits": [commands.to_text(digit) for digit in offered.digits],
        "options": _options(picture.request),
    }


def _options(request: DrawRequest) -> dict[str, dict[str, object]]:
    """Each option of the command: its value, and the line without it, to be drawn with another."""
    defaults: dict[str, Any] = {field.name: field.default for field in fields(request)}
    return {
        name: {
            "value": getattr(request, name),
            "line": commands.to_text(replace(request, **{name: defaults[name]})),
        }
        for name in commands.command_of(request).options
    }
