"""The discord.py client: what it declares, and what it does at start."""

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot import invitations, replies
from bot.adapters.discord_app import budget, commands
from bot.adapters.discord_app.buttons import Press
from bot.adapters.discord_app.responder import Responder
from bot.adapters.discord_app.sync import sync

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)


class Tree(app_commands.CommandTree["Client"]):
    """The commands, and the one place where an error of the library's own ends."""

    async def on_error(
        self, interaction: "discord.Interaction[Client]", error: app_commands.AppCommandError, /
    ) -> None:
        """Answer with a sentence."""
        await interaction.client.responder.fail(interaction, error)


class Client(discord.AutoShardedClient):
    """Reads no message and no member list: commands and buttons come without any intent.

    AutoShardedClient also for a single shard, because discord.Client ends where the first
    connection to the gateway fails.

    Args:
        responder: answers.
        guild_id: the one server to bring the commands to, or None for everywhere.
    """

    def __init__(self, responder: Responder, guild_id: int | None) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            activity=discord.CustomActivity(replies.EXAMPLE),
            # Without the intent no server is announced, and waiting for them would only delay `ready`.
            guild_ready_timeout=0,
        )
        self.responder = responder
        self._guild = None if guild_id is None else discord.Object(guild_id)
        self.tree = Tree(self, allowed_installs=INSTALLS, allowed_contexts=CONTEXTS)
        for command in commands.every():
            self.tree.add_command(command)

    @property
    def connected(self) -> bool:
        """Whether every shard hears what is asked."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    async def setup_hook(self) -> None:
        """Once logged in: buttons, commands, and the links by which people add the bot."""
        self.add_dynamic_items(Press)
        await sync(self.tree, self._guild)
        _tell_links(str(self.application_id))
        await budget.spare(self.http)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard to the gateway that the API names."""
        # discord.py would open a session that follows an invalid one at an address of its own.
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)


def _tell_links(application: str) -> None:
    """Log where to add the bot."""
    links = invitations.discord(application)
    logger.info("add to a server", link=links["server"])
    logger.info("add to an account", link=links["account"])
