"""Every chat platform, a line each."""

from bot.adapters.base import Platform
from bot.adapters.discord import settings as discord
from bot.adapters.telegram import settings as telegram
from bot.config.loading import Platforms

PLATFORMS: tuple[Platform, ...] = (
    Platform("discord", "Discord", discord.DiscordSettings, "bot.adapters.discord"),
    Platform("telegram", "Telegram", telegram.TelegramSettings, "bot.adapters.telegram"),
)


def settings_by_name() -> Platforms:
    """Return the settings that each platform declares."""
    return {platform.name: platform.settings for platform in PLATFORMS}
