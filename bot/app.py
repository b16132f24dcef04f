"""The composition root: settings to service to adapters in one event loop, and an orderly stop."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiohttp import web

from bot import listening, notices
from bot.adapters import ChatAdapter, Refused, web_app
from bot.counters import Counters
from bot.gates import Gates
from bot.metrics import Metrics
from bot.record import Record
from bot.settings import BadSettings, Settings, open_catalog
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("app")

BACKLOG = 1024
LAST_CALL = 0.1
"""Seconds between the signal to stop and the closing of the door: who has knocked is let in."""
DRAIN = 2.0
"""Seconds that requests under way get to finish; then their connections are cut."""

SHORTEST_LIFE = 5.0
"""Seconds from the start to the end of a process whose tokens are all refused: whatever starts it again at once
asks the platforms at most so often. Docker's own pauses grow further, as long as this stays below its 10 s."""
LONGEST_PAUSE = 60.0
"""Seconds, at most, between two tries of an adapter that fails."""


class AllRefused(Exception):
    """Every chat platform that has a token refused it."""


async def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve every adapter until SIGTERM or SIGINT, then answer what was accepted and return.

    Args:
        settings: checked settings.
        announce: is given the lines that tell the operator where to look, once that is true.

    Raises:
        BadWeights: the models cannot be used.
        BadSettings: the default model does not exist, the address cannot be listened on, or that of Redis not read.
        AllRefused: no chat platform took its token.
    """
    started = asyncio.get_running_loop().time()
    metrics = Metrics()
    record = Record(metrics)
    # Models and libraries first: nobody is called who would have to be called again after a failure.
    service = DigitService(open_catalog(settings), settings.queue, metrics.drawn)
    try:
        async with _gates(settings) as gates:
            chats = _chat_adapters(settings, service, gates, record)
            metrics.watch(service, chats)
            # Up to here a signal has ended the process at once.
            stop = _stop_signal()
            _outlive_the_terminal()
            async with _web(service, gates, record, settings, chats, stop) as address:
                announce(notices.welcome(address, service.catalog, [chat.name for chat in chats]))
                await _chat_until(stop, chats, started + SHORTEST_LIFE)
    finally:
        await service.close()


@asynccontextmanager
async def _gates(settings: Settings) -> AsyncIterator[Gates]:
    """What holds back who asks too often; its counts are in Redis where there is one."""
    limits = {"cooldown": settings.cooldown, "chat_limit": settings.chat_limit, "address_limit": settings.address_limit}
    if settings.redis_url is None:
        yield Gates(Counters(), **limits)
        return
    from bot.redis_counters import RedisCounters

    try:
        shared = RedisCounters(settings.redis_url.get_secret_value())
    except (ValueError, TypeError):  # whose message may tell the password
        raise BadSettings("DIGIT_REDIS_URL", "its port, its database or an option in it cannot be read") from None
    async with shared:
        yield Gates(Counters(shared, settings.secrets), **limits)


def _chat_adapters(settings: Settings, service: DigitService, gates: Gates, record: Record) -> list[ChatAdapter]:
    """An adapter for each chat platform that has a token."""
    chats: list[ChatAdapter] = []
    # Each library is loaded only where it is used: they take as much memory as all the rest.
    if settings.discord_token:
        from bot.adapters.discord_app import DiscordApp

        token, url, guild = settings.discord_token, settings.discord_api_url, settings.discord_guild_id
        chats.append(DiscordApp(token, service, gates, record, url, guild))
    if settings.telegram_token:
        from bot.adapters.telegram_app import TelegramApp

        chats.append(TelegramApp(settings.telegram_token, settings, service, gates, record))
    return chats


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _outlive_the_terminal() -> None:
    """Carry on at SIGHUP: a terminal that closes ends nothing, and who expects new settings is told how to get them."""
    notice = "SIGHUP changes nothing; to read the settings again, restart"
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, logger.info, notice)


async def _chat_until(stop: asyncio.Event, chats: Sequence[ChatAdapter], earliest: float) -> None:
    """Keep the chat adapters running until `stop`, then close them; until `earliest` if none is taken."""
    running = [asyncio.create_task(_keep_running(chat)) for chat in chats]
    stopping = asyncio.create_task(stop.wait())
    # A task ends by itself only when its platform refused the token.
    ends: list[asyncio.Task[Any]] = [stopping]
    if running:
        ends.append(asyncio.create_task(asyncio.wait(running)))
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(earliest):
                await stop.wait()
        if not stop.is_set():
            raise AllRefused
        await asyncio.sleep(LAST_CALL)
    finally:
        await asyncio.gather(*(chat.close() for chat in chats))
        for task in (*ends, *running):
            task.cancel()


async def _keep_running(chat: ChatAdapter) -> None:
    """Run an adapter, and again after a pause should it fail; a refused token ends it for good.

    An outage is told once, and again when its reason changes.
    """
    pause, told = 1.0, ""
    while True:
        try:
            return await chat.run()
        except Refused as error:
            logger.error(notices.operator_line(error))
            return None
        except OSError as error:
            if str(error) != told:
                logger.warning("cannot reach its platform, and keeps trying", adapter=chat.name, error=str(error))
            told = str(error)
        except Exception:
            logger.exception("adapter failed", adapter=chat.name, again_in=pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


@asynccontextmanager
async def _web(
    service: DigitService,
    gates: Gates,
    record: Record,
    settings: Settings,
    chats: Sequence[ChatAdapter],
    stop: asyncio.Event,
) -> AsyncIterator[str]:
    """Listen, yield the address, and finish the requests under way at the end."""
    site = web_app.create(
        service,
        record,
        chats,
        public_url=str(settings.public_url) if settings.public_url else None,
        gates=gates,
        proxies=settings.trusted_proxies or (),
        metrics_for_all=settings.metrics,
        stopping=stop.is_set,
    )
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=DRAIN)
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
        raise listening.fault(error, settings) from error
