"""The discord.py client: intents, presence, start."""

from typing import Any

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot.adapters.discord import custom_ids, session_starts
from bot.adapters.discord.commands import message_menu, slash_commands
from bot.adapters.discord.handlers import Handlers
from bot.adapters.discord.invite_links import account_link, server_link
from bot.adapters.discord.sync import sync
from bot.adapters.discord.translator import CatalogTranslator
from bot.conversation.sentences import EXAMPLE

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)


class Tree(app_commands.CommandTree["Client"]):
    """The slash commands, and the one place where an error of discord.py's own ends."""

    async def on_error(
        self, interaction: "discord.Interaction[Client]", error: app_commands.AppCommandError, /
    ) -> None:
        """Answer with a sentence."""
        await interaction.client.handlers.handle_error(interaction, error)


class Client(discord.AutoShardedClient):
    """Reads no message and no member list: commands and buttons come without any intent.

    AutoShardedClient for a single shard too, because discord.Client ends where the first connection to the gateway
    fails.

    Args:
        handlers: answer interactions.
        guild_id: the one server that gets the commands, or None for everywhere.
    """

    def __init__(self, handlers: Handlers, guild_id: int | None) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.CustomActivity(EXAMPLE.line),
            # Without the intent no server is announced, and waiting for them would only delay `ready`.
            guild_ready_timeout=0,
        )
        self.handlers = handlers
        self._guild = None if guild_id is None else discord.Object(guild_id)
        self.tree = Tree(self, allowed_installs=INSTALLS, allowed_contexts=CONTEXTS)
        for command in slash_commands(handlers):
            self.tree.add_command(command)
        self.tree.add_command(message_menu(handlers))

    @property
    def connected(self) -> bool:
        """Whether every shard receives events."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    async def setup_hook(self) -> None:
        """Sync the commands and log the invite links, once logged in and not yet connected."""
        await self.tree.set_translator(CatalogTranslator())
        await sync(self.tree, self._guild)
        logger.info("add to a server", link=server_link(str(self.application_id)))
        logger.info("add to an account", link=account_link(str(self.application_id)))
        await session_starts.wait_if_few(self.http)

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
