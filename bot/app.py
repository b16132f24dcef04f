"""The composition root: settings to service to adapters in one event loop, and an orderly stop."""

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot import replies
from bot.adapters import web_app
from bot.settings import BadSettings, Settings, open_catalog
from core.service import DigitService

BACKLOG = 1024
LAST_CALL = 0.1
"""Seconds between the signal to stop and the closing of the door: who has knocked is let in."""
DRAIN = 2.0
"""Seconds that requests under way get to finish; then their connections are cut."""


async def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve every adapter until SIGTERM or SIGINT, then answer what was accepted and return.

    Args:
        settings: checked settings.
        announce: is given the lines that tell the operator where to look, once that is true.

    Raises:
        BadWeights: the models cannot be used.
        BadSettings: the default model does not exist, or the address cannot be listened on.
    """
    stop = _stop_signal()
    service = DigitService(open_catalog(settings), settings.queue)
    try:
        async with _web(service, settings) as address:
            announce(replies.welcome(address, service.catalog))
            await stop.wait()
            await asyncio.sleep(LAST_CALL)
    finally:
        await service.close()


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _web(service: DigitService, settings: Settings) -> AsyncIterator[str]:
    """Listen, yield the address, and finish the requests under way at the end."""
    runner = web.AppRunner(web_app.create(service), access_log=None, shutdown_timeout=DRAIN)
    await runner.setup()
    try:
        await _listen(runner, settings)
        host, port = runner.addresses[0][:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port, backlog=BACKLOG).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BadSettings("DIGIT_PORT", f"port {settings.port} of {settings.host} is in use") from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise BadSettings("DIGIT_PORT", f"port {settings.port} needs more rights than this process has") from error
        raise BadSettings("DIGIT_HOST", f"{settings.host} is no address of this machine") from error
