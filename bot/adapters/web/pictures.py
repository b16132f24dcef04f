"""Pictures by their URLs, for embedding: `/digit/4.png?seed=7`."""

from urllib.parse import quote

from aiohttp import ETag, web

from bot.adapters.web import caching, language
from bot.adapters.web.errors import reply_error
from bot.adapters.web.responses import CONVERSATION, exchanged
from bot.commands import registry
from bot.commands.errors import RepeatedOption
from bot.conversation import urls
from bot.conversation.pipeline import Exchange
from bot.conversation.reply import Reply
from core.errors import BadRequest
from core.pictures.base import Form, Picture, PictureRequest

NO_OPTIONS = (language.PARAMETER, caching.PARAMETER)
"""Query parameters that say nothing about the picture."""


def path() -> str:
    """Return the pattern of the path of every picture."""
    names = "|".join(command.name for command in registry.picture_commands())
    return f"/{{command:{names}}}/{{words:.+}}.{{extension:[a-z]+}}"


@exchanged
async def show(request: web.Request, exchange: Exchange) -> web.Response:
    """Return the picture of a URL, or 304 to a client that has it: that draws nothing and counts against no limit."""
    settled = _settled(request)
    etag = _etag(request, settled) if settled else None
    if settled and etag and caching.is_known(request, etag):
        exchange.known(settled)
        response = web.Response(status=304)
    else:
        reply = await exchange.reply(lambda: _read(request))
        if reply.picture is None:
            return reply_error(reply)
        picture = reply.picture
        response = web.Response(body=picture.data, content_type=picture.media_type, headers=_headers(reply, picture))
    response.headers["Cache-Control"] = _cache_control(request) if settled else caching.NEVER
    response.etag = etag
    return response


async def curve(request: web.Request) -> web.Response:
    """Return the curve of the default model's training, where the weights folder has one."""
    png = request.app[CONVERSATION].service.catalog.curve
    if png is None:
        raise web.HTTPNotFound
    return web.Response(body=png, content_type="image/png")


def _read(request: web.Request) -> PictureRequest:
    for name in request.query:
        if len(request.query.getall(name)) > 1:
            raise RepeatedOption(name)
    parts = request.match_info
    options = {name: value for name, value in request.query.items() if name not in NO_OPTIONS}
    return urls.read_picture_url(parts["command"], parts["words"], parts["extension"], options)


def _settled(request: web.Request) -> PictureRequest | None:
    """Return the picture of a URL with nothing left open; None where the seed is, or where it cannot be read."""
    try:
        asked = _read(request)
        return None if asked.seed is None else asked.settle(asked.seed, request.app[CONVERSATION].service.catalog)
    except BadRequest:
        return None


def _etag(request: web.Request, settled: PictureRequest) -> ETag:
    """Return the tag of everything that decides the file and its headers, known before it is drawn."""
    models = settled.models(request.app[CONVERSATION].service.catalog)
    address = str(urls.picture_url(settled))
    return ETag(caching.digest(address, [model.digest for model in models], language.of(request)))


def _cache_control(request: web.Request) -> str:
    current = request.query.get(caching.PARAMETER) == request.app[caching.VERSION]
    return caching.FOR_EVER if current else caching.FOR_AN_HOUR


def _headers(reply: Reply, picture: Picture) -> dict[str, str]:
    disposition = "attachment" if picture.request.form is Form.ARCHIVE else "inline"
    return {
        "Content-Disposition": f'{disposition}; filename="{reply.file_name}"',
        "X-Digit-Caption": quote(str(reply.text)),
        "X-Digit-Seed": str(picture.seed),
    }
