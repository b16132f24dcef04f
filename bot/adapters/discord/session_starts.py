"""How often Discord lets a bot connect: about a thousand times a day, and then it takes the token away."""

import asyncio

import structlog
from discord.http import HTTPClient

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

KEPT = 0.1
"""The part of a day's connections that is not for spending at once."""


async def spare(http: HTTPClient) -> None:
    """Wait before connecting where few connections are left, as after a night of crashes, so that they last.

    Raises:
        discord.HTTPException: Discord does not tell.
    """
    shards, _, limit = await http.get_bot_gateway()
    left = limit["remaining"] - shards
    if left >= KEPT * limit["total"]:
        return
    # Whoever crashes again comes back as often as that, until there are new ones.
    pause = limit["reset_after"] / 1000 / (max(left, 0) // shards + 1)
    logger.warning("few connections to discord are left for today", left=limit["remaining"], connecting_in=round(pause))
    await asyncio.sleep(pause)
