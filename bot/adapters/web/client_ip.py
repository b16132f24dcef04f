"""The IP address of a client: the peer's, or the one that the operator's own proxy names."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import structlog
from aiohttp import web

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

FORWARDED_FOR = "X-Forwarded-For"
"""The header can be forged: it is ignored unless it comes from a trusted proxy."""
WITH_PORT = re.compile(r"\[(.*)\](?::\d+)?|([\d.]+):\d+", re.ASCII)
"""An address as some proxies write it: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class TrustedProxies:
    """The operator's own proxies.

    Args:
        networks: their addresses.
    """

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = networks
        self._warned = False

    def client_ip(self, request: web.Request) -> Address | None:
        """Return the nearest address that is no trusted proxy; None where the peer has none, as on a Unix socket."""
        nearest = None
        for nearest in _hops(request):
            if not self._is_trusted(nearest):
                break
        if FORWARDED_FOR in request.headers and nearest is not None:
            self._warn_once(nearest)
        return nearest

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def _warn_once(self, peer: Address) -> None:
        """Warn of a header that seems to come from the operator's own proxy: its clients all count as one address."""
        if self._warned or self._networks or not peer.is_private:
            return
        self._warned = True
        logger.warning(
            "X-Forwarded-For is ignored, and all clients behind this address share one limit; if it is your own "
            "proxy, set DIGIT_TRUSTED_PROXIES to it",
            address=str(peer),
        )


def _hops(request: web.Request) -> Iterator[Address]:
    """Yield the peer and then the addresses of the header, the nearest first, up to one that cannot be read."""
    forwarded = ",".join(request.headers.getall(FORWARDED_FOR, ())).split(",")
    for hop in (request.remote or "", *reversed(forwarded)):
        address = parse(hop.strip())
        if address is None:
            return
        yield address


def parse(text: str) -> Address | None:
    """Return the address that a text is, if it is one, with a port or without; IPv4 within IPv6 is IPv4."""
    with_port = WITH_PORT.fullmatch(text)
    try:
        address = ip_address((with_port[1] or with_port[2]) if with_port else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
