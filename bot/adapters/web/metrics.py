"""The metrics endpoint: `/metrics`, for clients with a token or, where the operator says so, for everybody.

An address of this machine opens nothing: a proxy on it may add no header and name any host.
"""

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry
from prometheus_client.aiohttp import make_aiohttp_handler
from prometheus_client.exposition import choose_encoder

from bot.adapters.web_requests import has_secret


def handler(registry: CollectorRegistry, token: str | None, for_all: bool) -> Handler:
    """Make a handler that returns the metrics in the format of the Accept header, or 404 to clients not allowed.

    Args:
        registry: the metrics.
        token: that clients have to bring, as `Authorization: Bearer TOKEN`.
        for_all: whether everybody may read them, where there is no token.
    """
    scrape = make_aiohttp_handler(registry)

    async def show(request: web.Request) -> web.StreamResponse:
        allowed = has_secret(request, "Authorization", f"Bearer {token}") if token else for_all
        if not allowed:
            raise web.HTTPNotFound
        return await scrape(_readable(request))

    return show


def _readable(request: web.Request) -> web.Request:
    """Return the request, without its headers if the Prometheus library cannot read the Accept among them."""
    try:
        _, content_type = choose_encoder(",".join(request.headers.getall("Accept", ())))
        content_type.encode("ascii")
    except (ValueError, TypeError):
        return request.clone(headers={})
    return request
