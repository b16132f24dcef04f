"""Exact fits: the last value that is allowed is taken, and the first that is not is told."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.telemetry.metrics import Metrics
from core import service as core_service
from core.catalog import Catalog
from core.pictures.strip import StripRequest
from core.service import DigitService
from tests.bot.conftest import BotProcess, running
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import Telegram

LARGEST = 4096


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord."""
    async with DiscordServer() as server:
        yield server


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("size", "status"), [(LARGEST, 200), (LARGEST + 1, 413)])
async def test_a_message_of_4_kb_is_read(telegram_and_bot: tuple[Telegram, BotProcess], size: int, status: int) -> None:
    """A body of exactly 4,096 bytes is answered, one of a byte more is refused."""
    _, bot = telegram_and_bot
    body = json.dumps({"text": "/digit 4"})
    body += (size - len(body)) * " "
    async with aiohttp.ClientSession() as client, client.post(bot.address + "/api/chat", data=body) as response:
        assert response.status == status


@pytest.mark.asyncio(loop_scope="module")
async def test_who_has_waited_five_minutes_is_still_answered(telegram: Telegram, alice: int) -> None:
    """A message from four and a half minutes ago is answered, one from five and a half is not."""
    await telegram.say("/digit 1", user=alice, ago=330)
    await telegram.say("/digit 2", user=alice, ago=270)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("5 × 2")
    await telegram.until(lambda: not telegram.pending)
    assert len(telegram.done("sendPhoto")) == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_whoever_is_ahead_of_the_clock_is_answered(telegram: Telegram, alice: int) -> None:
    """A message that seems to come from the future, as under a clock that is behind, is answered."""
    await telegram.say("/digit 1", user=alice, ago=-3600)
    await telegram.next("sendPhoto")


@pytest.mark.parametrize(("left", "seconds"), [(10, 8000), (1, 80_000), (0, 80_000)])
async def test_the_last_connections_are_spread_evenly(discord: DiscordServer, left: int, seconds: int) -> None:
    """With ten connections left for 80,000 seconds the bot waits 8,000 before it spends one; with none, all of them."""
    discord.rest.starts |= {"remaining": left, "reset_after": 80_000_000}
    async with running(**discord.settings) as bot:
        async with asyncio.timeout(30):
            while not bot.events("warning"):
                await asyncio.sleep(0)
        (line,) = [json.loads(line) for line in bot.lines if '"warning"' in line]
    assert (line["left"], line["connecting_in"]) == (left, seconds)


async def test_waiting_and_drawing_are_told_apart(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that waited ten seconds and was drawn in one counts as that in the metrics, and not the other way."""
    metrics = Metrics()
    readings = iter((100.0, 110.0, 111.0))
    real = time.perf_counter
    monkeypatch.setattr(core_service.time, "perf_counter", lambda: next(readings, real()))
    service = DigitService(catalog, 1, metrics.drawn)
    await service.draw(StripRequest(4, seed=7))
    monkeypatch.undo()
    await service.close()
    sums = {name: metrics.registry.get_sample_value(f"digit_{name}_seconds_sum") for name in ("queue", "generation")}
    assert sums == {"queue": 10.0, "generation": 1.0}
