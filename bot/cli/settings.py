"""`settings`: the settings docs."""

import os

from bot.adapters.registry import PLATFORMS
from bot.cli.output import print_result
from bot.config import docs
from bot.config.fields import SettingsGroup
from bot.config.settings import Settings


def print_settings(*, as_table: bool) -> int:
    """Print every setting as a file `.env` to start from, or as a table in Markdown; return the exit code."""
    groups: list[type[SettingsGroup]] = [*(platform.settings for platform in PLATFORMS), Settings]
    print_result(docs.table(groups) if as_table else docs.env_example(groups), end="")
    return os.EX_OK
