"""Session starts: Discord allows a bot about a thousand connections a day, and resets the token beyond that."""

import asyncio
from typing import Any

import structlog
from discord.http import HTTPClient

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

KEPT_SHARE = 0.1
"""The share of a day's connections that is not used up at once."""


def are_few(left: int, limit: dict[str, Any]) -> bool:
    """Return whether few of a day's connections are left, by Discord's `session_start_limit`."""
    return bool(left < KEPT_SHARE * limit["total"])


async def wait_if_few(http: HTTPClient) -> None:
    """Wait before connecting where few connections are left, as after a night of crashes.

    Raises:
        discord.HTTPException: Discord does not answer.
    """
    shards, _, limit = await http.get_bot_gateway()
    left = limit["remaining"] - shards
    if not are_few(left, dict(limit)):
        return
    # Spread the remaining connections until the quota resets.
    pause_seconds = limit["reset_after"] / 1000 / (max(left, 0) // shards + 1)
    logger.warning(
        "few connections to discord are left for today", left=limit["remaining"], connecting_in=round(pause_seconds)
    )
    await asyncio.sleep(pause_seconds)
