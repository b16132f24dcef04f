"""Listening, with limits for connections in all and for each address: aiohttp has neither.

Without free files asyncio's own accept loop would log thousands of lines a second.
"""

import asyncio
import math
import resource
import socket
from collections import Counter
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Any, cast

import structlog
from aiohttp import web

from bot.adapters.web.client_ip import Address, Network
from bot.adapters.web.connections import Connection
from bot.limits.policy import networks

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

MAX_CONNECTIONS, MAX_CONNECTIONS_EACH = 1024, 128
"""In all, and for an address: a class of thirty behind one, with four connections a browser."""
BACKLOG = 1024
"""Connections that the system keeps until they are accepted."""
ACCEPT_BATCH = 100
"""Connections that are accepted before others are served again."""
ACCEPT_RETRY_SECONDS = 1.0
"""Until the next try to accept, when there are no free files."""
LOG_SECONDS = 60.0
"""Between two log lines of the same kind."""
SEND_BUFFER_BYTES = 64 * 1024
"""Bytes that the system keeps for a client that does not read; of itself it would keep megabytes."""


class LimitedSite(web.BaseSite):
    """A TCP site that closes connections beyond its limits at once.

    Args:
        runner: answers requests.
        host: name or address to listen on.
        port: 0 takes a free one.
        proxies: the operator's own, which may have all connections that there are.
    """

    def __init__(self, runner: web.AppRunner, host: str, port: int, proxies: Sequence[Network] = ()) -> None:
        super().__init__(runner, backlog=BACKLOG)
        self._host, self._port = host, port
        self._counts = ConnectionCounts(proxies)
        self._retries: dict[socket.socket, asyncio.TimerHandle | None] = {}
        self._opening: set[asyncio.Task[Any]] = set()
        self._logged: dict[str, float] = {}

    @property
    def name(self) -> str:
        """The address."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Bind and listen.

        Raises:
            OSError: the address cannot be used.
        """
        await super().start()
        # asyncio finds the addresses of the name and binds; its accept loop is not started.
        self._server = await asyncio.get_running_loop().create_server(
            asyncio.Protocol, self._host, self._port, start_serving=False
        )
        for bound in self._server.sockets:
            listening = bound.dup()
            listening.setblocking(False)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
            listening.listen(BACKLOG)
            self._resume(listening)

    async def stop(self) -> None:
        """Listen no longer; open connections stay."""
        for listening, retry in self._retries.items():
            if retry:
                retry.cancel()
            asyncio.get_running_loop().remove_reader(listening)
            listening.close()
        self._retries.clear()
        await super().stop()

    def _resume(self, listening: socket.socket) -> None:
        self._retries[listening] = None
        asyncio.get_running_loop().add_reader(listening, self._accept, listening)

    def _pause(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(listening)
        self._retries[listening] = loop.call_later(ACCEPT_RETRY_SECONDS, self._resume, listening)

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(ACCEPT_BATCH):
            try:
                connection, (peer, *_) = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._warn("cannot accept connections, and keeps trying", error=str(error))
                self._pause(listening)
                return
            address = ip_address(peer)
            if self._counts.is_full(address):
                connection.close()
                self._warn("too many connections, and closes further ones", address=str(address))
            else:
                self._open(connection, address)

    def _open(self, connection: socket.socket, address: Address) -> None:
        server = cast(web.Server, self._runner.server)
        connection.setblocking(False)
        self._counts.add(address, 1)
        task = asyncio.create_task(
            asyncio.get_running_loop().connect_accepted_socket(
                lambda: Connection(server(), lambda: self._counts.add(address, -1)), connection
            )
        )
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def _warn(self, event: str, **fields: str) -> None:
        """Log a warning, unless there was one of its kind within LOG_SECONDS."""
        now = asyncio.get_running_loop().time()
        if now - self._logged.get(event, -math.inf) >= LOG_SECONDS:
            self._logged[event] = now
            logger.warning(event, **fields)


class ConnectionCounts:
    """Open connections in all, and of each address and IPv6 network.

    Args:
        proxies: the operator's own, to which only the limit in all applies.
    """

    def __init__(self, proxies: Iterable[Network]) -> None:
        self._proxies = tuple(proxies)
        self._open: Counter[str] = Counter()
        self._total = 0
        # As many files are left for chat platforms and Redis.
        self._max_total = min(MAX_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)

    def add(self, address: Address, number: int) -> None:
        """Count connections of an address that were opened, or closed where the number is negative."""
        self._total += number
        for network in networks(address):
            self._open[network] += number
            if not self._open[network]:
                del self._open[network]

    def is_full(self, address: Address) -> bool:
        """Return whether an address can have no more connections; a health check on this machine always gets one."""
        if self._total >= self._max_total and not address.is_loopback:
            return True
        if any(address in network for network in self._proxies):
            return False
        shares = networks(address).items()
        return any(self._open[network] >= share * MAX_CONNECTIONS_EACH for network, share in shares)
