"""The web application: page, chat, pictures, health, metrics."""

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.adapters import ChatAdapter
from bot.adapters.web_app import chat, page, pictures, scrape
from bot.adapters.web_app.address import Addresses, Network
from bot.adapters.web_app.drawing import ADDRESSES, GATES, RECORD, SERVICE
from bot.adapters.web_app.errors import errors_as_json
from bot.counters import Counters
from bot.gates import Gates
from bot.record import Record
from core.service import DigitService

LARGEST_BODY = 4096
CHATS: web.AppKey[Sequence[ChatAdapter]] = web.AppKey("chats", Sequence)
STOPPING: web.AppKey[Callable[[], bool]] = web.AppKey("stopping")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create(
    service: DigitService,
    record: Record,
    chats: Sequence[ChatAdapter] = (),
    *,
    public_url: str | None = None,
    gates: Gates | None = None,
    proxies: Sequence[Network] = (),
    metrics_for_all: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> web.Application:
    """The web application.

    Args:
        service: what draws.
        record: of every request; its metrics are at /metrics.
        chats: the adapters that /readyz asks about.
        public_url: where people reach the page; None stands for the address that each of them uses.
        gates: hold back who asks too often; None holds back nobody.
        proxies: the operator's own, which are believed when they name an address.
        metrics_for_all: whether /metrics answers other machines than this one.
        stopping: whether the process is about to end, and wants no more work.
    """
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[errors_as_json])
    app[SERVICE] = service
    app[RECORD] = record
    app[GATES] = gates or Gates(Counters())
    app[ADDRESSES] = Addresses(proxies)
    app[CHATS] = chats
    app[STOPPING] = stopping
    app[page.PUBLIC_URL] = public_url
    for adapter in chats:
        app.add_routes(adapter.routes)
    app.on_response_prepare.append(_harden)
    app.add_routes(
        [
            web.get("/", page.show),
            web.post("/api/chat", chat.answer),
            web.get(pictures.PATH, pictures.show),
            web.get("/curve.png", pictures.curve),
            web.get("/models", _models),
            web.get("/healthz", _healthz),
            web.get("/readyz", _readyz),
            web.get("/metrics", scrape.handler(record.metrics.registry, metrics_for_all)),
            web.static("/static", page.STATIC),
        ]
    )
    return app


async def _models(request: web.Request) -> web.Response:
    catalog = request.app[SERVICE].catalog
    return web.json_response(
        [{"name": model.name, "title": model.title, "scores": dict(model.scores)} for model in catalog.models]
    )


async def _healthz(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _readyz(request: web.Request) -> web.Response:
    service = request.app[SERVICE]
    adapters = {adapter.name: adapter.ready for adapter in request.app[CHATS]}
    stopping = request.app[STOPPING]()
    ready = all(adapters.values()) and not stopping
    body = {"ready": ready, "model": service.catalog.default, "pending": service.pending, "adapters": adapters}
    body["stopping"] = stopping
    return web.json_response(body, status=200 if ready else 503)


async def _harden(_: web.Request, response: web.StreamResponse) -> None:
    # Page, style and script change together at an update: a browser has to ask whether they did.
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
