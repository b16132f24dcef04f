"""The supervisor of adapters: restarts them after failures, backs off, and stops them in order."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from bot.adapters.base import Adapter
from bot.adapters.platform_client import Refused
from bot.backoff import BackOff

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("app")

STOP_DELAY_SECONDS = 0.1
"""Between the signal to stop and the end of the listening: connections on their way are still accepted."""
MIN_LIFETIME_SECONDS = 5.0
"""Lifetime of a process whose tokens are all refused: a restart policy then asks the platforms at most so often.
Docker's own pauses between restarts keep growing as long as this stays below its 10 s."""
FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 1.0, 60.0
"""Between two tries of an adapter that fails."""


class AllRefused(Exception):
    """Every chat platform that has a token refused it."""


async def supervise(
    adapters: Sequence[Adapter], stop: asyncio.Event, started: float, drain: Callable[[], Awaitable[None]]
) -> None:
    """Run the adapters until `stop`, then close them.

    Args:
        adapters: of the platforms that have a token; without any, wait for `stop`.
        stop: set by a signal.
        started: time of the event loop at the start of the process.
        drain: called at the end, beside the closing of the adapters; finishes or refuses the accepted requests.

    Raises:
        AllRefused: every platform refused its token; not before MIN_LIFETIME_SECONDS after the start.
    """
    running = [asyncio.create_task(_keep_running(adapter)) for adapter in adapters]
    stopping = asyncio.create_task(stop.wait())
    # A task ends by itself only when its platform refused the token.
    ends: list[asyncio.Task[Any]] = [stopping]
    if running:
        ends.append(asyncio.create_task(asyncio.wait(running)))
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(started + MIN_LIFETIME_SECONDS):
                await stop.wait()
        if not stop.is_set():
            raise AllRefused
        await asyncio.sleep(STOP_DELAY_SECONDS)
    finally:
        await asyncio.gather(drain(), *(adapter.close() for adapter in adapters))
        for task in (*ends, *running):
            task.cancel()


async def _keep_running(adapter: Adapter) -> None:
    """Run an adapter, and again after a pause should it fail; a refused token ends it for good."""
    back_off = BackOff(FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS)
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        try:
            return await adapter.run()
        except Refused as error:
            logger.error(str(error))
            return None
        except Exception as error:  # noqa: BLE001  it is logged, and the adapter starts again
            if clock() - began > MAX_PAUSE_SECONDS:
                back_off.reset()  # it has served meanwhile: this is another outage
            pause = back_off.next_seconds()
            _log_failure(adapter.name, error, pause)
        await asyncio.sleep(pause)


def _log_failure(name: str, error: Exception, pause: float) -> None:
    """Log why an adapter ended, each time: the pauses grow, and the last lines of a log say what is out of reach."""
    if isinstance(error, OSError):
        logger.warning(
            "cannot reach its platform, and keeps trying", adapter=name, error=str(error), retry_seconds=pause
        )
    else:
        logger.error("adapter failed", adapter=name, exc_info=error)
