"""The address to which Telegram posts updates, on the bot's own web server."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_UPDATE = 256 * 1024
"""Bytes: a message of 4,096 characters that answers another one, in JSON's longest spelling, fits twice."""


def secret(token: str) -> str:
    """What proves that a post is Telegram's: the same for each process with that token, and no way back to it."""
    return hmac.new(token.encode(), b"digit-bot webhook", hashlib.sha256).hexdigest()


def route(expected: str, take: Callable[[dict[str, Any]], "asyncio.Task[None]"]) -> web.RouteDef:
    """The route for posts.

    Args:
        expected: the secret that each post has to bring.
        take: is given what was posted, and returns the work on it, or raises if that is no update.
    """

    async def receive(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), expected.encode()):
            raise web.HTTPUnauthorized
        body = await request.clone(client_max_size=LARGEST_UPDATE).read()
        try:
            task = take(json.loads(body))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # JSON, but no update
            raise web.HTTPBadRequest from None
        # Telegram sends an update again until it is told that it was taken: it is told when it is done.
        await asyncio.wait([task])
        return web.Response()

    return web.post(PATH, receive)
