"""Checks on this machine: settings, models, the port, the public URL, Redis."""

import asyncio
import socket
from collections.abc import Iterator

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import RedisError
from yarl import URL

from bot import console
from bot.config.findings import UNUSABLE, Finding, Verdict, url_findings
from bot.config.listening import bind_error
from bot.config.loading import Configuration, open_catalog
from bot.config.loopback import LOOPBACK
from bot.config.settings import Settings
from bot.config.sources import BadSettings
from core.errors import BadWeights

TIMEOUT_SECONDS = 3.0
"""For an answer from this machine or from Redis."""


def settings_set(configuration: Configuration) -> Finding:
    """List the settings that are set, without their values, which may be secret."""
    groups = (*configuration.platforms.values(), configuration.settings)
    fields = ((group, field) for group in groups for field in type(group).model_fields)
    names = [group.variable(field) for group, field in fields if field in group.model_fields_set]
    text = f"{', '.join(names)} set, the others as they are by default" if names else "all as they are by default"
    return Finding(Verdict.OK, "settings", text)


def weights(settings: Settings) -> Finding:
    """Check that every model is the one of the manifest, and draws."""
    try:
        catalog = open_catalog(settings)
    except (BadWeights, BadSettings) as error:
        return Finding(Verdict.WRONG, "weights", console.error_line(error), UNUSABLE)
    models = f"{len(catalog.names)} model{'s' * (len(catalog.names) > 1)}"
    text = f"{models} in {settings.weights}, {catalog.default} draws where none is named"
    return Finding(Verdict.OK, "weights", text)


async def port(settings: Settings) -> Finding:
    """Check that the page can be served at its address, or is."""
    where = f"{settings.host}:{settings.port}"
    try:
        await _listen(settings)
    except OSError as error:
        if not isinstance(error, socket.gaierror) and await _is_digit_bot(settings):
            return Finding(Verdict.OK, "port", f"this bot is running at {where}")
        return Finding(Verdict.WRONG, "port", console.error_line(bind_error(error, settings)), UNUSABLE)
    return Finding(Verdict.OK, "port", f"{where} is free")


def public_url(settings: Settings) -> Iterator[Finding]:
    """Check that the public URL makes sense, where there is one."""
    if settings.public_url is not None:
        yield from url_findings(settings.variable("public_url"), settings.public_url)


async def redis(url: str) -> Finding:
    """Check that Redis answers."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS), Redis.from_url(url) as client:
            await client.ping()  # type: ignore[misc]  # one annotation for the async client and the blocking one
    except (RedisError, OSError, ValueError) as error:
        # The text of an error may hold the URL, and the URL a password.
        text = f"does not answer ({type(error).__name__}): limits would be counted in memory"
        return Finding(Verdict.WARNING, "redis", text)
    return Finding(Verdict.OK, "redis", "answers")


async def _listen(settings: Settings) -> None:
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, settings.host, settings.port)
    server.close()
    await server.wait_closed()


async def _is_digit_bot(settings: Settings) -> bool:
    """Ask whether the program that listens there is this bot."""
    host = LOOPBACK.get(settings.host, settings.host)
    url = URL.build(scheme="http", host=host, port=settings.port, path="/readyz")
    try:
        timeout = aiohttp.ClientTimeout(TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url) as answer:
            state = await answer.json()
    except (aiohttp.ClientError, OSError, ValueError):
        return False
    return isinstance(state, dict) and {"ready", "model", "adapters"} <= state.keys()
