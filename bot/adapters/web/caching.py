"""Caching: how long browsers and shared caches keep a response, and whether a client has it already."""

import hashlib
import json

from aiohttp import ETag, web

from bot import __version__
from core.catalog import Catalog
from core.fingerprint import fingerprint

NEVER = "no-store"
"""`Cache-Control` of a picture that is new each time."""
FOR_AN_HOUR = "public, max-age=3600, stale-while-revalidate=604800"
"""Of one that another version of the bot may draw otherwise: after an hour a cache asks, and shows it meanwhile."""
FOR_EVER = "public, max-age=31536000, immutable"
"""Of one whose URL holds the version that drew it."""
PARAMETER = "v"
"""The query parameter that holds the version: `/digit/4.png?seed=7&v=0f3a5b7c9d1e`."""
VERSION_LENGTH = 12
"""Hexadecimal digits of a version in a URL."""
DRAWING_CODE = fingerprint()
VERSION = web.AppKey("version", str)


def digest(*parts: object) -> str:
    """Return the SHA-256 of parts, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps([__version__, DRAWING_CODE, *parts]).encode()).hexdigest()


def version(catalog: Catalog) -> str:
    """Return the version of every picture: it changes with the code that draws, its libraries and the models."""
    return digest([(model.name, model.digest) for model in catalog.models])[:VERSION_LENGTH]


def is_known(request: web.Request, etag: ETag) -> bool:
    """Return whether the client has the representation with this tag, or any (RFC 9110, 13.1.2)."""
    known = {tag.value for tag in request.if_none_match or ()}
    return bool(known & {etag.value, "*"})
