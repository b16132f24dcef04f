"""Health, start-up, readiness, and the list of models."""

import time
from collections.abc import Callable, Sequence

from aiohttp import web

from bot.adapters.base import Adapter
from bot.adapters.web.responses import CONVERSATION

ADAPTERS: web.AppKey[Sequence[Adapter]] = web.AppKey("adapters", Sequence)
STOPPING: web.AppKey[Callable[[], bool]] = web.AppKey("stopping")
STARTUP_SECONDS = 60.0
"""For which a process that starts waits for its platforms: an update waits as long, and then goes on without them."""


class Startup:
    """Latch for the end of the start: every platform has been connected once, or has had STARTUP_SECONDS for that.

    Args:
        adapters: of the platforms.
        clock: returns seconds that never go back.
    """

    def __init__(self, adapters: Sequence[Adapter], clock: Callable[[], float] = time.monotonic) -> None:
        self._adapters = adapters
        self._clock = clock
        self._began = clock()
        self._over = False

    def over(self) -> bool:
        """Return whether the start is over; once it is, it stays so."""
        waited = self._clock() - self._began >= STARTUP_SECONDS
        self._over = self._over or waited or all(adapter.ready for adapter in self._adapters)
        return self._over


STARTUP: web.AppKey[Startup] = web.AppKey("startup", Startup)


async def healthz(_: web.Request) -> web.Response:
    """Answer as long as the event loop runs."""
    return web.json_response({"status": "ok"})


async def startupz(request: web.Request) -> web.Response:
    """Return 200 once the start is over, so that others may stop, else 503."""
    started = request.app[STARTUP].over()
    return web.json_response({"started": started}, status=200 if started else 503)


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
