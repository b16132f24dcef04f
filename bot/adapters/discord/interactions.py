"""Interactions over HTTP: the route on the bot's own web server to which Discord posts them, each with a signature."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from bot.adapters.discord.interaction_schema import INTERACTION
from bot.adapters.web_requests import read_body

PATH = "/discord/interactions"
SIGNATURE_HEADER, TIMESTAMP_HEADER = "X-Signature-Ed25519", "X-Signature-Timestamp"
SIGNATURE, TIMESTAMP = re.compile(r"[0-9a-f]{128}", re.ASCII), re.compile(r"\d{1,12}", re.ASCII)
MAX_AGE_SECONDS = 300.0
"""Of a timestamp, and the most that it may be ahead: beyond that a signed post is an old one that is sent again."""
MAX_BODY_BYTES = 1_000_000
"""The largest is a press under a message, which comes along with it: some 10 KB."""
ACKNOWLEDGE_AFTER_SECONDS = 2.5
"""An interaction that is not answered by then is acknowledged all the same: Discord waits for three seconds."""
PING, AUTOCOMPLETE = 1, 4
"""Discord's types of interactions: a test of the endpoint, and a person who types."""

Json = dict[str, Any]


class Endpoint:
    """The Interactions Endpoint of an application.

    A post is acknowledged with 202 once its interaction has its first answer, which goes through the API: a proxy
    gives a post whose replica died before that to another one.

    Args:
        public_key: of the application, in hexadecimal.
        receive: hands an interaction to the commands; raises web.HTTPException or Closed where it is not taken.
    """

    def __init__(self, public_key: str, receive: Callable[[Json], None]) -> None:
        self._key = VerifyKey(bytes.fromhex(public_key))
        self._receive = receive
        self._unanswered: dict[int, asyncio.Future[None]] = {}
        self._posts = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def route(self) -> web.RouteDef:
        """The route for posts."""
        return web.post(PATH, self._handle)

    def answered(self, interaction_id: int) -> None:
        """Note that an interaction has its first answer, or that none is due."""
        if future := self._unanswered.pop(interaction_id, None):
            future.set_result(None)

    async def idle(self) -> None:
        """Wait until every post is acknowledged."""
        await self._idle.wait()

    async def _handle(self, request: web.Request) -> web.Response:
        payload = await self._verified(request)
        if payload["type"] == PING:
            return web.json_response({"type": PING})
        self._posts += 1
        self._idle.clear()
        try:
            await self._deliver(payload)
        finally:
            self._posts -= 1
            if not self._posts:
                self._idle.set()
        return web.Response(status=202)

    async def _verified(self, request: web.Request) -> Json:
        """Return the interaction of a post.

        Raises:
            HTTPUnauthorized: it is not signed with the key, or not of these minutes.
            HTTPBadRequest: it is too large, or no interaction that this bot could get.
        """
        # Refused by their headers, most forged posts are not even read.
        signature, timestamp = (request.headers.get(name, "") for name in (SIGNATURE_HEADER, TIMESTAMP_HEADER))
        if not SIGNATURE.fullmatch(signature) or not TIMESTAMP.fullmatch(timestamp):
            raise web.HTTPUnauthorized
        if abs(time.time() - int(timestamp)) > MAX_AGE_SECONDS:
            raise web.HTTPUnauthorized
        body = await _read(request)
        try:
            self._key.verify(timestamp.encode() + body, bytes.fromhex(signature))
        except BadSignatureError:
            raise web.HTTPUnauthorized from None
        return _parse(body)

    async def _deliver(self, payload: Json) -> None:
        """Hand an interaction to the commands, and wait for its first answer."""
        interaction_id = int(payload["id"])
        if payload["type"] == AUTOCOMPLETE:
            self._receive(payload)
            return
        if interaction_id not in self._unanswered:
            self._unanswered[interaction_id] = asyncio.get_running_loop().create_future()
            try:
                self._receive(payload)
            except BaseException:
                self.answered(interaction_id)
                raise
        await asyncio.wait({self._unanswered[interaction_id]}, timeout=ACKNOWLEDGE_AFTER_SECONDS)
        self.answered(interaction_id)


async def _read(request: web.Request) -> bytes:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise web.HTTPBadRequest
    try:
        return await read_body(request, MAX_BODY_BYTES)
    except web.HTTPRequestEntityTooLarge:
        raise web.HTTPBadRequest from None


def _parse(body: bytes) -> Json:
    try:
        payload: Json = json.loads(body)
        INTERACTION.validate_python(payload)
    # No JSON, or none of an interaction; a thousand brackets.
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None
    return payload
