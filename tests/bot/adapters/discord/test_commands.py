"""Slash commands: what Discord offers, what each option does, and a sentence for whatever is wrong with one.

The bot is the real process with the real discord.py; only Discord is ours.
"""

import io
from dataclasses import replace
from typing import ClassVar

import pytest
from PIL import Image

from bot.adapters.discord.client import Client
from bot.adapters.discord.display import DISPLAY_OPTIONS
from bot.commands import registry
from bot.commands.base import AnswerContext, Drawing, TextCommand
from bot.i18n import lazy
from bot.text import Text
from core.catalog import Catalog
from core.imaging.styles import Style
from core.pictures.base import PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.bot.adapters.discord.in_process import handlers_of
from tests.bot.adapters.discord.questions import REQUESTS, asked, sentence
from tests.fakes.discord_server import DiscordServer
from tests.fakes.generators import GatedGenerator, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

MENU = "Write in this hand"


@pytest.mark.parametrize(
    ("name", "file", "caption"),
    [
        ("digit", "digit-4-seed-7.png", "5 × 4 · cGAN · seed 7"),
        ("number", "number-2026-seed-7.png", "2026 · cGAN · seed 7"),
        ("morph", "morph-3-8-seed-7.gif", "3 → 8 → 3 · cGAN · seed 7"),
        ("compare", "compare-4-seed-7.png", "4 by 6 models"),
    ],
)
async def test_each_command_draws(server: DiscordServer, catalog: Catalog, name: str, file: str, caption: str) -> None:
    """A seed gives the same file as everywhere, byte for byte, with a caption and with an alt text to hear."""
    answer = await asked(server, name, seed=7)
    picture = draw(catalog, REQUESTS[name])
    assert answer.files == [picture.data]
    assert answer.text.startswith(caption)
    (attachment,) = answer.attachments
    alt_text = registry.picture_command(name).alt_text(picture.request, picture.titles)
    assert (attachment["filename"], attachment["description"]) == (file, alt_text)


async def test_a_morph_moves(server: DiscordServer) -> None:
    """/morph is an animation that a chat plays over and over."""
    answer = await server.command("morph", digits="3 8")
    animation = Image.open(io.BytesIO(answer.files[0]))
    assert (animation.format, animation.info["loop"]) == ("GIF", 0)


@pytest.mark.parametrize(
    ("name", "options", "request_"),
    [
        ("digit", {"count": 10, "model": "cvae"}, StripRequest(4, 10, model="cvae")),
        ("number", {"number": "１2 34", "model": "vae"}, NumberRequest("12 34", model="vae")),
        ("morph", {"digits": "three", "model": "vae"}, MorphRequest((3,), model="vae")),
        ("compare", {"models": "vae, cgan"}, CompareRequest(4, ("vae", "cgan"))),
    ],
)
async def test_every_option_counts(
    server: DiscordServer, catalog: Catalog, name: str, options: dict[str, object], request_: PictureRequest
) -> None:
    """Each option of each command is in the picture."""
    answer = await asked(server, name, seed=2**32 - 1, style="blueprint", neat=90, **options)
    same = replace(request_, seed=2**32 - 1, style=Style.BLUEPRINT, neat=90)
    assert answer.files == [draw(catalog, same).data]


@pytest.mark.parametrize("name", ["digit", "number", "morph"])
async def test_models_are_offered_while_typing(server: DiscordServer, catalog: Catalog, name: str) -> None:
    """The option `model` completes to the models that there are."""
    assert await offered(server, name, "model", "") == list(catalog.names)
    assert await offered(server, name, "model", "DEEP") == ["cvae-deep"]
    assert await offered(server, name, "model", "gpt") == []


async def test_a_list_of_models_is_completed(server: DiscordServer, catalog: Catalog) -> None:
    """The option `models` completes the last name, to one that is not in the list yet."""
    assert await offered(server, "compare", "models", "") == list(catalog.names)
    others = [f"cgan,{name}" for name in catalog.names if name != "cgan"]
    assert await offered(server, "compare", "models", "cgan,") == others
    assert await offered(server, "compare", "models", "cgan, DEEP") == ["cgan,cvae-deep"]
    assert await offered(server, "compare", "models", "gpt,cgan" * 20) == []


async def offered(server: DiscordServer, name: str, option: str, typed: str) -> list[str]:
    """Return the values to which an option completes."""
    return [choice["value"] for choice in await server.complete(name, option, typed)]


