"""The adapter in this process, for tests that reach into it; all others start the bot as a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from bot.adapters.base import Context
from bot.adapters.discord.adapter import Adapter
from bot.adapters.discord.handlers import Handlers
from bot.adapters.discord.settings import DiscordSettings
from core.hand_service import HandService
from core.service import DigitService
from tests.fakes.conversations import conversation
from tests.fakes.discord_server import TOKEN, DiscordServer


def settings_for(server: DiscordServer, token: str = TOKEN) -> DiscordSettings:
    """Return the settings of a bot on this Discord."""
    return DiscordSettings(token=SecretStr(token), api_url=server.url)


def handlers_of(service: DigitService) -> Handlers:
    """Return handlers whose pictures come from `service`; nobody has to wait between two."""
    return Handlers(conversation(service), DiscordSettings().api_url)


@asynccontextmanager
async def drawing_with(
    service: DigitService, discord: DiscordServer | None = None, hands: HandService | None = None
) -> AsyncIterator[DiscordServer]:
    """Yield a Discord with an adapter whose pictures come from `service`; nobody has to wait between two."""
    async with discord or DiscordServer() as server:
        adapter = Adapter(settings_for(server), Context(conversation(service, hands=hands), None))
        running = asyncio.create_task(adapter.run())
        await server.online()
        try:
            yield server
        finally:
            await adapter.close()
            await running
            await service.close()
