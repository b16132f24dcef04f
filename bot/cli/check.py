"""`check`: everything that can be wrong with an installation, a line each, without serving."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import aiohttp

from bot import console
from bot.adapters.base import Platform
from bot.adapters.platform_client import TIMEOUT, PlatformClient, Refused, reason_of, refusal
from bot.adapters.registry import PLATFORMS, settings_by_name
from bot.cli import local_checks
from bot.config.findings import REFUSED, UNUSABLE, Finding, Verdict
from bot.config.loading import Configuration, examine
from bot.config.settings import PlatformSettings
from bot.telemetry import logs
from bot.telemetry.redaction import redaction


def check(report: Callable[[str], None]) -> int:
    """Check everything, report each finding, and return the exit code.

    Args:
        report: called with each line as soon as it is known.

    Returns:
        78 if settings or models would keep the bot from starting; 69 if each platform with a token refuses it;
        else 0: a warning does not keep the bot from running.
    """
    configuration = examine(settings_by_name())
    if isinstance(configuration, Configuration):
        # An address, an error or an answer may hold a token: no line, a library's included, goes out unredacted.
        logs.configure("WARNING", configuration.secrets)
        return asyncio.run(_check(configuration, report))
    for fault in configuration:
        report(str(Finding(Verdict.WRONG, "settings", console.error_line(fault), UNUSABLE)))
    return UNUSABLE


async def _check(configuration: Configuration, report: Callable[[str], None]) -> int:
    codes, redact = [], redaction(configuration.secrets)
    async for finding in _findings(configuration):
        report(str(replace(finding, text=redact(finding.text))))
        codes.append(finding.code)
    tokens = sum(settings.token is not None for settings in configuration.platforms.values())
    if UNUSABLE in codes:
        return UNUSABLE
    return REFUSED if tokens and codes.count(REFUSED) == tokens else os.EX_OK


async def _findings(configuration: Configuration) -> AsyncIterator[Finding]:
    settings = configuration.settings
    yield local_checks.settings_set(configuration)
    for warning in configuration.warnings:
        yield Finding(Verdict.WARNING, "settings", warning)
    yield local_checks.weights(settings)
    yield await local_checks.port(settings)
    for finding in local_checks.public_url(settings):
        yield finding
    if settings.redis_url:
        yield await local_checks.redis(settings.redis_url.get_secret_value())
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = PlatformClient(session)
        for platform in PLATFORMS:
            async for finding in _platform(platform, configuration.platforms[platform.name], client):
                yield finding
        yield client.clock()


async def _platform(platform: Platform, settings: PlatformSettings, client: PlatformClient) -> AsyncIterator[Finding]:
    name, token = platform.name, platform.token_variable
    if settings.token is None:
        yield Finding(Verdict.OFF, name, f"set {token} to switch it on")
        return
    try:
        async for finding in platform.checks()(settings, client):
            yield finding
    except Refused as error:
        yield refusal(name, error)
    except Exception as error:  # noqa: BLE001  out of reach, or another program answers there, with anything
        text = f"{settings.api_url} cannot be asked whether {token} is good ({reason_of(error)})"
        yield Finding(Verdict.WARNING, name, text)
