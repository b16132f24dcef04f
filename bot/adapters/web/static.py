"""The style and the script of the page, read once: no request reaches the file system."""

import hashlib
import mimetypes
from pathlib import Path

from aiohttp import ETag, web

FOLDER = Path(__file__).resolve().parent / "static"
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir()}


async def show(request: web.Request) -> web.Response:
    """Return a file, or 304 to a browser that has it."""
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    etag = ETag(hashlib.sha256(FILES[name]).hexdigest())
    known = {tag.value for tag in request.if_none_match or ()}
    if known & {etag.value, "*"}:
        response = web.Response(status=304)
    else:
        response = web.Response(body=FILES[name], content_type=mimetypes.guess_type(name)[0])
    response.etag = etag
    return response
