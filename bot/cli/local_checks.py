"""What can be checked on this machine: settings, models, the port, addresses, Redis."""

import asyncio
import socket
from collections.abc import Iterator

import aiohttp
from pydantic import AnyHttpUrl
from redis.asyncio import Redis
from redis.exceptions import RedisError
from yarl import URL

from bot import listening, notices
from bot.__main__ import REACHABLE
from bot.check.finding import OK, UNUSABLE, WARNING, WRONG, Finding, found
from bot.settings import BadSettings, Settings, open_catalog, variable
from core.errors import BadWeights

TELEGRAM_PORTS = (443, 80, 88, 8443)
HOOK = "/telegram"
PATIENCE = 3.0
"""Seconds for an answer from this machine or from Redis."""


def settings_set(settings: Settings) -> Finding:
    """Which settings stand somewhere; their values may be secret."""
    names = ", ".join(variable(name) for name in Settings.model_fields if name in settings.model_fields_set)
    return found(OK, "settings", "set", names=names) if names else found(OK, "settings", "unset")


def weights(settings: Settings) -> Finding:
    """Whether every model is what the manifest says, and draws."""
    try:
        catalog = open_catalog(settings)
    except (BadWeights, BadSettings) as error:
        return Finding(WRONG, "weights", notices.operator_line(error), UNUSABLE)
    count, default = len(catalog.names), catalog.default
    return found(OK, "weights", "weights", count=count, folder=settings.weights, default=default)


async def port(settings: Settings) -> Finding:
    """Whether the page can be served where it should be, or is."""
    where = {"host": settings.host, "port": settings.port}
    try:
        await _listen(settings)
    except OSError as error:
        fault = listening.fault(error, settings)
        if not isinstance(error, socket.gaierror) and await _is_ours(settings):
            return found(OK, "port", "served", **where)
        return Finding(WRONG, "port", notices.operator_line(fault), UNUSABLE)
    return found(OK, "port", "free", **where)


def addresses(settings: Settings) -> Iterator[Finding]:
    """Whether the addresses that others are to use make sense."""
    for name in ("public_url", "telegram_webhook_url"):
        url: AnyHttpUrl | None = getattr(settings, name)
        if url is not None:
            wrong = list(_oddities(name, url))
            yield from wrong or [found(OK, "address", "address", setting=variable(name), url=url)]


async def redis(url: str) -> Finding:
    """Whether Redis answers."""
    try:
        async with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
            await client.ping()  # type: ignore[misc]  # one annotation for the client that waits and the one that blocks
    except (RedisError, OSError, ValueError) as error:
        # The text of an error may hold the address, and the address a password.
        return found(WARNING, "redis", "redis-silent", reason=type(error).__name__)
    return found(OK, "redis", "redis")


async def _listen(settings: Settings) -> None:
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, settings.host, settings.port)
    server.close()
    await server.wait_closed()


async def _is_ours(settings: Settings) -> bool:
    """Whether what listens there answers as this bot does."""
    host = REACHABLE.get(settings.host, settings.host)
    url = URL.build(scheme="http", host=host, port=settings.port, path="/readyz")
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as client, client.get(url) as answer:
            state = await answer.json()
    except (aiohttp.ClientError, OSError, ValueError):
        return False
    return isinstance(state, dict) and {"ready", "model", "adapters"} <= state.keys()


def _oddities(name: str, url: AnyHttpUrl) -> Iterator[Finding]:
    setting = variable(name)
    hook = name == "telegram_webhook_url"
    if url.query or url.fragment:
        yield found(WARNING, "address", "query", setting=setting, url=url)
    if url.scheme != "https":
        yield found(WARNING, "address", "https", setting=setting, url=url)
    if hook and url.port not in TELEGRAM_PORTS:
        ports = ", ".join(str(port) for port in TELEGRAM_PORTS)
        yield found(WARNING, "address", "webhook-port", setting=setting, url=url, ports=ports)
    if hook and url.path != HOOK:
        yield found(WARNING, "address", "webhook-path", setting=setting, path=url.path, expected=HOOK)
