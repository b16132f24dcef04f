"""`webhook set`, `webhook delete` and `webhook info`: Telegram's webhook by hand, as for replicas without a Redis."""

import argparse
import asyncio
import os
from functools import partial
from typing import Any

from bot.adapters.platform_client import Refused
from bot.adapters.registry import settings_by_name
from bot.adapters.telegram.settings import NAME, TelegramSettings
from bot.cli.output import print_note, print_result
from bot.config import loading
from bot.config.sources import BadSettings
from bot.telemetry import logs
from bot.telemetry.redaction import redaction


def change(options: argparse.Namespace) -> int:
    """Do what the command line says; return the exit code.

    Raises:
        BadSettings: a setting that this needs is missing, or one cannot be used.
    """
    configuration = loading.load(settings_by_name())
    logs.configure("WARNING", configuration.secrets)
    settings = configuration.platforms[NAME]
    assert isinstance(settings, TelegramSettings)  # noqa: S101  they are declared by that platform
    if settings.token is None:
        raise BadSettings(settings.variable("token"), "should be set: the webhook is that of a bot")
    if options.action == "set" and settings.webhook_url is None:
        raise BadSettings(settings.variable("webhook_url"), "should be set to the address to which Telegram posts")
    try:
        print_result(asyncio.run(_change(settings, options.action)))
    except (Refused, ConnectionError) as error:
        print_note(redaction(configuration.secrets)(str(error)))
        return os.EX_UNAVAILABLE
    return os.EX_OK


async def _change(settings: TelegramSettings, action: str) -> str:
    # Loaded only where there is a token: the library takes as much memory as all the rest.
    from bot.adapters.telegram import webhook_setup

    actions: dict[str, Any] = {
        "set": partial(webhook_setup.set_webhook, url=str(settings.webhook_url)),
        "delete": webhook_setup.delete_webhook,
        "info": webhook_setup.describe_webhook,
    }
    return await webhook_setup.with_bot(settings, actions[action])
