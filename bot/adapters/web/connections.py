"""Time and room that a client has on a connection: aiohttp waits for ever for one that does not read."""

import asyncio
from collections.abc import Callable
from typing import cast

from aiohttp import web

KEEP_ALIVE_SECONDS = 30.0
"""From the start of a connection, or from an answer, to the end of the next request's header."""
LINGERING_SECONDS = 2.0
"""For the rest of a body that nobody has read, so that its client takes the answer; aiohttp's own 10 s is long."""
WRITE_SECONDS = 30.0
"""For an answer to be taken: the largest have 140 KB."""
MAX_HEADERS, MAX_HEADER_BYTES = 64, 4096
"""Of a request: a browser behind two proxies sends 40. A header that is not finished stays in memory."""


def create_runner(app: web.Application, drain_seconds: float) -> web.AppRunner:
    """Create a runner that gives a header little time and room, and cancels the request of a client that has gone.

    Args:
        app: the web application.
        drain_seconds: for requests under way at the end.
    """
    return _Runner(
        app,
        access_log=None,
        shutdown_timeout=drain_seconds,
        # Takes the request out of the queue.
        handler_cancellation=True,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        lingering_time=LINGERING_SECONDS,
        max_headers=MAX_HEADERS,
        max_field_size=MAX_HEADER_BYTES,
    )


class _Runner(web.AppRunner):
    async def setup(self) -> None:
        await super().setup()
        server = cast(web.Server, self.server)
        respond = server.request_handler

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            # aiohttp repeats an unknown value in its own refusal, and fails where that is no text.
            if request.headers.get("Expect", "100-continue").lower() != "100-continue":
                return web.Response(status=417)
            return await respond(request)

        server.request_handler = handle


class Connection(asyncio.Protocol):
    """A connection that is cut when its client does not take an answer in time.

    Args:
        http: aiohttp's protocol, which serves it.
        lost: called at its end.
    """

    def __init__(self, http: asyncio.Protocol, lost: Callable[[], None]) -> None:
        self._http = http
        self._lost = lost
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve the connection."""
        self._transport = cast(asyncio.Transport, transport)
        # An answer counts as sent when the system has all of it, and the next request waits until then.
        self._transport.set_write_buffer_limits(high=0)
        self._http.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass on a part of a request."""
        self._http.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on the end of the requests."""
        return self._http.eof_received()

    def pause_writing(self) -> None:
        """Wait for the client."""
        self._deadline = asyncio.get_running_loop().call_later(WRITE_SECONDS, self._transport.abort)
        self._http.pause_writing()

    def resume_writing(self) -> None:
        """Go on: the client has taken everything."""
        self._stop_waiting()
        self._http.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the request under way."""
        self._stop_waiting()
        self._lost()
        self._http.connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._deadline:
            self._deadline.cancel()
