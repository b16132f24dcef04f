"""Nought is a value: digit 0, seed 0 and neatness 0 are drawn, told, offered again and recorded like any other."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.bot.conftest import BotProcess, finished, on_telegram
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import HOST, Telegram, telegram_server

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAPTION = "5 × 0 · cGAN · seed 0 · neat 0"
MORPH = "0 → 8 → 0 · cGAN · seed 0 · neat 0"


@dataclass
class World:
    """A bot on both platforms and its page."""

    discord: DiscordServer
    telegram: Telegram
    bot: BotProcess
    page: aiohttp.ClientSession

    async def picture(self, path: str) -> bytes:
        """What the page gives."""
        async with self.page.get(path) as response:
            assert response.status == 200
            return await response.read()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world() -> AsyncIterator[World]:
    """Everything, once for all tests here."""
    async with DiscordServer() as discord, telegram_server() as telegram:
        settings = discord.settings | {"DIGIT_PUBLIC_URL": HOST}
        async with on_telegram(telegram, **settings) as bot, aiohttp.ClientSession(bot.address) as page:
            await discord.online()
            yield World(discord, telegram, bot, page)


async def test_discord_draws_nought(world: World) -> None:
    """On Discord all three options may be 0; the answer says so, and its buttons keep to it."""
    answer = await world.discord.command("digit", digit="0", seed=0, neat=0)
    assert answer.text == CAPTION
    assert answer.files == [await world.picture("/digit/0.png?seed=0&neat=0")]
    again = await world.discord.press(answer, "Again")
    assert again.text.startswith("5 × 0")
    assert again.text.endswith("neat 0")
    originals = await world.discord.press(answer, "Originals")
    assert originals.files == [await world.picture("/digit/0.zip?seed=0&neat=0")]
    assert (await world.discord.press(answer, "Another digit", "0")).text.startswith("5 × 0")


async def test_discord_walks_from_nought(world: World) -> None:
    """A morph may begin with 0, and its seed be 0."""
    answer = await world.discord.command("morph", digits="0 8", seed=0, neat=0)
    assert answer.text == MORPH
    assert answer.files == [await world.picture("/morph/0/8.gif?seed=0&neat=0")]


async def test_telegram_draws_nought(world: World) -> None:
    """On Telegram all three may be 0; the answer says so, and its buttons keep to it."""
    telegram = world.telegram
    await telegram.say("/digit 0 seed=0 neat=0")
    strip = await telegram.next("sendPhoto")
    assert strip["caption"] == CAPTION
    assert strip.file == await world.picture("/digit/0.png?seed=0&neat=0")
    await telegram.press(strip.result, "Originals")
    assert (await telegram.next("sendDocument")).file == await world.picture("/digit/0.zip?seed=0&neat=0")
    await telegram.press(strip.result, "0")
    picked = await telegram.next("sendPhoto", after=1)
    assert picked["caption"].startswith("5 × 0")
    assert picked["caption"].endswith("neat 0")


async def test_inline_mode_draws_nought(world: World) -> None:
    """`0 seed=0` offers that one picture; `0` offers three strips of zeros."""
    await world.telegram.type_inline("0 seed=0 neat=0")
    (offered,) = (await world.telegram.next("answerInlineQuery"))["results"]
    assert offered["caption"] == CAPTION
    assert offered["photo_url"] == f"{HOST}/digit/0.jpg?seed=0&model=cgan&neat=0"
    await world.telegram.type_inline("0")
    results = (await world.telegram.next("answerInlineQuery", after=1))["results"]
    assert [result["caption"][:5] for result in results] == 3 * ["5 × 0"]


async def test_the_page_draws_nought(world: World) -> None:
    """In the chat of the page, in its link, its line to say again and its preview the three noughts stay."""
    async with world.page.post("/api/chat", json={"text": "/digit 0 seed=0 neat=0"}) as response:
        message = await response.json()
    assert message["caption"] == CAPTION
    assert message["link"] == "/digit/0.png?seed=0&model=cgan&neat=0"
    assert message["command"] == "/digit 0 seed=0 model=cgan neat=0"
    assert message["again"] == "/digit 0 neat=0"
    assert message["original"].startswith("/digit/0.zip?seed=0")
    assert message["digits"][0] == "/digit 0 neat=0"
    assert message["options"]["seed"] == {"value": 0, "line": "/digit 0 model=cgan neat=0"}
    assert message["options"]["neat"] == {"value": 0, "line": "/digit 0 seed=0 model=cgan"}
    async with world.page.get("/", params={"q": "/digit 0 seed=0 neat=0"}) as response:
        assert re.search(f'property="og:title" content="{CAPTION}"', await response.text())


async def test_the_record_has_the_noughts(world: World) -> None:
    """The log of a request says digit 0 and seed 0, so that it can be drawn again."""
    await world.picture("/digit/0.png?seed=0")
    drawn = [line for line in world.bot.requests() if line["platform"] == "web"][-1]
    assert (drawn["digit"], drawn["seed"], drawn["models"]) == (0, 0, ["cgan"])


async def test_the_command_line_draws_nought(world: World, tmp_path: Path) -> None:
    """`draw 0 --seed 0 --neat 0` writes the picture of the page, and says so."""
    code, written = await finished(tmp_path, "draw", "0", "--seed", "0", "--neat", "0", "--count", "5")
    assert (code, written) == (0, f"digit-0-seed-0.png: {CAPTION}\n")
    assert (tmp_path / "digit-0-seed-0.png").read_bytes() == await world.picture("/digit/0.png?seed=0&neat=0")


async def test_the_models_are_told_with_their_scores(world: World) -> None:
    """/models says of each how many of its digits are read right, as a share of a hundred."""
    async with world.page.post("/api/chat", json={"text": "/models"}) as response:
        first, *others, _explained, _pick = (await response.json())["text"].splitlines()
    assert re.fullmatch(r"cgan: cGAN \(default\) · \d\d\.\d% read right", first)
    assert all(re.fullmatch(r"[\w-]+: [\w ]+ · \d\d\.\d% read right", line) for line in others)
