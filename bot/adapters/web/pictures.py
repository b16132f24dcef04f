"""Pictures by their URLs, for embedding: `/digit/4.png?seed=7`."""

from urllib.parse import quote

from aiohttp import web

from bot.adapters.web import language
from bot.adapters.web.errors import reply_error
from bot.adapters.web.responses import CONVERSATION, exchanged
from bot.commands import registry
from bot.commands.errors import RepeatedOption
from bot.conversation import urls
from bot.conversation.pipeline import Exchange
from bot.conversation.reply import Reply
from core.pictures.base import Form, Picture, PictureRequest

SEEDED = "public, max-age=3600"
UNSEEDED = "no-store"
"""`Cache-Control` of a picture whose URL holds its seed, and of one that is new each time."""


def path() -> str:
    """Return the pattern of the path of every picture."""
    names = "|".join(command.name for command in registry.picture_commands())
    return f"/{{command:{names}}}/{{words:.+}}.{{extension:[a-z]+}}"


@exchanged
async def show(request: web.Request, exchange: Exchange) -> web.Response:
    """Return the picture of a URL."""
    reply = await exchange.reply(lambda: _read(request))
    if reply.picture is None:
        return reply_error(reply)
    picture = reply.picture
    return web.Response(body=picture.data, content_type=picture.media_type, headers=_headers(reply, picture))


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
    options = {name: value for name, value in request.query.items() if name != language.PARAMETER}
    return urls.read_picture_url(parts["command"], parts["words"], parts["extension"], options)


def _headers(reply: Reply, picture: Picture) -> dict[str, str]:
    disposition = "attachment" if picture.request.form is Form.ARCHIVE else "inline"
    return {
        "Cache-Control": SEEDED if reply.repeatable else UNSEEDED,
        "Content-Disposition": f'{disposition}; filename="{reply.file_name}"',
        "X-Digit-Caption": quote(str(reply.text)),
        "X-Digit-Seed": str(picture.seed),
    }
