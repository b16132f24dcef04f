"""The adapter: connect, serve, be refused, close."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

import aiohttp
import discord
from aiohttp import web
from discord.http import Route

from bot.adapters.base import Context
from bot.adapters.discord.client import Client
from bot.adapters.discord.handlers import Handlers
from bot.adapters.discord.interactions import Endpoint, Json
from bot.adapters.discord.settings import DiscordSettings
from bot.adapters.platform_client import Refused
from core.errors import Closed

AUTHENTICATION_FAILED = 4004
"""The code with which the gateway closes on a token that it does not know."""
ANSWER_WITHIN_SECONDS = 8.0
"""Time that answers may hold up the end: that for the pictures, and three seconds to send the last of them from a busy
machine. An answer that was announced is taken for a quarter of an hour, so it must not be given up before."""
CLOSE_WITHIN_SECONDS = 3.0
"""Time that a connection may hold up the end."""
USELESS_LINES = (
    "Guilds intent seems to be disabled",
    "logging in using static token",
    "Application has an interaction endpoint URL set",
)
"""The beginnings of lines of discord.py's; of an endpoint the client says more itself."""
LATE_SUGGESTION = "Ignoring exception in autocomplete"
"""The beginning of a line that is about nothing else if Discord no longer knows the interaction."""
NOISY_LOGGERS = ("discord.client", "discord.shard", "discord.state", "discord.app_commands.tree")
OUTAGES = (OSError, aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, discord.ConnectionClosed)


class Adapter:
    """Discord, as a chat platform of the bot.

    Args:
        settings: with a token.
        context: answers requests.
    """

    name = "discord"

    def __init__(self, settings: DiscordSettings, context: Context) -> None:
        self._settings = settings
        self._claims = context.claims
        self._endpoint = Endpoint(settings.public_key, self._receive) if settings.public_key else None
        self.routes: Sequence[web.RouteDef] = [self._endpoint.route] if self._endpoint else []
        answered = [self._endpoint.answered] if self._endpoint else []
        self._handlers = Handlers(context.conversation, settings.api_url, context.claims, *answered)
        self._client: Client | None = None
        self._closing = False
        # discord.py takes the URL from this class alone.
        Route.BASE = settings.api_url.rstrip("/")
        _quiet_loggers()

    @property
    def ready(self) -> bool:
        """Whether a command sent now would be answered."""
        return self._client is not None and not self._closing and self._client.connected

    async def run(self) -> None:
        """Connect, and serve until `close`.

        Raises:
            Refused: Discord does not know the token.
            ConnectionError: Discord cannot be reached, or has ended the session.
        """
        assert self._settings.token is not None  # noqa: S101  without a token no adapter is made
        self._client = Client(self._handlers, self._settings.guild_id, self._settings.public_key, claims=self._claims)
        try:
            async with self._client as client:
                await client.serve(self._settings.token.get_secret_value())
        except (discord.LoginFailure, *OUTAGES) as error:
            # A connection that breaks while it is being closed is no error.
            if not self._closing:
                raise self._translated(error) from error

    async def close(self) -> None:
        """Answer the accepted requests and disconnect; give up on an answer or a connection that hangs."""
        self._closing = True
        if self._client is None:
            return
        await _within(ANSWER_WITHIN_SECONDS, self._finish())
        await _within(CLOSE_WITHIN_SECONDS, self._disconnect(self._client))
        # Without a session each of them would fail with an error of its own.
        self._handlers.give_up()
        await _within(CLOSE_WITHIN_SECONDS, self._client.close())

    def _receive(self, interaction: Json) -> None:
        if self._client is None or not self.ready:
            raise Closed
        if int(interaction["application_id"]) != self._client.application_id:
            raise web.HTTPUnauthorized
        try:
            self._client.receive(interaction)
        except Exception:  # noqa: BLE001  the library raises whatever comes to pass
            raise web.HTTPBadRequest from None

    async def _finish(self) -> None:
        if self._endpoint:
            await self._endpoint.idle()
        await self._handlers.idle()

    async def _disconnect(self, client: Client) -> None:
        # discord.py closes with 1000, and people see the bot offline at once.
        await asyncio.gather(*(shard.disconnect() for shard in client.shards.values()))
        # Requests that came in until then can be answered still: an answer goes through the API.
        await self._handlers.idle()

    def _translated(self, error: Exception) -> Exception:
        """Return Refused or ConnectionError for an error of discord.py's."""
        closed_on_token = isinstance(error, discord.ConnectionClosed) and error.code == AUTHENTICATION_FAILED
        if isinstance(error, discord.LoginFailure) or closed_on_token:
            return Refused(self._settings.variable("token"))
        # Behind a failing proxy the text may be a whole page of HTML.
        return ConnectionError(str(error).partition("\n")[0] or type(error).__name__)


async def _within(seconds: float, ending: Coroutine[Any, Any, None]) -> None:
    """Do a part of the end, and go on to the next after so many seconds, or if the connection breaks."""
    with contextlib.suppress(*OUTAGES):
        await asyncio.wait_for(ending, seconds)


class _OneLine(logging.Filter):
    """Makes one line of an outage, and drops those that say nothing: of intents, tries to log in, late suggestions."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, discord.NotFound) and record.getMessage().startswith(LATE_SUGGESTION):
            return False
        if isinstance(error, OUTAGES):
            record.msg, record.args, record.exc_info = f"{record.getMessage()} ({error})", None, None
        return not record.getMessage().startswith(USELESS_LINES)


_ONE_LINE = _OneLine()


def _quiet_loggers() -> None:
    """Keep from the log what an operator can do nothing about."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    for name in NOISY_LOGGERS:
        logging.getLogger(name).addFilter(_ONE_LINE)
