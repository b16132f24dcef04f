"""Several replicas of one bot by webhook: each update is answered once, by another replica if its own dies."""

import asyncio
import signal
from contextlib import AsyncExitStack

import aiohttp

from bot.adapters.telegram.webhook import PATH, SECRET_HEADER
from tests.bot.conftest import SHORT_LEASE, WEBHOOK, BotProcess, on_telegram
from tests.bot.test_app import until_readiness
from tests.fakes.redis_server import RedisServer
from tests.fakes.telegram_server import Telegram


async def post(telegram: Telegram, bot: BotProcess, update: dict[str, object]) -> int:
    """Post an update to one of several replicas; returns the status."""
    secret = {SECRET_HEADER: telegram.webhook["secret_token"]}
    async with (
        aiohttp.ClientSession() as client,
        client.post(bot.address + PATH, json=update, headers=secret) as response,
    ):
        return response.status


async def test_replicas_set_up_once_and_answer_once(new_telegram: Telegram, redis: RedisServer) -> None:
    """Of replicas that start together one sets webhook and menus; an update that both get has one answer."""
    settings = {**WEBHOOK, "DIGIT_REDIS_URL": redis.url, "DIGIT_COOLDOWN": "60"}
    async with AsyncExitStack() as stack:
        starts = (stack.enter_async_context(on_telegram(new_telegram, **settings)) for _ in range(2))
        one, other = await asyncio.gather(*starts)
        for bot in (one, other):
            await until_readiness(bot.address, 200, telegram=True)
        message = new_telegram.message(1, None) | {"from": {"id": 1, "is_bot": False, "first_name": "A"}}
        update: dict[str, object] = {"update_id": 1, "message": message | {"text": "4"}}
        assert await asyncio.gather(post(new_telegram, one, update), post(new_telegram, other, update)) == [200, 200]
        assert await post(new_telegram, other, update) == 200
        assert len(new_telegram.done("sendPhoto")) == 1
        assert not new_telegram.called("sendMessage"), "a second one would have been told to wait"
        again = update | {"update_id": 2}
        assert await post(new_telegram, other, again) == 200
        assert " second" in new_telegram.done("sendMessage")[0]["text"], "they count limits together"
    assert len(new_telegram.called("setWebhook")) == 1
    menus = [call for call in new_telegram.calls if call.method.startswith("setMy")]
    written = {(call.method, str(call.values.get("scope")), call.values.get("language_code")) for call in menus}
    assert len(menus) == len(written)


async def test_updates_of_a_killed_replica_are_answered_by_another(new_telegram: Telegram, redis: RedisServer) -> None:
    """Killed while its answers are under way and then lost, a replica leaves each of them to the next one."""
    people = range(1, 6)
    settings = {**WEBHOOK, "DIGIT_REDIS_URL": redis.url} | SHORT_LEASE
    release = new_telegram.hold("sendPhoto")
    async with (
        on_telegram(new_telegram, **settings) as other,
        on_telegram(new_telegram, code=-signal.SIGKILL, **settings) as one,
    ):
        await until_readiness(one.address, 200, telegram=True)
        for person in people:
            await new_telegram.say("/digit 4", user=person)
        await new_telegram.until(lambda: len(new_telegram.called("sendPhoto")) == len(people))
        for _ in people:
            new_telegram.refuse("sendPhoto", 502, "Bad Gateway")
        await one.stop(signal.SIGKILL)
        new_telegram.bot = other.address
        release.set()
        await new_telegram.until(lambda: not new_telegram.pending)
        await other.stop()
    assert sorted(call["chat_id"] for call in new_telegram.done("sendPhoto")) == list(people)
    assert len(other.requests()) == len(people)
