"""What the chat and the addresses of pictures have in common."""

import structlog
from aiohttp import web

from bot import commands
from core.requests import DrawRequest, Picture
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

SERVICE = web.AppKey("service", DigitService)


async def draw(request: web.Request, asked: DrawRequest) -> Picture:
    """Draw what is asked for, and log that; not the words, since a number may be somebody's own.

    Raises:
        DigitError: as `DigitService.draw`.
    """
    picture = await request.app[SERVICE].draw(asked)
    logger.info("drawn", command=commands.command_of(asked).name, seed=picture.seed, models=picture.titles)
    return picture
