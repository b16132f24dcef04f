"""The adapter in this process, for tests that reach into it; all others start the bot as a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from pydantic import SecretStr

from bot.adapters.base import Context
from bot.adapters.discord.adapter import Adapter
from bot.adapters.discord.handlers import Handlers
from bot.adapters.discord.settings import DiscordSettings
from bot.adapters.web.app import create
from bot.limits.claims import Claims
from core.hand_service import HandService
from core.service import DigitService
from tests.fakes.conversations import conversation
from tests.fakes.discord_server import TOKEN, DiscordServer


def settings_for(server: DiscordServer, token: str = TOKEN) -> DiscordSettings:
    """Return the settings of a bot on this Discord."""
    public_key = server.endpoint.public_key if server.endpoint else None
    return DiscordSettings(token=SecretStr(token), api_url=server.url, public_key=public_key)


def handlers_of(service: DigitService) -> Handlers:
    """Return handlers whose pictures come from `service`; nobody has to wait between two."""
    return Handlers(conversation(service), DiscordSettings().api_url)


@asynccontextmanager
async def drawing_with(
    service: DigitService, discord: DiscordServer | None = None, hands: HandService | None = None
) -> AsyncIterator[DiscordServer]:
    """Yield a Discord with an adapter whose pictures come from `service`; nobody has to wait between two."""
    async with discord or DiscordServer() as server, adapter_on(server, service, hands=hands):
        yield server
    await service.close()


@asynccontextmanager
async def adapter_on(
    server: DiscordServer, service: DigitService, claims: Claims | None = None, hands: HandService | None = None
) -> AsyncIterator[str]:
    """Serve a Discord with an adapter in this process; yields the address of its web server."""
    answers = conversation(service, hands=hands)
    adapter = Adapter(settings_for(server), Context(answers, None, claims or Claims()))
    runner = web.AppRunner(create(answers, [adapter]), access_log=None, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    serving = asyncio.create_task(adapter.run())
    try:
        await server.online(address)
        yield address
    finally:
        await adapter.close()
        await serving
        await runner.cleanup()
