"""What the chat and the addresses of pictures have in common."""

import structlog
from aiohttp import web

from bot import commands
from bot.adapters.web_app.address import Addresses
from bot.gates import Gates
from core.requests import DrawRequest, Picture
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

SERVICE = web.AppKey("service", DigitService)
GATES = web.AppKey("gates", Gates)
ADDRESSES = web.AppKey("addresses", Addresses)


async def draw(request: web.Request, asked: DrawRequest) -> Picture:
    """Draw what is asked for, and log that; not the words, since a number may be somebody's own.

    Raises:
        TooMany: the address has had its pictures of this minute.
        DigitError: as `DigitService.draw`.
    """
    address = request.app[ADDRESSES].behind(request)
    if address is not None:
        await request.app[GATES].address(address)
    picture = await request.app[SERVICE].draw(asked)
    logger.info("drawn", command=commands.command_of(asked).name, seed=picture.seed, models=picture.titles)
    return picture
