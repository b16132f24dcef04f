"""DIGIT_LOG_LEVEL=DEBUG with the real client libraries: no secret and no words of people in the log."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.adapters.telegram.webhook import secret_token
from tests.bot.conftest import POLLING, WEBHOOK, on_telegram
from tests.fakes.discord_server import TOKEN as DISCORD
from tests.fakes.discord_server import DiscordServer
from tests.fakes.redis_server import RedisServer
from tests.fakes.telegram_server import TOKEN, Telegram
from tests.waiting import until

WORDS = "86420975318642"
PERSON = 987_654_321_012
PASSWORD = "pa55word-of-redis"  # noqa: S105
SECRETS = (DISCORD, TOKEN.partition(":")[2], secret_token(TOKEN), PASSWORD, "pa55word-of-a-proxy")


@pytest.mark.parametrize("way", ["polling", "webhook", "redis"])
async def test_the_log_holds_nobodys_words_at_any_level(new_telegram: Telegram, tmp_path: Path, way: str) -> None:
    """With each library asked for all it has to say, what people typed, who they are and every secret stay out."""
    url = new_telegram.url.replace("://", "://proxy:pa55word-of-a-proxy@")
    settings = {"DIGIT_LOG_LEVEL": "DEBUG", "TELEGRAM_API_URL": url, **(WEBHOOK if way == "webhook" else POLLING)}
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer())
        if way == "redis":
            redis = await stack.enter_async_context(RedisServer(tmp_path, PASSWORD))
            await redis.start()
            settings |= {"DIGIT_REDIS_URL": redis.url, "DIGIT_COOLDOWN": "1"}
        bot = await stack.enter_async_context(on_telegram(new_telegram, **(discord.settings | settings)))
        await discord.online()
        await discord.command("number", number=WORDS, person=str(PERSON))
        await new_telegram.say(f"/number {WORDS}", user=PERSON)
        await new_telegram.next("sendPhoto")
        await until(lambda: len(bot.requests()) == 2)
        await bot.stop()
    assert not [line for line in bot.lines for word in (WORDS, str(PERSON), *SECRETS) if word in line]
    assert not [line for line in bot.lines if '"debug"' in line]
