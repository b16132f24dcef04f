"""The drills: what a stranger adds to the bot in one place is there everywhere."""

import base64
import io
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image
from structlog.testing import capture_logs

from bot import i18n
from bot.cli.main import main
from bot.commands import registry
from core.catalog import Catalog
from core.pictures.base import Form, draw
from core.service import DigitService
from tests.bot.adapters.discord.in_process import drawing_with
from tests.bot.adapters.telegram.conftest import in_process
from tests.bot.adapters.web.conftest import say, sentence, serving
from tests.bot.adapters.web.test_page import html, preview, script_data
from tests.bot.conftest import finished, running, started
from tests.conftest import ROOT
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
        assert '<label for="floors">Floors</label>' in page
        assert '<input id="floors" name="floors" type="range" min="1" max="5" step="1">' in page
        assert list(json.loads(script_data(page))["toggles"]) == ["models"]

        body = await say(client, SEEDED)
        assert body["caption"] == "A tower of 2 times 4 · cGAN · seed 7"
        assert body["alt"] == "A tower of 2 times a handwritten 4. Drawn by the cGAN model. Seed 7."
        assert base64.b64decode(body["image"].partition(";base64,")[2]) == picture.data
        assert body["choices"] == {"3": "/tower 3 floors=2", "8": "/tower 8 floors=2"}
        assert body["options"]["floors"] == {"value": 2, "line": "/tower 4 seed=7 model=cgan"}
        assert (await say(client, body["again"]))["caption"].startswith("A tower of 2 times 4")

        response = await client.get("/tower/4.png?floors=2&seed=7")
        assert response.headers["Content-Disposition"] == 'inline; filename="tower-4-seed-7.png"'
        assert await response.read() == picture.data
        assert Image.open(io.BytesIO(picture.data)).size == (picture.width, picture.height)
        assert (await client.get(body["original"])).content_type == "application/zip"
        assert await sentence(await client.get("/tower/x.png")) == "A digit is 0 to 9, not “x”. Try /tower 4."
        assert (await say(client, "/tower"))["error"] == "Which digit? Try /tower 4."
        too_high = "A tower has up to 5 floors, not “9”. Try /tower 4."
        assert (await say(client, "/tower 4 floors=9"))["error"] == too_high

        assert "/tower/4.png?floors=2&seed=7&card=1" in (await preview(client, SEEDED))["og:image"]
        told = (await say(client, "/help"))["text"]
        assert "/tower 4 – Build a tower of a digit\n" in told
        assert "floors=2 – How high (/tower)\n" in told
        samples = await (await client.get("/metrics")).text()
        assert 'digit_requests_total{command="tower",outcome="drawn",platform="web"} 4.0' in samples


@pytest.mark.usefixtures("_tower")
async def test_a_new_command_is_on_telegram(new_telegram: Telegram, catalog: Catalog) -> None:
    """It is in both menus, answers text, asks for its argument, has buttons, and draws inline."""

    def menus() -> list[Any]:
        return [shown for (subject, *_), shown in new_telegram.shown.items() if subject == "MyCommands"]

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
        await new_telegram.until(lambda: len(menus()) == 2 * len(("", *i18n.languages())))
    for menu in menus():
        assert {"command": "tower", "description": "Build a tower of a digit"} in menu


@pytest.mark.usefixtures("_tower")
async def test_a_new_command_is_on_discord(catalog: Catalog) -> None:
    """It is in the schema with its option's range and its choices, draws, has buttons, and is in the log."""
    picture = draw(catalog, TowerRequest(4, 2, seed=7))
    with capture_logs() as lines:
        async with drawing_with(DigitService(catalog, queue=10)) as discord:
            (schema,) = [command for command in discord.rest.commands[None] if command["name"] == "tower"]
            options = {option["name"]: option for option in schema["options"]}
            assert [choice["value"] for choice in options["digit"]["choices"]][:2] == ["0", "1"]
            assert (options["floors"]["type"], options["floors"]["max_value"]) == (4, 5)
            answer = await discord.command("tower", digit="4", floors=2, seed=7)
            assert (answer.files, answer.text) == ([picture.data], "A tower of 2 times 4 · cGAN · seed 7")
            again = await discord.press(answer, "Another digit", "8")
            assert again.text.startswith("A tower of 2 times 8")
            told = await discord.command("help")
            assert "floors:2 – How high (/tower)" in told.text
    logged = [line for line in lines if line.get("command") == "tower"]
    assert [(line["platform"], line["outcome"]) for line in logged] == [("discord", "drawn")] * 2


