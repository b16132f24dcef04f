"""The wiring of the process: settings to service to adapters in one event loop, and an orderly stop."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from yarl import URL

from bot import console, i18n, supervisor
from bot.adapters.base import Adapter, Context
from bot.adapters.registry import PLATFORMS
from bot.adapters.web.app import create
from bot.adapters.web.connections import create_runner
from bot.adapters.web.site import LimitedSite
from bot.config.listening import bind_error
from bot.config.loading import Configuration, open_catalog
from bot.config.loopback import LOOPBACK
from bot.config.settings import Settings
from bot.conversation.pipeline import Conversation
from bot.limits.claims import Claims
from bot.limits.policy import RateLimits
from bot.limits.storage import LimitStorage
from bot.telemetry.metrics import Metrics
from bot.telemetry.request_log import RequestLog
from core.hand_service import HandService
from core.handwriting import HandReader
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("app")

GRACE_SECONDS = 5.0
"""For the pictures that wait at a stop; then the others are refused, and time is left to say so on every platform."""
SAME_SIGNAL_SECONDS = 0.5
"""In which another signal is the same one: `timeout` and some terminals send theirs twice."""
DRAIN_SECONDS = 2.0
"""For responses that are being sent when the rest is closed; then their connections are cut."""


async def serve(configuration: Configuration, announce: Callable[[console.Start], None]) -> None:
    """Serve every adapter until SIGTERM or SIGINT, then answer the accepted requests and return.

    Args:
        configuration: checked settings.
        announce: called with the message that tells the operator where to look, once that is true.

    Raises:
        BadWeights: the models cannot be used.
        BadSettings: the default model does not exist, or the address of the page or of Redis cannot be used.
        AllRefused: no chat platform took its token.
    """
    started = asyncio.get_running_loop().time()
    settings = configuration.settings
    if settings.language:
        i18n.use_only(settings.language)
    metrics = Metrics()
    # Models and libraries first: a start that fails has called no platform.
    service = DigitService(open_catalog(settings), settings.queue, metrics.drawn)
    reader = HandReader.of(service.catalog)
    hands = HandService(reader) if reader else None
    try:
        async with _shared(configuration) as (limits, claims):
            conversation = Conversation(service, limits, RequestLog(metrics), hands)
            adapters = _adapters(configuration, conversation, claims)
            metrics.watch(service, {adapter.name: _readiness(adapter) for adapter in adapters})
            # Up to here a signal has ended the process at once.
            stop = _stop_signal()
            _ignore_hangup()
            async with _web(conversation, settings, adapters, stop) as address:
                announce(_start(address, configuration, conversation))
                await supervisor.supervise(adapters, stop, started, lambda: service.drain(GRACE_SECONDS))
    finally:
        if hands:
            await hands.close()
        await service.close()


@asynccontextmanager
async def _shared(configuration: Configuration) -> AsyncIterator[tuple[RateLimits, Claims]]:
    """Yield the rate limits and the claims, shared by all replicas where there is a Redis."""
    settings = configuration.settings
    limits = {"cooldown": settings.cooldown, "chat_limit": settings.chat_limit, "address_limit": settings.address_limit}
    if settings.redis_url is None:
        yield RateLimits(LimitStorage(), **limits), Claims()
        return
    # Loaded only where there is a Redis.
    from bot.limits.redis_claims import RedisClaims
    from bot.limits.redis_storage import RedisStorage

    async with RedisStorage(settings.redis_url.get_secret_value()) as shared:
        secrets = configuration.secrets
        yield RateLimits(LimitStorage(shared, secrets), **limits), Claims(RedisClaims(shared), secrets)


def _adapters(configuration: Configuration, conversation: Conversation, claims: Claims) -> list[Adapter]:
    """Create the adapter of each platform that has a token."""
    public_url = configuration.settings.public_url
    context = Context(conversation, URL(str(public_url)) if public_url else None, claims)
    with_token = [platform for platform in PLATFORMS if configuration.platforms[platform.name].token]
    return [platform.create(configuration.platforms[platform.name], context) for platform in with_token]


def _readiness(adapter: Adapter) -> Callable[[], bool]:
    return lambda: adapter.ready


def _start(address: str, configuration: Configuration, conversation: Conversation) -> console.Start:
    titles = {platform.title: platform for platform in PLATFORMS}
    connecting = [title for title, platform in titles.items() if configuration.platforms[platform.name].token]
    missing = {title: platform.token_variable for title, platform in titles.items() if title not in connecting}
    everywhere = configuration.settings.host in LOOPBACK
    return console.Start(address, everywhere, conversation.service.catalog.names, connecting, missing)


def _stop_signal() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets; another one, later on, ends the process at once."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def on_signals(callback: Callable[..., object], *args: int) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, callback, *args)

    def begin_stop() -> None:
        stop.set()
        loop.call_later(SAME_SIGNAL_SECONDS, on_signals, os._exit, os.EX_OK)

    on_signals(begin_stop)
    return stop


def _ignore_hangup() -> None:
    """Log SIGHUP and carry on: a closed terminal ends nothing, and an operator who expects a reload reads this."""
    notice = "SIGHUP changes nothing; to read the settings again, restart"
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, logger.info, notice)


@asynccontextmanager
async def _web(
    conversation: Conversation, settings: Settings, adapters: Sequence[Adapter], stop: asyncio.Event
) -> AsyncIterator[str]:
    """Listen, yield the address at which this machine reaches the page, and finish the requests at the end."""
    site = create(
        conversation,
        adapters,
        public_url=str(settings.public_url) if settings.public_url else None,
        proxies=settings.trusted_proxies or (),
        metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        metrics_for_all=settings.metrics,
        stopping=stop.is_set,
    )
    runner = create_runner(site, DRAIN_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, settings)
        host, port = runner.addresses[0][:2]
        host = LOOPBACK.get(host, host)
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await LimitedSite(runner, settings.host, settings.port, settings.trusted_proxies or ()).start()
    except OSError as error:
        raise bind_error(error, settings) from error
