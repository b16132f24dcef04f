"""Modules that a forked bot finds loaded: all that `python -m bot` loads before it serves."""

import gc
import importlib

from bot.commands import registry

for name in (
    "aiohttp.web", "anyio._backends._asyncio", "bot.adapters.discord.adapter", "bot.adapters.telegram.adapter",
    "bot.app", "bot.cli.check", "bot.cli.draw", "bot.cli.main", "bot.cli.serve", "bot.console",
    "bot.limits.redis_storage", "httpcore",
):  # fmt: skip
    importlib.import_module(name)
registry.commands()
# A collection in a forked bot would copy all pages of these modules.
gc.collect()
gc.freeze()
