"""What the chat and the addresses of pictures have in common."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.adapters.web_app.address import Addresses
from bot.gates import Gates
from bot.record import Entry, Record
from core.errors import BadRequest
from core.requests import DrawRequest, Picture
from core.service import DigitService

SERVICE = web.AppKey("service", DigitService)
RECORD = web.AppKey("record", Record)
GATES = web.AppKey("gates", Gates)
ADDRESSES = web.AppKey("addresses", Addresses)


def recorded(answer: Callable[[web.Request, Entry], Awaitable[web.Response]]) -> Handler:
    """A handler that records each request, until its answer is sent or nobody is there to take it."""

    async def handle(request: web.Request) -> web.Response:
        with request.app[RECORD].request("web", ConnectionError) as entry:
            try:
                response = await answer(request, entry)
            except web.HTTPClientError as error:
                entry.failed(BadRequest(error.reason))
                raise
            await _send(request, response, entry)
        return response

    return handle


async def draw(request: web.Request, asked: DrawRequest, entry: Entry) -> Picture:
    """Draw what is asked for, and note that.

    Raises:
        TooMany: the address has had its pictures of this minute.
        DigitError: as `DigitService.draw`.
    """
    entry.asks(asked)
    address = request.app[ADDRESSES].behind(request)
    if address is not None:
        await request.app[GATES].address(address)
    picture = await request.app[SERVICE].draw(asked)
    entry.drew(picture)
    return picture


async def _send(request: web.Request, response: web.Response, entry: Entry) -> None:
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError as error:
        entry.failed(error)
