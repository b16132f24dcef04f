"""`/metrics`: for Prometheus on this machine, or for everybody where the operator says so."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry
from prometheus_client.aiohttp import make_aiohttp_handler

PROXIED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
"""What a proxy adds: behind one on this machine everybody seems to be on this machine."""


def handler(registry: CollectorRegistry, for_all: bool) -> Handler:
    """What answers a scrape, in the format that it asks for; for who may not have it there is nothing here.

    Args:
        registry: the metrics.
        for_all: whether clients on other machines get them too.
    """
    scrape = make_aiohttp_handler(registry)

    async def show(request: web.Request) -> web.StreamResponse:
        if not (for_all or is_local(request)):
            raise web.HTTPNotFound
        return await scrape(request)

    return show


def is_local(request: web.BaseRequest) -> bool:
    """Whether a client is on this machine, asks for this machine, and speaks for nobody else.

    The name that it asks for matters too: many proxies pass on the one that the world knows, and a page of
    somebody else's may give this machine a name of its own in order to have a browser here read it.
    """
    try:
        name = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    asks_here = name == "localhost" or _is_loopback(name)
    return asks_here and _is_loopback(request.remote or "") and not any(name in request.headers for name in PROXIED)


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
