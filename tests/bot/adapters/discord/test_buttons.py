"""Buttons: *Again*, *Originals* and *Another digit*, for everybody, and from any version of the bot."""

import gc
import io
from dataclasses import replace

import pytest
from PIL import Image

from bot.adapters.discord.buttons import MAX_CHOICES, ButtonView
from bot.adapters.discord.display import Display
from bot.conversation.reply import Button, Buttons
from core.catalog import Catalog
from core.pictures.base import Form, draw
from core.pictures.strip import StripRequest
from tests.bot.adapters.discord.in_process import drawing_with
from tests.bot.adapters.discord.questions import AGAIN, LONGEST_NUMBER, ORIGINALS, PICK, REQUESTS, asked, seed, sentence
from tests.fakes.discord_server import DiscordServer
from tests.fakes.generators import GatedGenerator, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_again_is_a_new_strip_of_the_same(server: DiscordServer) -> None:
    """*Again* is a new message with a new seed, and as many of the same digit; anyone may press it."""
    answer = await server.command("digit", digit="4", count=3, seed=7, person="1")
    again = await server.press(answer, AGAIN, person="2")
    assert again.text.startswith("3 × 4")
    assert seed(again) != 7
    assert not again.ephemeral


async def test_again_after_random_is_random(server: DiscordServer) -> None:
    """*Again* repeats what was asked for, not what came of it."""
    answer = await server.command("digit", digit="random", count=1)
    digits = {(await server.press(answer, AGAIN)).text.partition(" · ")[0] for _ in range(20)}
    assert len(digits) > 1


@pytest.mark.parametrize(("name", "other"), [("number", "2026"), ("morph", "3 → 8 → 3"), ("compare", "4 by 2")])
async def test_again_is_another_of_each_kind(server: DiscordServer, name: str, other: str) -> None:
    """Numbers, morphs and comparisons are drawn anew as well, with their options."""
    models = {"models": "cgan,vae"} if name == "compare" else {"model": "vae"}
    answer = await asked(server, name, seed=7, neat=80, **models)
    again = await server.press(answer, AGAIN)
    assert again.text.startswith(other)
    assert " · neat 80" in again.text
    assert again.files != answer.files


async def test_the_original_of_one_image_is_a_picture(server: DiscordServer, catalog: Catalog) -> None:
    """*Originals* of a single digit is what the model drew, 28 pixels high, and for one person alone."""
    answer = await server.command("digit", digit="random", count=1, style="ink")
    original = await server.press(answer, ORIGINALS)
    assert original.ephemeral
    assert original.components == []
    assert Image.open(io.BytesIO(original.files[0])).size == (28, 28)
    digit = int(answer.attachments[0]["filename"].split("-")[1])
    same = StripRequest(digit, 1, seed=seed(answer), form=Form.ORIGINAL)
    assert original.files == [draw(catalog, same).data]
    assert original.attachments[0]["filename"].endswith("-original.png")


@pytest.mark.parametrize("name", REQUESTS)
async def test_originals_of_more_are_an_archive(server: DiscordServer, catalog: Catalog, name: str) -> None:
    """*Originals* of that very picture comes as a ZIP, for one person alone."""
    answer = await asked(server, name, style="ink")
    originals = await server.press(answer, ORIGINALS)
    assert originals.ephemeral
    assert originals.components == []
    same = replace(REQUESTS[name], seed=seed(answer), form=Form.ARCHIVE)
    assert originals.files == [draw(catalog, same).data]
    assert originals.attachments[0]["filename"].endswith("-original.zip")


@pytest.mark.parametrize(("name", "text"), [("digit", "5 × 8"), ("compare", "8 by 6 models")])
async def test_another_digit_can_be_picked(server: DiscordServer, name: str, text: str) -> None:
    """The list offers ten digits, and each comes as the first one did."""
    answer = await asked(server, name, neat=80)
    offered = [option["value"] for option in answer.components[2]["options"]]
    assert offered == [str(digit) for digit in range(10)]
    picked = await server.press(answer, PICK, "8")
    assert picked.text.startswith(text)
    assert " · neat 80" in picked.text