@pytest.mark.usefixtures("_tower")
def test_a_new_command_is_on_the_command_line(
    catalog: Catalog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has a subcommand that draws, with its option and its help."""
    out = tmp_path / "tower.png"
    assert main(["tower", "4", "--floors", "2", "--seed", "7", "--out", str(out)]) == 0
    assert out.read_bytes() == draw(catalog, TowerRequest(4, 2, seed=7)).data
    assert capsys.readouterr().err == f"{out}: A tower of 2 times 4 · cGAN · seed 7\n"
    with pytest.raises(SystemExit):
        main(["--help"])
    assert re.search(r"^ +tower +Build a tower of a digit", capsys.readouterr().out, re.MULTILINE)


async def test_a_new_command_is_a_file(tmp_path: Path) -> None:
    """A file in bot/commands is all that it takes: a copy of the bot with one file more has the command."""
    for package in ("bot", "core", "weights"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(made_up_command.__file__, tmp_path / "bot" / "commands" / "tower.py")
    code, written = await finished(tmp_path, "tower", "4", "--seed", "7", PYTHONPATH=str(tmp_path))
    assert (code, written) == (0, "tower-4-seed-7.png: A tower of 3 times 4 · cGAN · seed 7\n")


GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "A digit is 0 to 9, not {value}. Try {example}."
msgstr "Eine Ziffer ist 0 bis 9, nicht {value}. Versuch es mit {example}."

msgid "Again"
msgstr "Nochmal"

msgid "Draw a handwritten digit that nobody ever wrote"
msgstr "Eine Ziffer zeichnen, die niemand je schrieb"
"""


@pytest.fixture
def _german(catalogs: Path) -> None:
    """A bot with one more language."""
    (catalogs / "de.po").write_text(GERMAN)


@pytest.mark.usefixtures("_german")
async def test_a_new_language_is_a_catalog(new_telegram: Telegram, catalog: Catalog) -> None:
    """With one file each person reads their own language, on every platform, and everybody else reads English."""
    error = "Eine Ziffer ist 0 bis 9, nicht “x”. Versuch es mit /digit 4."
    async with serving(catalog) as client:
        german = {"Accept-Language": "de-AT, en;q=0.5"}
        assert await sentence(await client.get("/digit/x.png", headers=german)) == error
        assert (await sentence(await client.get("/digit/x.png"))).startswith("A digit is")
    async with in_process(new_telegram, public_url=HOST):
        await new_telegram.say("/digit x", language="de")
        assert (await new_telegram.next("sendMessage"))["text"] == error
        await new_telegram.say("/digit 4", language="de")
        keyboard = (await new_telegram.next("sendPhoto"))["reply_markup"]["inline_keyboard"]
        assert keyboard[0][0]["text"] == "Nochmal"
    async with drawing_with(DigitService(catalog, queue=10)) as discord:
        (digit,) = [command for command in discord.rest.commands[None] if command["name"] == "digit"]
        assert digit["description_localizations"] == {"de": "Eine Ziffer zeichnen, die niemand je schrieb"}
        assert (await discord.ask("digit", digit="x", locale="de")).text == error


PLATFORM = '''
"""A platform that the bot does not have: a mailbox."""

from collections.abc import AsyncIterator, Sequence

from pydantic import Field

from bot.adapters.base import Context
from bot.config.fields import Token
from bot.config.findings import Finding, Verdict
from bot.config.settings import PlatformSettings


class MailSettings(PlatformSettings):
    token: Token | None = Field(None, validation_alias="MAIL_TOKEN", description="Password of the mailbox.")
    api_url: str = Field("https://mail.example", validation_alias="MAIL_API_URL", description="The mailbox.")


SETTINGS = MailSettings


class Adapter:
    name = "mail"
    routes: Sequence[object] = ()
    ready = True

    def __init__(self, settings: MailSettings, context: Context) -> None:
        self._closed = __import__("asyncio").Event()

    async def run(self) -> None:
        await self._closed.wait()

    async def close(self) -> None:
        self._closed.set()


async def check(settings: MailSettings, client: object) -> AsyncIterator[Finding]:
    yield Finding(Verdict.OK, "mail", "the mailbox is there")
'''


async def test_a_new_platform_is_a_folder_and_a_line(tmp_path: Path) -> None:
    """A folder in bot/adapters and its line in the registry: it is served, checked, and its settings are documented."""
    for package in ("bot", "core", "weights"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "bot" / "adapters" / "mail"
    folder.mkdir()
    for module in ("__init__", "settings", "adapter", "checks"):
        (folder / f"{module}.py").write_text(PLATFORM if module == "settings" else _reexport(module))
    registry_file = tmp_path / "bot" / "adapters" / "registry.py"
    text = registry_file.read_text()
    registry_file.write_text(text.replace("\n)\n", '\n    Platform("mail", "Mail", "bot.adapters.mail"),\n)\n', 1))
    settings = {"PYTHONPATH": str(tmp_path), "MAIL_TOKEN": "s3cret"}
    async with running(tmp_path, **settings) as bot, ClientSession() as client:
        async with client.get(bot.address + "/readyz") as state:
            assert (await state.json())["adapters"] == {"mail": True}
        async with client.get(bot.address + "/metrics") as metrics:
            assert 'digit_adapter_ready{adapter="mail"} 1.0' in await metrics.text()
    assert json.loads(bot.start[0])["connecting"] == ["Mail"]
    async with started(tmp_path, "check", DIGIT_PORT="0", **settings) as process:
        checked, _ = await process.communicate()
    assert b"ok       mail      the mailbox is there" in checked
    assert b"settings  MAIL_TOKEN, DIGIT_PORT set" in checked
    async with started(tmp_path, "settings", PYTHONPATH=str(tmp_path)) as process:
        documented, _ = await process.communicate()
    assert b"# Password of the mailbox.\n#MAIL_TOKEN=\n" in documented


def _reexport(module: str) -> str:
    names = {"adapter": "Adapter", "checks": "check"}
    return f"from bot.adapters.mail.settings import {names[module]}\n" if module in names else ""


async def test_without_it_nobody_knows_the_command(catalog: Catalog) -> None:
    """The command of the drill is gone when the drill is over."""
    async with serving(catalog) as client:
        assert "/tower" not in await html(client)
        assert (await client.get("/tower/4.png")).status == 404
        assert "I don't know “/tower”" in (await say(client, SEEDED))["error"]
