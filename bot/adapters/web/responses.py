"""An exchange for a web request: from the client's address and language to a delivered response."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.adapters.web import language
from bot.adapters.web.client_ip import TrustedProxies
from bot.adapters.web.errors import http_error, reply_error
from bot.conversation.pipeline import Conversation, Exchange
from bot.conversation.sender import Sender
from core.errors import BadRequest, Closed

CONVERSATION = web.AppKey("conversation", Conversation)
PROXIES = web.AppKey("proxies", TrustedProxies)


def exchanged(answer: Callable[[web.Request, Exchange], Awaitable[web.Response]]) -> Handler:
    """Make a handler that answers within an exchange and sends the response before that ends.

    The request log knows then whether the response was delivered.
    """

    async def handle(request: web.Request) -> web.Response:
        with request.app[CONVERSATION].exchange(_sender(request), ConnectionError) as exchange:
            try:
                if request.app[CONVERSATION].service.draining:
                    response = reply_error(exchange.error_reply(Closed()))
                else:
                    response = await answer(request, exchange)
            except web.HTTPClientError as error:
                exchange.failed(BadRequest(error.reason))
                response = http_error(request, error)
            # A shared cache must not mix up the languages of captions and sentences.
            response.headers["Vary"] = language.HEADER
            await _send(request, response, exchange)
        return response

    return handle


def _sender(request: web.Request) -> Sender:
    address = request.app[PROXIES].client_ip(request)
    return Sender(platform="web", language=language.of(request), address=address)


async def _send(request: web.Request, response: web.Response, exchange: Exchange) -> None:
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError as error:
        exchange.failed(error)
