"""The adapter's life: connect, serve, be refused, close."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

import aiohttp
import discord
from aiohttp.web import RouteDef
from discord.http import Route
from pydantic import SecretStr

from bot.adapters import Refused
from bot.adapters.discord_app.client import Client
from bot.adapters.discord_app.responder import Responder
from bot.gates import Gates
from bot.record import Record
from core.service import DigitService

BAD_TOKEN = 4004
"""The code with which the gateway closes on a token that it does not know."""
PATIENCE = 3.0
"""Seconds that answers, and then the connection, may hold up the end: after three Discord takes no answer."""
NOISY = ("discord.client", "discord.shard", "discord.state", "discord.app_commands.tree")
OUTAGES = (OSError, aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, discord.ConnectionClosed)


class DiscordApp:
    """Discord, as a chat platform of the bot.

    Args:
        token: of the bot, from Discord's developer portal.
        service: draws.
        gates: hold back who asks too often.
        record: of every request.
        api_url: of Discord's REST API, version and all.
        guild_id: the one server to bring the commands to, or None for everywhere.
    """

    name = "discord"
    routes: Sequence[RouteDef] = ()

    def __init__(
        self,
        token: SecretStr,
        service: DigitService,
        gates: Gates,
        record: Record,
        api_url: str,
        guild_id: int | None,
    ) -> None:
        self._token = token
        self._responder = Responder(service, gates, record)
        self._guild_id = guild_id
        self._client: Client | None = None
        self._closing = False
        # discord.py takes its addresses from its classes and nowhere else.
        Route.BASE = api_url.rstrip("/")
        _quieten()

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
        self._client = Client(self._responder, self._guild_id)
        try:
            async with self._client as client:
                await client.start(self._token.get_secret_value())
        except (discord.LoginFailure, *OUTAGES) as error:
            # What breaks while the connection is being closed has nobody to tell.
            if not self._closing:
                raise _plain(error) from error

    async def close(self) -> None:
        """Answer what was accepted and disconnect; an answer or a connection that hangs is given up on."""
        self._closing = True
        if self._client is None:
            return
        with contextlib.suppress(*OUTAGES):
            await asyncio.wait_for(self._finish(self._client), PATIENCE)
        self._responder.give_up()
        with contextlib.suppress(*OUTAGES):
            await asyncio.wait_for(self._client.close(), PATIENCE)

    async def _finish(self, client: Client) -> None:
        await self._responder.idle()
        # discord.py says goodbye with 1000, and people see the bot offline at once.
        await asyncio.gather(*(shard.disconnect() for shard in client.shards.values()))
        # What came in until then can be answered still: an answer goes through the API.
        await self._responder.idle()


def _plain(error: Exception) -> Exception:
    """Refused or ConnectionError."""
    closed_on_token = isinstance(error, discord.ConnectionClosed) and error.code == BAD_TOKEN
    if isinstance(error, discord.LoginFailure) or closed_on_token:
        return Refused("DISCORD_TOKEN")
    # Behind a failing proxy the text may be a whole page of HTML.
    return ConnectionError(str(error).partition("\n")[0] or type(error).__name__)


class _OneLine(logging.Filter):
    """Makes one line of an outage, and none of a warning about what is meant to be."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OUTAGES):
            record.msg, record.args, record.exc_info = f"{record.getMessage()} ({error})", None, None
        return not record.getMessage().startswith("Guilds intent seems to be disabled")


_ONE_LINE = _OneLine()


def _quieten() -> None:
    """Keep from the log what an operator can do nothing about."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    for name in NOISY:
        logging.getLogger(name).addFilter(_ONE_LINE)
