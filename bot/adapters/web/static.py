"""Style, scripts and icons of the page, read once: no request reaches the file system."""

import hashlib
import mimetypes
from pathlib import Path

from aiohttp import ETag, web

from bot.adapters.web import caching

FOLDER = Path(__file__).resolve().parent / "static"
FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
DIGESTS = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
VERSION = hashlib.sha256("".join(DIGESTS.values()).encode()).hexdigest()[: caching.VERSION_LENGTH]
"""Of all files together: scripts import one another by relative paths."""
PATH = f"static/{VERSION}"
"""The folder whose files never change, from the root of the server."""


async def show(request: web.Request) -> web.Response:
    """Return a file, or 304 to a browser that has it."""
    return _file(request, request.match_info["name"])


async def favicon(request: web.Request) -> web.Response:
    """Return the icon that browsers and link previews look for without being told."""
    return _file(request, "favicon.ico")


def _file(request: web.Request, name: str) -> web.Response:
    if name not in FILES:
        raise web.HTTPNotFound
    etag = ETag(DIGESTS[name])
    if caching.is_known(request, etag):
        response = web.Response(status=304)
    else:
        response = web.Response(body=FILES[name], content_type=mimetypes.guess_type(name)[0])
    if request.match_info.get("version") == VERSION:
        response.headers["Cache-Control"] = caching.FOR_EVER
    response.etag = etag
    return response
