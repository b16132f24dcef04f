"""Listening: limits for connections, and a system without free files."""

import asyncio
import contextlib
import errno
import resource
import socket
from ipaddress import ip_address, ip_network
from typing import NoReturn
from urllib.parse import urlsplit

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.adapters.web import site
from bot.adapters.web.app import create
from bot.adapters.web.site import MAX_CONNECTIONS, MAX_CONNECTIONS_EACH, ConnectionCounts
from tests.bot.adapters.web.conftest import conversation, knock, listening
from tests.bot.conftest import BotProcess, running
from tests.fakes.generators import GatedGenerator, serving
from tests.waiting import until

GREEDY, OTHER = "127.0.0.2", "127.0.0.3"
HEALTH = b"GET /healthz HTTP/1.0\r\n\r\n"


async def answered(port: int, client: str) -> bool:
    """Whether somebody at an address gets an answer."""
    with contextlib.suppress(ConnectionResetError):
        return (await knock(port, HEALTH, client)).startswith(b"HTTP/1.0 200")
    return False


@pytest.mark.parametrize("proxy", [False, True])
async def test_an_address_has_so_many_connections(monkeypatch: pytest.MonkeyPatch, proxy: bool) -> None:
    """Further ones are closed at once and logged once, others are served; the operator's proxy has no limit."""
    monkeypatch.setattr(site, "MAX_CONNECTIONS_EACH", 3)
    service = serving(GatedGenerator(), queue=1)
    proxies = [ip_network(GREEDY)] if proxy else []
    with capture_logs() as lines:
        async with listening(create(conversation(service)), proxies) as port:
            opened = [await asyncio.open_connection("127.0.0.1", port, local_addr=(GREEDY, 0)) for _ in range(3)]
            # The system accepts a connection before the process looks at it.
            assert await answered(port, OTHER)
            assert [await answered(port, GREEDY) for _ in range(5)] == 5 * [proxy]
            _, one = opened.pop()
            one.transport.abort()
            await until(lambda: answered(port, GREEDY))
            for _, writer in opened:
                writer.transport.abort()
    await service.close()
    warnings = [line for line in lines if line["log_level"] == "warning"]
    assert [line["address"] for line in warnings] == ([] if proxy else [GREEDY])


def test_ipv6_networks_have_so_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """A /64 has as many as an address of IPv4, and a /48 four times as many."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (4 * MAX_CONNECTIONS, 4 * MAX_CONNECTIONS))
    counts = ConnectionCounts([])
    for network in range(4):
        address = ip_address(f"2001:db8:0:{network}::1")
        for i in range(MAX_CONNECTIONS_EACH):
            assert not counts.is_full(address + i)
            counts.add(address + i, 1)
        assert counts.is_full(address)
    assert counts.is_full(ip_address("2001:db8:0:ffff::1"))
    assert not counts.is_full(ip_address("2001:db8:1::1"))
    counts.add(ip_address("2001:db8::1"), -1)
    assert not counts.is_full(ip_address("2001:db8:0:ffff::1"))


@pytest.mark.parametrize(("files", "connections"), [(2 * MAX_CONNECTIONS + 9, MAX_CONNECTIONS), (100, 50)])
def test_there_are_so_many_connections(monkeypatch: pytest.MonkeyPatch, files: int, connections: int) -> None:
    """Half of the files that the system allows are left for others; a health check on this machine is served."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    counts = ConnectionCounts([ip_network("10.0.0.0/8")])
    proxy, client, here = (ip_address(text) for text in ("10.0.0.1", "192.0.2.1", "127.0.0.1"))
    for _ in range(connections):
        assert not counts.is_full(proxy)
        counts.add(proxy, 1)
    assert counts.is_full(proxy)
    assert counts.is_full(client)
    assert not counts.is_full(here)
    counts.add(proxy, -1)
    assert not counts.is_full(client)


async def test_without_free_files_nothing_spins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that cannot be accepted is left alone for a while."""
    tries: list[socket.socket] = []

    def fail(listening: socket.socket) -> NoReturn:
        tries.append(listening)
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(site, "ACCEPT_RETRY_SECONDS", 3600.0)
    monkeypatch.setattr(socket.socket, "accept", fail)
    service = serving(GatedGenerator(), queue=1)
    async with listening(create(conversation(service))) as port:
        with socket.create_connection(("127.0.0.1", port)):
            await until(lambda: tries)
            for _ in range(100):
                await asyncio.sleep(0)
    await service.close()
    assert len(tries) == 1


async def test_without_free_files_the_log_gets_one_line() -> None:
    """While no connection can be accepted the bot waits and says so once; with files again everybody is served."""
    async with running() as bot, aiohttp.ClientSession(bot.address) as client:
        assert (await client.get("/digit/4.png")).status == 200
        _, most = resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE, (20, most))
        url = urlsplit(bot.address)
        waiting = [await asyncio.open_connection(url.hostname, url.port, local_addr=(GREEDY, 0)) for _ in range(40)]
        await until(lambda: warnings(bot))
        assert (await client.get("/digit/4.png")).status == 200
        resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE, (most, most))
        for _, writer in waiting:
            writer.write(HEALTH)
        assert {await reader.readline() for reader, _ in waiting} == {b"HTTP/1.0 200 OK\r\n"}
        for _, writer in waiting:
            writer.close()
        await bot.stop()
    assert warnings(bot) == ["cannot accept connections, and keeps trying"]


def warnings(bot: BotProcess) -> list[str]:
    """What an operator would look at."""
    return bot.events("warning", "error")
