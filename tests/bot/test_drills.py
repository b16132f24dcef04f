"""The drills: what a stranger adds to the bot in one place is there everywhere."""

import base64
import io
import json
from collections.abc import Iterator
from html import unescape

import pytest
from aiohttp import ClientSession
from PIL import Image

from bot.commands import registry
from core.catalog import Catalog
from core.pictures.base import Form, draw
from tests.bot.adapters.telegram.conftest import in_process
from tests.bot.adapters.web.conftest import say, sentence, serving
from tests.bot.adapters.web.test_page import html, preview, script_data
from tests.fakes import made_up_command
from tests.fakes.made_up_command import TowerRequest
from tests.fakes.telegram_server import HOST, Telegram

SEEDED = "/tower 4 floors=2 seed=7"


@pytest.fixture
def _tower() -> Iterator[None]:
    """A bot with one more command."""
    with registry.registered(made_up_command.COMMAND):
        yield


@pytest.mark.usefixtures("_tower")
async def test_a_new_command_is_on_the_page_and_over_http(catalog: Catalog) -> None:
    """The page starts it and has a control for its option; chat, URL, card and help know it, picture and text."""
    picture = draw(catalog, TowerRequest(4, 2, seed=7))
    async with serving(catalog) as client:
        page = unescape(await html(client))
        assert '<button type="button" data-command="/tower 4">/tower 4</button>' in page
        assert "<label hidden>Floors" in page
        assert '<input name="floors" type="range" min="1" max="5" step="1">' in page
        assert list(json.loads(script_data(page))["toggles"]) == ["models"]

        body = await say(client, SEEDED)
        assert body["caption"] == "A tower of 2 times 4 · cGAN · seed 7"
        assert body["alt"] == "A tower of 2 times a handwritten 4, drawn by the cGAN model, seed 7"
        assert base64.b64decode(body["image"].partition(";base64,")[2]) == picture.data
        assert body["choices"] == {"3": "/tower 3 floors=2", "8": "/tower 8 floors=2"}
        assert body["options"]["floors"] == {"value": 2, "line": "/tower 4 seed=7 model=cgan"}
        assert (await say(client, body["again"]))["caption"].startswith("A tower of 2 times 4")

        response = await client.get("/tower/4.png?floors=2&seed=7")
        assert response.headers["Content-Disposition"] == 'inline; filename="tower-4-seed-7.png"'
        assert await response.read() == picture.data
        assert Image.open(io.BytesIO(picture.data)).size == (picture.width, picture.height)
        assert (await client.get(body["original"])).content_type == "application/zip"
        assert await sentence(await client.get("/tower/x.png")) == "A digit is 0 to 9, not “x”. Try /digit 4."
        assert (await say(client, "/tower"))["error"] == "Which digit? Try /tower 4."

        assert (await preview(client, SEEDED))["og:image"].endswith("/tower/4.png?floors=2&seed=7")
        told = (await say(client, "/help"))["text"]
        assert "/tower 4 – Build a tower of a digit\n" in told
        assert "floors=2 – How high (/tower)\n" in told
        samples = await (await client.get("/metrics")).text()
        assert 'digit_requests_total{command="tower",outcome="drawn",platform="web"} 4.0' in samples


@pytest.mark.usefixtures("_tower")
async def test_a_new_command_is_on_telegram(new_telegram: Telegram, catalog: Catalog) -> None:
    """It is in both menus, answers text, asks for its argument, has buttons, and draws inline."""
    picture = draw(catalog, TowerRequest(4, 2, seed=7))
    async with in_process(new_telegram, public_url=HOST) as address:
        await new_telegram.say(SEEDED)
        tower = await new_telegram.next("sendPhoto")
        assert (tower.file, tower.file_name) == (picture.data, "tower-4-seed-7.png")
        assert tower["caption"] == "A tower of 2 times 4 · cGAN · seed 7"
        rows = tower["reply_markup"]["inline_keyboard"]
        assert [[button["text"] for button in row] for row in rows] == [["Again", "Originals"], ["3", "8"]]
        await new_telegram.press(tower.result, "8")
        assert (await new_telegram.next("sendPhoto", after=1))["caption"].startswith("A tower of 2 times 8")
        await new_telegram.press(tower.result, "Originals")
        originals = await new_telegram.next("sendDocument")
        assert originals.file == draw(catalog, TowerRequest(4, 2, seed=7, form=Form.ARCHIVE)).data

        await new_telegram.say("/tower")
        question = await new_telegram.next("sendMessage")
        assert question["text"] == "A tower of which digit?"
        await new_telegram.press(question.result, "3")
        assert (await new_telegram.next("sendPhoto", after=2))["caption"].startswith("A tower of 3 times 3")
        await new_telegram.say("/start tower_4")
        assert (await new_telegram.next("sendPhoto", after=3))["caption"].startswith("A tower of 3 times 4")

        await new_telegram.type_inline("tower 4 floors=2 seed=7")
        (result,) = (await new_telegram.next("answerInlineQuery"))["results"]
        async with ClientSession() as client, client.get(address + result["photo_url"].removeprefix(HOST)) as fetched:
            assert (fetched.status, fetched.content_type) == (200, "image/jpeg")
    menus = [shown for (subject, *_), shown in new_telegram.shown.items() if subject == "MyCommands"]
    assert len(menus) == 2
    for menu in menus:
        assert {"command": "tower", "description": "Build a tower of a digit"} in menu


async def test_without_it_nobody_knows_the_command(catalog: Catalog) -> None:
    """The command of the drill is gone when the drill is over."""
    async with serving(catalog) as client:
        assert "/tower" not in await html(client)
        assert (await client.get("/tower/4.png")).status == 404
        assert "I don't know “/tower”" in (await say(client, SEEDED))["error"]
