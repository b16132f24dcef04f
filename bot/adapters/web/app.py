"""The web application: its routes, and the headers of every response."""

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.adapters.base import Adapter
from bot.adapters.web import caching, chat, hand, health, manifest, metrics, page, pictures, static
from bot.adapters.web.client_ip import Network, TrustedProxies
from bot.adapters.web.errors import errors_as_json
from bot.adapters.web.responses import CONVERSATION, PROXIES
from bot.conversation.pipeline import Conversation

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create(
    conversation: Conversation,
    adapters: Sequence[Adapter] = (),
    *,
    public_url: str | None = None,
    proxies: Sequence[Network] = (),
    metrics_token: str | None = None,
    metrics_for_all: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> web.Application:
    """Create the web application.

    Args:
        conversation: answers requests; its metrics are at /metrics.
        adapters: chat platforms, whose state /readyz shows and whose routes are added.
        public_url: URL at which the world reaches the page; None stands for the one of each request.
        proxies: the operator's own, whose `X-Forwarded-For` is believed.
        metrics_token: opens /metrics to the clients that bring it.
        metrics_for_all: whether everybody may read /metrics, where there is no token.
        stopping: whether the process is about to end.
    """
    registry = conversation.request_log.metrics.registry
    app = web.Application(middlewares=[errors_as_json])
    app[CONVERSATION] = conversation
    app[PROXIES] = TrustedProxies(proxies)
    app[health.ADAPTERS] = adapters
    app[health.STOPPING] = stopping
    app[health.STARTUP] = health.Startup(adapters)
    app[page.PUBLIC_URL] = public_url
    app[caching.VERSION] = caching.version(conversation.service.catalog)
    app.on_response_prepare.append(_set_headers)
    for adapter in adapters:
        app.add_routes(adapter.routes)
    app.add_routes(
        [
            web.get("/", page.show),
            web.post("/api/chat", chat.answer),
            web.get(pictures.path(), pictures.show),
            web.get("/curve.png", pictures.curve),
            web.get("/models", health.models),
            web.get("/healthz", health.healthz),
            web.get("/startupz", health.startupz),
            web.get("/readyz", health.readyz),
            web.get("/metrics", metrics.handler(registry, metrics_token, metrics_for_all)),
            web.get("/manifest.webmanifest", manifest.show),
            web.get("/favicon.ico", static.favicon),
            web.get("/static/{name}", static.show),
            web.get("/static/{version}/{name}", static.show),
        ]
    )
    if conversation.hands:
        app.add_routes([web.post("/api/hand", hand.answer)])
    return app


async def _set_headers(_: web.Request, response: web.StreamResponse) -> None:
    # Page, style and script change together at an update: a browser has to ask whether they did.
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
