"""The metrics endpoint: `/metrics`, for this machine alone or, where the operator says so, for everybody."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry
from prometheus_client.aiohttp import make_aiohttp_handler

PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
"""Headers that a proxy adds: behind one on this machine, every client has an address of this machine."""


def handler(registry: CollectorRegistry, for_all: bool) -> Handler:
    """Make a handler that returns the metrics in the format of the Accept header, or 404 to clients not allowed.

    Args:
        registry: the metrics.
        for_all: whether clients on other machines may read them.
    """
    scrape = make_aiohttp_handler(registry)

    async def show(request: web.Request) -> web.StreamResponse:
        if not (for_all or is_local(request)):
            raise web.HTTPNotFound
        return await scrape(request)

    return show


def is_local(request: web.BaseRequest) -> bool:
    """Return whether a client is on this machine, asks for this machine by name, and is no proxy.

    The host name is checked because many proxies pass the public one on, and because a foreign web page may have a
    name of its own resolve to this machine, so that a browser here reads the metrics for it (DNS rebinding).
    """
    try:
        host = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    asks_here = host == "localhost" or _is_loopback(host)
    proxied = any(name in request.headers for name in PROXY_HEADERS)
    return asks_here and _is_loopback(request.remote or "") and not proxied


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
