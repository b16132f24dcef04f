"""Sync: write the commands to Discord only if they differ from those that it has."""

from typing import Any

import discord
import structlog
from discord import app_commands
from discord.http import Route

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

ASSIGNED_FIELDS = ("id", "application_id", "guild_id", "version", "dm_permission")
"""Fields that Discord adds; it derives the last from the contexts."""
GLOBAL_FIELDS = ("contexts", "integration_types")
"""Fields that the commands of a single server do not have."""

EMPTY: tuple[object, ...] = (None, [], {}, "")
"""Values that mean the same as their absence: the commands in the menu of a message have an empty description."""


async def sync(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> None:
    """Write the commands to Discord, if they differ from those that it has.

    A failure is only logged: the commands of the last start may still work.

    Args:
        tree: the commands.
        guild: the one server that gets them, or None for everywhere.
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
    ignored = ASSIGNED_FIELDS if guild is None else ASSIGNED_FIELDS + GLOBAL_FIELDS
    registered = await _fetch(tree.client, guild)
    # Typed as Any: there are no groups among them.
    commands: list[Any] = tree.get_commands(guild=guild)
    payloads = [await _payload(command, tree) for command in commands]
    return _normalized(registered, ignored) != _normalized(payloads, ignored)


async def _fetch(client: discord.Client, guild: discord.Object | None) -> list[Any]:
    """Return the commands as Discord sends them: discord.py 2.7 reads them without contexts and translations."""
    path = "/applications/{application_id}" + ("" if guild is None else "/guilds/{guild_id}") + "/commands"
    route = Route("GET", path, application_id=client.application_id, guild_id=guild and guild.id)
    commands: list[Any] = await client.http.request(route, params={"with_localizations": "true"})
    return commands


async def _payload(command: app_commands.Command[Any, ..., Any], tree: app_commands.CommandTree[Any]) -> dict[str, Any]:
    if tree.translator is None:
        return command.to_dict(tree)
    return await command.get_translated_payload(tree, tree.translator)


def _normalized(commands: list[Any], ignored: tuple[str, ...]) -> dict[str, Any]:
    """Return commands by name, without ignored fields and without values that mean the same as their absence."""
    return {command["name"]: _bare({k: v for k, v in command.items() if k not in ignored}) for command in commands}


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if item not in EMPTY and item is not False}
    return [_bare(item) for item in value] if isinstance(value, list) else value
