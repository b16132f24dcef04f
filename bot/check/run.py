"""The checks in their order, and the exit code."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import aiohttp

from bot import log
from bot.check import local
from bot.check.finding import UNUSABLE, WRONG, Finding
from bot.check.platforms import PATIENCE, REFUSED, Platforms
from bot.settings import Settings, examine


def check(say: Callable[[str], None]) -> int:
    """Check everything, say what was found, and return the exit code.

    Args:
        say: is given each line as soon as it is known.

    Returns:
        78 if settings or models would keep the bot from starting; 69 if each platform with a token refuses it;
        else 0: what only warns does not keep the bot from running.
    """
    settings = examine()
    if not isinstance(settings, Settings):
        for fault in settings:
            say(str(Finding(WRONG, "settings", str(fault), UNUSABLE)))
        return UNUSABLE
    return asyncio.run(_check(settings, say))


async def _check(settings: Settings, say: Callable[[str], None]) -> int:
    # An address, an error or a platform's answer may hold a token: no line, a library's included, goes out unredacted.
    log.configure("WARNING", settings.secrets)
    redact = log.redaction(settings.secrets)
    codes = []
    async for finding in _findings(settings):
        say(str(replace(finding, text=redact(finding.text))))
        codes.append(finding.code)
    tokens = sum(token is not None for token in (settings.discord_token, settings.telegram_token))
    if UNUSABLE in codes:
        return UNUSABLE
    return REFUSED if tokens and codes.count(REFUSED) == tokens else os.EX_OK


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield local.settings_set(settings)
    yield local.weights(settings)
    yield await local.port(settings)
    for finding in local.addresses(settings):
        yield finding
    if redis_url := getattr(settings, "redis_url", None):
        yield await local.redis(redis_url.get_secret_value())
    async with aiohttp.ClientSession(timeout=PATIENCE) as client:
        async for finding in Platforms(settings, client).findings():
            yield finding