@pytest.mark.parametrize("name", ["number", "morph"])
async def test_where_there_is_no_one_digit_there_is_none_to_pick(server: DiscordServer, name: str) -> None:
    """Under a number or a morph are *Again* and *Originals* alone."""
    assert (await asked(server, name)).labels == [AGAIN, ORIGINALS]


async def test_the_longest_request_has_its_buttons(server: DiscordServer) -> None:
    """A number as long as a number may be, with every option, can be drawn again and had untouched."""
    options = {"seed": 2**32 - 1, "model": "cvae-conv", "style": "transparent", "neat": 100}
    answer = await server.command("number", number=LONGEST_NUMBER, **options, ephemeral=True, spoiler=True)
    assert (await server.press(answer, AGAIN)).text.startswith(LONGEST_NUMBER)
    assert (await server.press(answer, ORIGINALS)).files


async def test_a_button_that_would_be_too_long_is_left_out(server: DiscordServer) -> None:
    """Where a request does not fit a button the picture comes without it."""
    answer = await server.command("compare", digit="4", models="cgan," * 30)
    assert answer.files
    assert AGAIN not in answer.labels


async def test_a_suggestion_can_be_pressed(server: DiscordServer) -> None:
    """Each line that an error or the help suggests is a button that sends it, and what it draws is for all to see."""
    answer = await server.ask("digit", digit="4", model="gpt")
    assert answer.labels == ["/digit 4"]
    drawn = await server.press(answer, "/digit 4")
    assert drawn.text.startswith("5 × 4")
    assert not drawn.ephemeral
    told = await server.command("help")
    assert {"/digit 4", "/number 2026", "/models"} <= {*told.labels}
    assert (await server.press(told, "/models")).text.startswith("cgan: cGAN")


async def test_a_list_is_as_long_as_discord_allows() -> None:
    """A command with very many choices offers the first of them."""
    request = StripRequest(None)
    choices = tuple(Button(str(number), request) for number in range(30))
    view = ButtonView(Buttons(choices=choices, choices_label=PICK, blank=request), Display())
    ((row,),) = (view.to_components(),)
    assert len(row["components"][0]["options"]) == MAX_CHOICES


async def test_discord_py_keeps_nothing_of_a_picture() -> None:
    """The memory of an answer, public or ephemeral, is free once it is sent: its buttons carry all that they need."""
    generator = GatedGenerator()
    generator.gate.set()
    async with drawing_with(serving(generator, queue=10)) as server:
        for ephemeral in (False, True):
            assert (await server.command("digit", digit="4", ephemeral=ephemeral)).labels
        gc.collect()
        assert [each for each in gc.get_objects() if isinstance(each, ButtonView)] == []


@pytest.mark.parametrize(
    "custom_id",
    [
        "0:again::/digit 4",
        "2:again::/digit 4",
        "1:erase::/digit 4",
        "1:again::/digit 44",
        "1:again::/digit 4 seed=-1",
        "1:again::/help",
        "1:pick::/number 2026",
        "1:again::/morph 3 3",
        "1:again:",
        "1:pick::/digit 4",
        "digit_again_4",
        "\n",
        "x" * 100,
    ],
)
async def test_a_stale_or_forged_button_is_one_sentence(server: DiscordServer, custom_id: str) -> None:
    """A button of another version, or one that we never sent, is answered and does nothing."""
    answer = await server.command("digit", digit="4")
    answer.components[0]["custom_id"] = custom_id
    assert "another version" in sentence(await server.press(answer, AGAIN))


async def test_a_button_whose_model_is_gone_is_one_sentence(server: DiscordServer) -> None:
    """A strip of a model that was taken away says which there are."""
    answer = await server.command("digit", digit="4", model="cgan")
    again = answer.components[0]
    again["custom_id"] = again["custom_id"].replace("cgan", "gone")
    assert "“gone”" in sentence(await server.press(answer, AGAIN))
