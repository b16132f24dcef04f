"""An operator with thirty models of their own: captions, menus, buttons and pictures keep to each platform's limits."""

import hashlib
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image

from tests.bot.conftest import on_telegram
from tests.conftest import WEIGHTS
from tests.fakes import telegram_rules as rules
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import HOST, Telegram, telegram_server

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODELS = 30
FILE = "cvae-conv.onnx"
TITLE = "convolutional CVAE"
WORDS = {1: "1 model", 2: "2 models", 30: "30 models"}


def name(number: int) -> str:
    """The name of a model."""
    return f"model-{number}"


@dataclass
class World:
    """A bot with thirty models, on both platforms."""

    discord: DiscordServer
    telegram: Telegram
    page: aiohttp.ClientSession


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one file is thirty models."""
    folder = tmp_path_factory.mktemp("weights")
    content = (WEIGHTS / FILE).read_bytes()
    (folder / FILE).write_bytes(content)
    entry = {"file": FILE, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "scores": {}}
    models = [entry | {"name": name(number)} for number in range(MODELS)]
    (folder / "manifest.json").write_text(json.dumps({"default": name(0), "models": models}))
    return folder


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(weights: Path) -> AsyncIterator[World]:
    """That bot, once for all tests here; no platform refuses anything of it."""
    async with DiscordServer() as discord, telegram_server() as telegram:
        settings = discord.settings | {"DIGIT_WEIGHTS": str(weights), "DIGIT_PUBLIC_URL": HOST}
        async with on_telegram(telegram, **settings) as bot, aiohttp.ClientSession(bot.address) as page:
            await discord.online()
            yield World(discord, telegram, page)
            await bot.stop()
    assert discord.rest.refusals == []
    assert not bot.events("warning", "error")


@pytest.mark.parametrize("count", WORDS)
async def test_a_comparison_of_any_many_has_its_caption(world: World, count: int) -> None:
    """The caption counts the models, and the alt text names each."""
    models = ",".join(map(name, range(count)))
    async with world.page.post("/api/chat", json={"text": f"/compare 4 seed=0 models={models}"}) as response:
        assert response.status == 200
        message = await response.json()
    assert message["caption"].startswith(f"4 by {WORDS[count]} · ")
    assert message["alt"].startswith(f"The digit 4, handwritten by {WORDS[count]}. ")
    assert message["alt"].partition("From top to bottom: ")[2].count(",") == count - 1


async def test_a_comparison_of_all_comes_on_discord(world: World) -> None:
    """Thirty rows are one picture with a description, and its buttons draw all thirty again."""
    answer = await world.discord.command("compare", digit="4")
    assert answer.text.startswith("4 by 30 models")
    assert (await world.discord.press(answer, "Again")).text.startswith("4 by 30 models")
    assert (await world.discord.press(answer, "Another digit", "0")).text.startswith("0 by 30 models")


async def test_a_comparison_of_all_comes_on_telegram(world: World) -> None:
    """Thirty rows are a photo that Telegram takes, and its buttons draw all thirty again."""
    await world.telegram.say("/compare 4")
    call = await world.telegram.next("sendPhoto")
    assert call["caption"].startswith("4 by 30 models")
    assert rules.check_photo(call.file) == Image.open(io.BytesIO(call.file)).size
    await world.telegram.press(call.result, "0")
    assert (await world.telegram.next("sendPhoto", after=1))["caption"].startswith("0 by 30 models")


@pytest.mark.parametrize(("command", "option"), [("digit", "model"), ("compare", "models")])
async def test_discord_offers_as_many_as_it_shows(world: World, command: str, option: str) -> None:
    """Of thirty models twenty-five are offered, the default first; typing on brings the others."""
    offered = [choice["value"] for choice in await world.discord.complete(command, option, "")]
    assert offered == [name(number) for number in range(25)]
    offered = [choice["value"] for choice in await world.discord.complete(command, option, "model-2")]
    assert offered == [name(2), *map(name, range(20, 30))]


@pytest.mark.parametrize(("typed", "offered"), [(91, [1, *range(10, 20)]), (92, [1]), (93, [])])
async def test_a_list_of_models_is_offered_up_to_a_hundred_characters(
    world: World, typed: int, offered: list[int]
) -> None:
    """A list that is exactly as long as Discord takes can be picked; one that is longer is not offered."""
    before = typed * "x"
    choices = await world.discord.complete("compare", "models", f"{before},model-1")
    assert [choice["value"] for choice in choices] == [f"{before},{name(number)}" for number in offered]


def names(short: int, long: int) -> str:
    """A list of so many models with a name of seven characters, and so many with one of eight."""
    return ",".join(map(name, [*range(short), *range(10, 10 + long)]))


@pytest.mark.parametrize(
    ("models", "again", "pick"),
    [
        (names(7, 2), "1:again::/compare 4 models={}", "1:pick::/compare 4 models={}"),
        (names(6, 3), "1:again::/c 4 m={}", "1:pick::/compare 4 models={}"),
        (names(5, 4), "1:again::/c 4 m={}", "1:pick::/c 4 m={}"),
        (names(5, 5), "1:again::/c 4 m={}", "1:pick::/c 4 m={}"),
        (names(4, 6), None, "1:pick::/c 4 m={}"),
        (names(3, 7), None, None),
    ],
    ids=lambda value: str(len(value.format(names(0, 0)))) if value else "none",
)
async def test_a_button_on_discord_holds_a_hundred_characters(
    world: World, models: str, again: str | None, pick: str | None
) -> None:
    """What fits is written out, what just does not is cut short, and what cannot fit at all has no button."""
    answer = await world.discord.command("compare", digit="4", models=models)
    carried = {
        part.get("label") or part["placeholder"]: part["custom_id"]
        for row in answer.message.get("components", [])
        for part in row["components"]
    }
    expected = {"Again": again, "Another digit": pick}
    for label, form in expected.items():
        assert carried.get(label) == (form and form.format(models))
        if form:
            more = await world.discord.press(answer, label, *["0"] * (label == "Another digit"))
            assert more.text.startswith("4" if label == "Again" else "0")


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("/number 1234567890123456789--/ model=model-10 style=ink neat=5", "whole"),
        ("/number 1234567890123456789--/ model=model-10 style=ink neat=60", "short"),
        (f"/compare 4 models={names(0, 5)}", "whole"),
        (f"/compare 4 models={names(1, 5)}", "short"),
        (f"/compare 4 models={names(7, 0)}", "short"),
        (f"/compare 4 models={names(6, 1)}", "none"),
    ],
)
async def test_a_button_on_telegram_holds_sixty_four_bytes(world: World, line: str, again: str) -> None:
    """What fits is written out, what just does not is cut short, and what cannot fit at all has no button."""
    telegram = world.telegram
    photos = len(telegram.done("sendPhoto"))
    await telegram.say(line)
    answer = (await telegram.next("sendPhoto", after=photos)).result
    rows = answer.get("reply_markup", {}).get("inline_keyboard", [])
    carried = {button["text"]: button["callback_data"] for row in rows for button in row}
    assert ("Again" in carried) == (again != "none")
    if again == "whole":
        assert carried["Again"] == f"1d{line}"
        assert len(carried["Again"]) <= 64
    if again == "short":
        assert len(f"1d{line}") > 64
        assert carried["Again"].startswith(("1d/n ", "1d/c "))
    if again != "none":
        await telegram.press(answer, "Again")
        more = await telegram.next("sendPhoto", after=photos + 1)
        assert more["caption"].partition(" · ")[0] == answer["caption"].partition(" · ")[0]


async def test_the_words_about_all_of_them_fit_a_message(world: World) -> None:
    """/models lists thirty, within what one message of either platform may hold."""
    answer = await world.discord.command("models")
    await world.telegram.say("/models")
    for text in (answer.text, (await world.telegram.next("sendMessage"))["text"]):
        first, *others = text.splitlines()[:MODELS]
        assert first == f"{name(0)}: {TITLE} (default)"
        assert others == [f"{name(number)}: {TITLE}" for number in range(1, MODELS)]
