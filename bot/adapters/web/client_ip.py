"""Whose request it is: the address of the peer, or what the operator's own proxy says of it."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import structlog
from aiohttp import web

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

HEADER = "X-Forwarded-For"
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Addresses:
    """Finds the address behind a request.

    Args:
        proxies: those whose `X-Forwarded-For` is believed. Anybody can send one, so that nobody else's is.
    """

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        self._proxies = proxies
        self._told = False

    def behind(self, request: web.Request) -> Address | None:
        """The nearest address that is no proxy of ours; None where the peer has none."""
        nearest = None
        for nearest in _hops(request):
            if not self._is_proxy(nearest):
                break
        if HEADER in request.headers and nearest is not None:
            self._tell(nearest)
        return nearest

    def _is_proxy(self, address: Address) -> bool:
        return any(address in network for network in self._proxies)

    def _tell(self, peer: Address) -> None:
        """Tell the operator, once, of what looks like a proxy of theirs: through it all people are one address."""
        if self._told or self._proxies or not peer.is_private:
            return
        self._told = True
        logger.warning(
            "X-Forwarded-For is not believed, and whoever comes through that address counts as one; if it is your "
            "own proxy, set DIGIT_TRUSTED_PROXIES to it",
            address=str(peer),
        )


def _hops(request: web.Request) -> Iterator[Address]:
    """The peer, and from the nearest on the addresses that a request is said to have come through."""
    said = ",".join(request.headers.getall(HEADER, ())).split(",")
    for hop in (request.remote or "", *reversed(said)):
        try:
            address = ip_address(hop.strip())
        except ValueError:
            return
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        yield mapped or address
