"""The commands that Discord has against those there are: a start that changes nothing writes nothing."""

from typing import Any

import discord
import structlog
from discord import app_commands
from discord.http import Route

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

ASSIGNED = ("id", "application_id", "guild_id", "version", "dm_permission")
"""What Discord adds of its own; the last it derives from the contexts."""
GLOBAL_ONLY = ("contexts", "integration_types")
"""What the commands of a single server do not have."""


async def sync(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> None:
    """Bring the commands to Discord, if they differ from those there.

    A failure is logged and no more: the commands of the last start may still work.

    Args:
        tree: the commands.
        guild: the one server to bring them to, or None for everywhere.
    """
    if guild is not None:
        tree.copy_global_to(guild=guild)
    try:
        if await _changed(tree, guild):
            synced = await tree.sync(guild=guild)
            logger.info("commands brought to discord", commands=[command.name for command in synced])
    except discord.HTTPException as error:
        logger.error("commands not brought to discord", reason=str(error))


async def _changed(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> bool:
    ignored = ASSIGNED if guild is None else ASSIGNED + GLOBAL_ONLY
    there = await _fetch(tree.client, guild)
    # A group or a context menu would be typed apart, but is written down alike.
    commands: list[Any] = tree.get_commands(guild=guild)
    here = [await _payload(command, tree) for command in commands]
    return _essence(there, ignored) != _essence(here, ignored)


async def _fetch(client: discord.Client, guild: discord.Object | None) -> list[Any]:
    """The commands as Discord writes them: what discord.py 2.7 makes of them lacks a context and the translations."""
    path = "/applications/{application_id}" + ("" if guild is None else "/guilds/{guild_id}") + "/commands"
    route = Route("GET", path, application_id=client.application_id, guild_id=guild and guild.id)
    commands: list[Any] = await client.http.request(route, params={"with_localizations": "true"})
    return commands


async def _payload(command: app_commands.Command[Any, ..., Any], tree: app_commands.CommandTree[Any]) -> dict[str, Any]:
    if tree.translator is None:
        return command.to_dict(tree)
    return await command.get_translated_payload(tree, tree.translator)


def _essence(commands: list[Any], ignored: tuple[str, ...]) -> dict[str, Any]:
    """Commands by name, without what is ignored and without what says no more than its absence."""
    return {command["name"]: _bare({k: v for k, v in command.items() if k not in ignored}) for command in commands}


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if item not in (None, [], {}) and item is not False}
    return [_bare(item) for item in value] if isinstance(value, list) else value
