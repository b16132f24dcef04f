"""Discord, Telegram and the page from one process: the same strip on each, and one that is out leaves the others."""

import aiohttp

from tests.bot.conftest import NO_PAUSE, BotProcess, finished, on_telegram
from tests.bot.test_app import readiness, until_readiness
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import Telegram


async def page(bot: BotProcess, path: str) -> bytes:
    """What the bot's own web server answers."""
    async with aiohttp.ClientSession() as client, client.get(bot.address + path) as response:
        return await response.read()


async def test_a_seed_is_one_strip_on_every_platform(new_telegram: Telegram) -> None:
    """The same words with the same seed give the same file on Discord, on Telegram and on the page."""
    async with DiscordServer() as discord, on_telegram(new_telegram, **discord.settings) as bot:
        await discord.online()
        answer = await discord.command("digit", digit="4", seed=7)
        await new_telegram.say("/digit 4 seed=7")
        sent = await new_telegram.next("sendPhoto")
        strip = await page(bot, "/digit/4.png?seed=7")
        assert (answer.files, sent.file) == ([strip], strip)
        assert await readiness(bot.address) == (200, {"discord": True, "telegram": True})


async def test_a_refused_discord_leaves_telegram_and_the_page(new_telegram: Telegram) -> None:
    """A Discord that refuses its token costs one line; Telegram and the page go on, and /readyz tells."""
    async with DiscordServer() as discord:
        refused = discord.settings | {"DISCORD_TOKEN": "no.such.token"}
        async with on_telegram(new_telegram, **refused) as bot:
            await new_telegram.say("/digit 4")
            await new_telegram.next("sendPhoto")
            assert await page(bot, "/digit/4.png?seed=7")
            assert await readiness(bot.address) == (503, {"discord": False, "telegram": True})
            await bot.stop()
    (line,) = bot.events("error")
    assert line.startswith("DISCORD_TOKEN")


async def test_a_revoked_telegram_leaves_discord(new_telegram: Telegram) -> None:
    """A Telegram that withdraws its token while the bot runs leaves Discord answering."""
    async with DiscordServer() as discord, on_telegram(new_telegram, **discord.settings) as bot:
        await discord.online()
        await new_telegram.next("getUpdates")
        await new_telegram.revoke()
        await until_readiness(bot.address, 503, discord=True, telegram=False)
        assert (await discord.command("digit", digit="4")).files


async def test_two_refused_platforms_end_the_process(new_telegram: Telegram) -> None:
    """Where both refuse, the process ends with 69 and names both settings."""
    async with DiscordServer() as discord:
        refused = {"DISCORD_TOKEN": "no.such.token", "TELEGRAM_TOKEN": "1:wrong", "TELEGRAM_API_URL": new_telegram.url}
        code, written = await finished(**(discord.settings | refused | NO_PAUSE), DIGIT_PORT="0")
    assert code == 69
    assert (written.count("DISCORD_TOKEN"), written.count("TELEGRAM_TOKEN")) == (1, 1)
