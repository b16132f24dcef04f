"""Conversations and configurations for tests that run a part of the bot in their own process."""

from bot.adapters.registry import PLATFORMS
from bot.config.loading import Configuration
from bot.config.settings import PlatformSettings, Settings
from bot.conversation.pipeline import Conversation
from bot.limits.policy import RateLimits
from bot.limits.storage import LimitStorage
from bot.telemetry.metrics import Metrics
from bot.telemetry.request_log import RequestLog
from core.hand_service import HandService
from core.service import DigitService


def conversation(
    service: DigitService, limits: RateLimits | None = None, hands: HandService | None = None
) -> Conversation:
    """Return a conversation whose pictures come from `service`, without limits unless some are given."""
    return Conversation(service, limits or RateLimits(LimitStorage()), RequestLog(Metrics()), hands)


def configuration(settings: Settings | None = None, **platforms: PlatformSettings) -> Configuration:
    """Return the settings of a bot on a free port, with a token only for the platforms that are given."""
    without_token = {platform.name: platform.settings() for platform in PLATFORMS}
    return Configuration(settings or Settings(port=0), without_token | platforms)
