"""Every chat platform, a line each."""

from bot.adapters.base import Platform
from bot.config.loading import Platforms

PLATFORMS: tuple[Platform, ...] = (
    Platform("discord", "Discord", "bot.adapters.discord"),
    Platform("telegram", "Telegram", "bot.adapters.telegram"),
)


def settings_by_name() -> Platforms:
    """Return the settings that each platform declares."""
    return {platform.name: platform.settings for platform in PLATFORMS}
