"""Pictures by their addresses, for embedding: `/digit/4.png?seed=7`."""

from urllib.parse import quote

from aiohttp import web

from bot import captions, commands, links
from bot.adapters.web_app.drawing import SERVICE, draw, recorded
from bot.record import Entry
from core.requests import Form

PATH = f"/{{command:{'|'.join(commands.COMMANDS)}}}/{{words:.+}}.{{ending:[a-z]+}}"
SEEDED = "public, max-age=3600"
FRESH = "no-store"


@recorded
async def show(request: web.Request, entry: Entry) -> web.Response:
    """The file that an address asks for."""
    path = request.match_info
    asked = links.read(path["command"], path["words"], path["ending"], _options(request))
    picture = await draw(request, asked, entry)
    disposition = "attachment" if asked.form is Form.ARCHIVE else "inline"
    headers = {
        "Cache-Control": FRESH if asked.seed is None else SEEDED,
        "Content-Disposition": f'{disposition}; filename="{links.file_name(picture)}"',
        "X-Digit-Caption": quote(captions.caption(picture)),
        "X-Digit-Seed": str(picture.seed),
    }
    return web.Response(body=picture.data, content_type=picture.media_type, headers=headers)


async def curve(request: web.Request) -> web.Response:
    """How the default model's training went, where the weights folder tells."""
    drawn = request.app[SERVICE].catalog.curve
    if drawn is None:
        raise web.HTTPNotFound
    return web.Response(body=drawn, content_type="image/png")


def _options(request: web.Request) -> dict[str, str]:
    for name in request.query:
        if len(request.query.getall(name)) > 1:
            raise commands.RepeatedOption(name)
    return dict(request.query)
