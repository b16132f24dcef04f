"""Telegram and the bot in this very process, for what cannot be seen from outside."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot import app
from bot.adapters.base import Adapter
from bot.adapters.discord.settings import DiscordSettings
from bot.adapters.telegram.settings import TelegramSettings
from bot.config.loading import Configuration
from bot.config.settings import Settings
from bot.console import Start
from bot.conversation.pipeline import Conversation
from bot.limits.claims import Claims
from bot.limits.policy import RateLimits
from bot.limits.storage import LimitStorage
from bot.telemetry.metrics import Metrics
from bot.telemetry.request_log import RequestLog
from core.catalog import Catalog
from core.service import DigitService
from tests.bot.conftest import POLLING, WEBHOOK
from tests.fakes.telegram_server import TOKEN, Telegram

BOTH_WAYS = pytest.mark.parametrize(
    "way", [POLLING, WEBHOOK], ids=["polling", "webhook"], indirect=True, scope="module"
)
"""Each way on which updates come. Once an update is there the bot knows no longer how it came: most tests have one."""


@asynccontextmanager
async def in_process(
    telegram: Telegram, *others: Adapter, public_url: str | None = None, language: str | None = None, **webhook: Any
) -> AsyncIterator[str]:
    """Serve Telegram and other adapters in this process; yields the address of the page.

    Args:
        telegram: the server.
        others: served beside it.
        public_url: for inline mode.
        language: one for everybody.
        webhook: `webhook_url`, unless the bot polls.
    """
    create = app._adapters

    def adapters(configuration: Configuration, conversation: Conversation, claims: Claims) -> Sequence[Adapter]:
        return [*create(configuration, conversation, claims), *others]

    platform = TelegramSettings(token=TOKEN, api_url=telegram.url, **webhook)
    settings = Settings(port=0, cooldown=0, chat_limit=0, public_url=public_url, language=language)
    announced: asyncio.Queue[Start] = asyncio.Queue()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "_adapters", adapters)
        configuration = Configuration(settings, {"telegram": platform, "discord": DiscordSettings()})
        serving = asyncio.create_task(app.serve(configuration, announced.put_nowait))
        telegram.bot = (await announced.get()).address
        try:
            yield telegram.bot
        finally:
            signal.raise_signal(signal.SIGTERM)
            await serving


@pytest.fixture(scope="module")
def way(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings of the way on which updates come: polling, or each of `BOTH_WAYS`."""
    return dict(getattr(request, "param", POLLING))


@pytest.fixture
async def conversation(catalog: Catalog) -> AsyncIterator[Conversation]:
    """A conversation without limits."""
    service = DigitService(catalog, queue=10)
    yield Conversation(service, RateLimits(LimitStorage()), RequestLog(Metrics()))
    await service.close()
