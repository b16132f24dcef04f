"""Several replicas of one bot: each command is answered once, by another replica if its own dies."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from bot.adapters.discord import client
from bot.limits import claims
from bot.limits.claims import Claims
from bot.limits.redis_claims import RedisClaims
from bot.limits.redis_storage import RedisStorage
from core.service import DigitService
from tests.bot.adapters.discord.in_process import adapter_on
from tests.bot.conftest import SHORT_LEASE, running
from tests.fakes.discord_server import DiscordServer
from tests.fakes.generators import GatedGenerator, serving
from tests.fakes.redis_server import RedisServer
from tests.waiting import until


@asynccontextmanager
async def replica(server: DiscordServer, redis: RedisServer, service: DigitService) -> AsyncIterator[str]:
    """Serve a Discord with a replica in this process; yields the address of its web server."""
    async with RedisStorage(redis.url) as storage:
        async with adapter_on(server, service, Claims(RedisClaims(storage), ("a token",))) as address:
            yield address
        await service.close()


async def test_a_command_that_reaches_two_replicas_is_drawn_once(redis: RedisServer) -> None:
    """While one replica draws, another one that is given the same post waits, and both acknowledge it."""
    one, other = GatedGenerator(), GatedGenerator()
    drawing = serving(one, queue=10)
    async with (
        DiscordServer(over_http=True) as server,
        replica(server, redis, drawing) as first,
        replica(server, redis, serving(other, queue=10)) as second,
    ):
        assert server.endpoint is not None
        server.endpoint.bot = first
        asked = server.ask("digit", digit="4")
        await until(lambda: drawing.pending)
        server.endpoint.bot = second
        repeated = asyncio.create_task(server.repeat())
        one.gate.set()
        assert (await asked).files
        await repeated
        assert server.endpoint.statuses == [202, 202]
    assert (one.drawn, other.drawn) == (1, 0)
    assert server.rest.refusals == []


async def test_replicas_that_start_together_write_the_commands_once(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They look one after another: the first brings the commands to Discord, and the others find nothing to write."""
    monkeypatch.setattr(claims, "WAIT_SECONDS", 0.01)
    looking, most, sync = 0, 0, client.sync
    async with DiscordServer(over_http=True) as server, AsyncExitStack() as stack:

        async def look(*arguments: Any) -> None:
            nonlocal looking, most
            looking += 1
            # By then each of them has logged in.
            await until(lambda: sum(path.endswith("/@me") for path in server.rest.calls) == 2 * 3)
            await sync(*arguments)
            most, looking = max(most, looking), looking - 1

        monkeypatch.setattr(client, "sync", look)
        starts = (stack.enter_async_context(replica(server, redis, serving(GatedGenerator(), 1))) for _ in range(3))
        await asyncio.gather(*starts)
    assert (most, server.rest.syncs) == (1, 1)


async def test_a_command_of_a_killed_replica_is_answered_by_another(redis: RedisServer) -> None:
    """Killed while its answer is under way, a replica leaves no command behind that its proxy gives to another."""
    async with DiscordServer(over_http=True) as server:
        settings = server.settings | {"DIGIT_REDIS_URL": redis.url} | SHORT_LEASE
        async with running(code=-signal.SIGKILL, **settings) as one, running(**settings) as other:
            assert server.endpoint is not None
            await server.online(other.address)
            await server.online(one.address)
            server.endpoint.replicas = [other.address]
            server.rest.faults.append(500)
            asked = server.ask("digit", digit="4")
            await server.rest.refused.wait()
            await one.stop(signal.SIGKILL)
            assert (await asked).files
            assert server.endpoint.statuses == [0, 202]
            await other.stop()
        assert [request["outcome"] for request in other.requests()] == ["drawn"]