@pytest.mark.parametrize(
    ("name", "options", "part"),
    [
        ("digit", {"digit": "10"}, "“10”"),
        ("digit", {"digit": "😀"}, "“😀”"),
        ("digit", {"digit": ""}, "/digit 4"),
        ("digit", {"digit": "4", "count": 0}, "“0”"),
        ("digit", {"digit": "4", "count": 11}, "1 to 10"),
        ("digit", {"digit": "4", "count": "many"}, "“many”"),
        ("digit", {"digit": "4", "seed": -1}, "“-1”"),
        ("digit", {"digit": "4", "seed": 2**32}, "4294967295"),
        ("digit", {"digit": "4", "seed": "abc"}, "“abc”"),
        ("digit", {"digit": "4", "seed": True}, "“True”"),
        ("digit", {"digit": "4", "model": "gpt"}, "cgan"),
        ("digit", {"digit": "4", "model": "@everyone" * 200}, "cgan"),
        ("digit", {}, "/digit 4"),
        ("number", {"number": "12a"}, "“12a”"),
        ("number", {"number": "1" * 21}, "20 digits"),
        ("number", {"number": "-"}, "“-”"),
        ("number", {"number": " "}, "/number 2026"),
        ("morph", {"digits": "3 3"}, "“3”"),
        ("morph", {"digits": "1234567"}, "“7”"),
        ("morph", {"digits": "random"}, "“random”"),
        ("compare", {"digit": "10"}, "“10”"),
        ("compare", {"digit": ""}, "/compare 4"),
        ("compare", {"digit": "4", "models": "cgan,gpt"}, "“gpt”"),
        ("compare", {"digit": "4", "style": "gold"}, "style:ink"),
        ("compare", {"digit": "4", "neat": 101}, "neat:80"),
    ],
)
async def test_bad_options_are_one_sentence(
    server: DiscordServer, name: str, options: dict[str, object], part: str
) -> None:
    """Whatever is wrong with an option is told to the one person who wrote it."""
    assert part in sentence(await server.command(name, **options))


async def test_the_commands_are_offered_everywhere(server: DiscordServer) -> None:
    """Each command can be installed to a server and to an account, and used in all three kinds of channel."""
    registered = server.rest.commands[None]
    assert {each["name"] for each in registered} == {*(command.name for command in registry.commands()), MENU}
    for each in registered:
        assert (each["integration_types"], each["contexts"]) == ([0, 1], [0, 1, 2])


@pytest.mark.parametrize("command", registry.picture_commands(), ids=lambda command: command.name)
async def test_a_command_has_all_its_options(server: DiscordServer, command: Drawing) -> None:
    """Discord offers the argument first, then each option, then who is to see the answer and how."""
    (there,) = [each for each in server.rest.commands[None] if each["name"] == command.name]
    options = [option.name for option in (*command.options, *DISPLAY_OPTIONS)]
    assert [option["name"] for option in there["options"]] == [command.argument.name, *options]
    required = [option.get("required", False) for option in there["options"]]
    assert required == [True, *[False] * len(options)]


async def test_an_option_says_what_discord_can_check(server: DiscordServer) -> None:
    """Bounds, choices and lengths are Discord's to check while somebody types."""
    (there,) = [each for each in server.rest.commands[None] if each["name"] == "number"]
    options = {option["name"]: option for option in there["options"]}
    assert (options["number"]["min_length"], options["number"]["max_length"]) == (1, 26)
    assert (options["seed"]["type"], options["seed"]["min_value"], options["seed"]["max_value"]) == (4, 0, 2**32 - 1)
    assert [choice["value"] for choice in options["style"]["choices"]] == list(Style)
    assert options["model"]["autocomplete"]
    assert [options[option.name]["type"] for option in DISPLAY_OPTIONS] == [5, 5]


class EchoCommand(TextCommand):
    """A command that nobody has thought of yet."""

    name = "echo"
    description = lazy("Say something")
    position = 8
    aliases: ClassVar[tuple[str, ...]] = ()

    def answer(self, context: AnswerContext) -> Text:
        """Return a word."""
        del context
        return Text(("Echo",))


async def test_a_new_command_is_offered() -> None:
    """A command's file is all that Discord's menu takes."""
    with registry.registered(EchoCommand()):
        client = Client(handlers_of(serving(GatedGenerator(), queue=1)), None)
        offered = {each.name: each.to_dict(client.tree) for each in client.tree.get_commands()}
    assert offered["echo"]["description"] == "Say something"
