"""Webhook: the route on the bot's own web server to which Telegram posts updates."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.adapters.web_requests import has_secret, read_json
from core.errors import Closed

PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header
MAX_UPDATE_BYTES = 256 * 1024
"""A message of 4,096 characters that answers another one, in JSON's longest spelling, fits twice."""


def secret_token(token: str) -> str:
    """Return the secret that proves a post to be Telegram's: the same in every process, and no way back to the token.

    Args:
        token: of the bot.
    """
    return hmac.new(token.encode(), b"digit-bot webhook", hashlib.sha256).hexdigest()


def route(expected: str, put: Callable[[dict[str, Any]], "asyncio.Task[None]"]) -> web.RouteDef:
    """Return the route for posts.

    Args:
        expected: the secret that each post has to bring.
        put: takes the posted update and returns the task that handles it, or raises if it is no update.
    """

    async def receive(request: web.Request) -> web.Response:
        if not has_secret(request, SECRET_HEADER, expected):
            raise web.HTTPUnauthorized
        body = await read_json(request, MAX_UPDATE_BYTES)
        try:
            task = put(body)
        except (ValueError, TypeError, KeyError, RecursionError):  # JSON, but no update
            raise web.HTTPBadRequest from None
        # Telegram posts an update again until it gets a 200: it gets one once the update is handled.
        await asyncio.wait([task])
        if task.cancelled():
            raise Closed
        return web.Response()

    return web.post(PATH, receive)
