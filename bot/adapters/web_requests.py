"""Reading of what clients send to the web server: bodies and secrets, which may hold anything."""

import asyncio
import hmac
import json
from typing import Any

from aiohttp import web

BODY_SECONDS = 10.0
"""For a whole body to arrive: a few kilobytes, or a photo of which a phone sends 4 MB at 3 Mbit/s."""


async def read_body(request: web.Request, max_bytes: int) -> bytes:
    """Return a body.

    Args:
        request: not read yet.
        max_bytes: size of the body, decompressed.

    Raises:
        HTTPBadRequest: not all of it arrived.
        HTTPRequestEntityTooLarge: it is larger.
        HTTPRequestTimeout: it has not arrived within BODY_SECONDS.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.clone(client_max_size=max_bytes).read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    # Broken chunks or compression; a client that is gone.
    except (ValueError, web.RequestPayloadError, ConnectionError):
        raise web.HTTPBadRequest from None


async def read_json(request: web.Request, max_bytes: int) -> Any:  # noqa: ANN401  JSON
    """Return the JSON of a body.

    JSON names its own encoding, so the charset of Content-Type is ignored: Python remembers each unknown one for ever.

    Args:
        request: not read yet.
        max_bytes: size of the body, decompressed.

    Raises:
        HTTPBadRequest: it is no JSON, or not all of it arrived.
        HTTPRequestEntityTooLarge, HTTPRequestTimeout: as in `read_body`.
    """
    body = await read_body(request, max_bytes)
    try:
        return json.loads(body)
    # No JSON; a thousand brackets.
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None


def has_secret(request: web.Request, header: str, secret: str) -> bool:
    """Return whether a header of a request is a secret, in a time that says nothing about it."""
    sent = request.headers.get(header, "").encode(errors="surrogateescape")
    return hmac.compare_digest(sent, secret.encode())
