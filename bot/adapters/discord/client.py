"""The discord.py client: intents, presence, start."""

import asyncio
from typing import Any

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot.adapters.discord import custom_ids, session_starts, transports
from bot.adapters.discord.commands import message_menu, slash_commands
from bot.adapters.discord.handlers import Handlers
from bot.adapters.discord.invite_links import account_link, server_link
from bot.adapters.discord.sync import sync
from bot.adapters.discord.translator import CatalogTranslator
from bot.conversation.sentences import EXAMPLE
from bot.limits.claims import Claims

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)


class Tree(app_commands.CommandTree["Client"]):
    """The slash commands, and the one place where an error of discord.py's own ends."""

    async def on_error(
        self, interaction: "discord.Interaction[Client]", error: app_commands.AppCommandError, /
    ) -> None:
        """Answer with a sentence, unless somebody still types."""
        if interaction.type is not discord.InteractionType.autocomplete:
            await interaction.client.handlers.handle_error(interaction, error)

    async def _call(self, interaction: "discord.Interaction[Client]") -> None:
        """Answer a command of which the library could make nothing; by itself it would leave that to asyncio's log."""
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:  # noqa: BLE001  the library raises whatever a missing field leads to
            await self.on_error(interaction, app_commands.AppCommandError(repr(error)))


class Client(discord.AutoShardedClient):
    """Reads no message and no member list: commands and buttons come without any intent.

    AutoShardedClient for a single shard too, because discord.Client ends where the first connection to the gateway
    fails.

    Args:
        handlers: answer interactions.
        guild_id: the one server that gets the commands, or None for everywhere.
        public_key: of the application, if Discord posts interactions to this bot; None connects to the gateway.
        claims: locks of all replicas.
    """

    def __init__(
        self,
        handlers: Handlers,
        guild_id: int | None,
        public_key: str | None = None,
        claims: Claims | None = None,
    ) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.CustomActivity(EXAMPLE.line),
            # Without the intent no server is announced, and waiting for them would only delay `ready`.
            guild_ready_timeout=0,
        )
        self.handlers = handlers
        self._public_key = public_key
        self._claims = claims or Claims()
        self._logged_in = False
        self._closing = asyncio.Event()
        self._guild = None if guild_id is None else discord.Object(guild_id)
        self.tree = Tree(self, allowed_installs=INSTALLS, allowed_contexts=CONTEXTS)
        for command in slash_commands(handlers):
            self.tree.add_command(command)
        self.tree.add_command(message_menu(handlers))

    @property
    def connected(self) -> bool:
        """Whether every shard receives events; without a gateway, whether answers can be sent."""
        if self._public_key:
            return self._logged_in
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    async def serve(self, token: str) -> None:
        """Log in and serve until `close`, over the gateway or what is posted.

        Raises:
            discord.DiscordException, aiohttp.ClientError, OSError: of the login or the gateway.
        """
        if not self._public_key:
            await self.start(token)
            return
        await self.login(token)
        self._logged_in = True
        await self._closing.wait()

    async def close(self) -> None:
        """Disconnect."""
        self._logged_in = False
        self._closing.set()
        await super().close()

    def receive(self, interaction: dict[str, Any]) -> None:
        """Handle an interaction that Discord has posted, as if it came from the gateway.

        Raises:
            Exception: the library raises whatever an interaction without one of its fields leads to.
        """
        payload: Any = interaction
        self._connection.parse_interaction_create(payload)

    async def setup_hook(self) -> None:
        """Sync the commands and log the invite links, once logged in and not yet connected."""
        await self.tree.set_translator(CatalogTranslator())
        # One replica after another: the first writes what is new, and the others find nothing to write.
        async with self._claims.lock("discord", "commands"):
            await sync(self.tree, self._guild)
        logger.info("add to a server", link=server_link(str(self.application_id)))
        logger.info("add to an account", link=account_link(str(self.application_id)))
        self._compare_transports()
        if not self._public_key:
            await session_starts.wait_if_few(self.http)

    def _compare_transports(self) -> None:
        application = self.application
        assert application is not None  # noqa: S101  it is there once logged in
        text = transports.mismatch(self._public_key, application.verify_key, application.interactions_endpoint_url)
        if text:
            logger.warning(text)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press of a button, whichever process or version sent it; the tree answers commands.

        Not a `DynamicItem`: discord.py would first rebuild every component of the message, and drop a button that no
        template matches.
        """
        if interaction.type is discord.InteractionType.component:
            pressed: dict[str, Any] = dict(interaction.data or {})
            custom_id, values = pressed["custom_id"], pressed.get("values", ())
            display = custom_ids.read_display(custom_id)
            await self.handlers.handle(interaction, lambda: custom_ids.read(custom_id, values), display)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard to the gateway that the API names."""
        # discord.py would open the session after an invalid one at an address of its own.
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)
