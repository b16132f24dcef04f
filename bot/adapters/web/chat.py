"""A line that somebody typed on the page, answered with the content of a bubble."""

import base64

from aiohttp import web

from bot import i18n
from bot.adapters.web import language
from bot.adapters.web.errors import reply_error
from bot.adapters.web.responses import CONVERSATION, exchanged
from bot.adapters.web_requests import read_json
from bot.commands import free_text, parser, registry
from bot.conversation import urls
from bot.conversation.pipeline import Exchange
from bot.conversation.reply import Buttons, Reply
from bot.text import Example, Part, SeedNumber
from core.catalog import Catalog
from core.pictures.base import Picture, PictureRequest

MAX_BODY_BYTES = 4096


@exchanged
async def answer(request: web.Request, exchange: Exchange) -> web.Response:
    """Answer `{"text": "/digit 4"}`."""
    line = await _read_line(request)
    reply = await exchange.reply(lambda: free_text.read(line))
    if reply.error:
        return reply_error(reply, parts=_parts(reply))
    catalog = request.app[CONVERSATION].service.catalog
    with i18n.use_language(language.of(request)):
        return web.json_response(_picture(reply, reply.picture, catalog) if reply.picture else _text(reply))


async def _read_line(request: web.Request) -> str:
    # A browser lets a foreign page send any type but this one, and adds the Origin that a program does not have.
    if "Origin" in request.headers and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    match await read_json(request, MAX_BODY_BYTES):
        case {"text": str(line)}:
            return line
    raise web.HTTPBadRequest


def _text(reply: Reply) -> dict[str, object]:
    body: dict[str, object] = {"text": str(reply.text), "parts": _parts(reply)}
    if reply.illustration:
        body |= {"image": f"/{reply.illustration.name}", "alt": reply.illustration.alt_text}
    return body


def _parts(reply: Reply) -> list[object]:
    """Return the text in parts: plain text, lines that can be sent as they are, and a seed that can be edited."""
    return [_part(part) for part in reply.text]


def _part(part: Part) -> object:
    match part:
        case Example():
            return {"line": part.line}
        case SeedNumber():
            return {"seed": part.seed}
    return str(part)


def _picture(reply: Reply, picture: Picture, catalog: Catalog) -> dict[str, object]:
    return {
        "caption": str(reply.text),
        "parts": _parts(reply),
        "scores": _scores(picture.request, catalog),
        "note": reply.note,
        "alt": reply.alt_text,
        "image": f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}",
        "width": picture.width,
        "height": picture.height,
        "link": str(urls.picture_url(picture.request)),
        "file": reply.file_name,
        "command": parser.write(picture.request),
        "share": str(urls.page_url(picture.request)),
        **_buttons(reply.buttons),
        "options": _options(picture.request),
    }


def _buttons(buttons: Buttons) -> dict[str, object]:
    """Return lines and URLs for the buttons; `digits` holds the lines of `choices` for pages of older versions."""
    choices = {button.label: parser.write(button.request) for button in buttons.choices}
    return {
        "again": parser.write(buttons.again.request) if buttons.again else None,
        "original": str(urls.picture_url(buttons.originals.request)) if buttons.originals else None,
        "digits": list(choices.values()),
        "choices": choices,
    }


def _scores(request: PictureRequest, catalog: Catalog) -> list[dict[str, object]]:
    """Return the scores of the models that a picture compares, each with a sentence about it."""
    results = registry.command_for(request).results(request.models(catalog))
    return [
        {
            "title": str(result.score.title),
            "sentence": str(result.score.sentence),
            "values": [[title, value, title in result.best] for title, value in result.values.items()],
        }
        for result in results
    ]


def _options(request: PictureRequest) -> dict[str, dict[str, object]]:
    """Return the value of each option, and the line without the option, to which another value can be added."""
    command = registry.command_for(request)
    return {
        option.name: {
            "value": getattr(request, option.request_field),
            "line": parser.write(command.without_option(request, option)),
        }
        for option in command.options
    }
