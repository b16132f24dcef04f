"""Health, readiness, and the list of models."""

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.adapters.base import Adapter
from bot.adapters.web.responses import CONVERSATION

ADAPTERS: web.AppKey[Sequence[Adapter]] = web.AppKey("adapters", Sequence)
STOPPING: web.AppKey[Callable[[], bool]] = web.AppKey("stopping")


async def healthz(_: web.Request) -> web.Response:
    """Answer as long as the event loop runs."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """Return 200 if every platform is connected and the process goes on, else 503; both with the details."""
    service = request.app[CONVERSATION].service
    adapters = {adapter.name: adapter.ready for adapter in request.app[ADAPTERS]}
    stopping = request.app[STOPPING]()
    ready = all(adapters.values()) and not stopping
    body = {
        "ready": ready,
        "model": service.catalog.default,
        "pending": service.pending,
        "adapters": adapters,
        "stopping": stopping,
    }
    return web.json_response(body, status=200 if ready else 503)


async def models(request: web.Request) -> web.Response:
    """Return the models and their scores, the default first."""
    catalog = request.app[CONVERSATION].service.catalog
    return web.json_response(
        [{"name": model.name, "title": model.title, "scores": dict(model.scores)} for model in catalog.models]
    )
