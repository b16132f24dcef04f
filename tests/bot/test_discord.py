"""Discord as people see it: commands, pictures, buttons, and a sentence for whatever is wrong.

One bot serves all of these tests, the real process with the real discord.py; only Discord is ours.
"""

import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from bot import captions, replies
from bot.adapters.discord_app.orders import MANNERS
from bot.commands import COMMANDS, Command, Topic
from core.catalog import Catalog
from core.drawing import draw
from core.requests import CompareRequest, DrawRequest, Form, MorphRequest, NumberRequest, StripRequest, Style
from tests.bot.conftest import no_traceback, running
from tests.fakes.discord_payloads import DM, GROUP, GUILD
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import TOKEN, DiscordServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

REQUESTS: dict[str, DrawRequest] = {
    "digit": StripRequest(4, seed=7),
    "number": NumberRequest("2026", seed=7),
    "morph": MorphRequest((3, 8), seed=7),
    "compare": CompareRequest(4, seed=7),
}
"""What each command that draws is asked for where it does not matter."""
LONGEST_NUMBER = "12345678901234567890++++++"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord with a bot, which logs no error whatever the tests do, no token, and nothing that somebody types."""
    async with DiscordServer() as server:
        async with running(**server.settings, DIGIT_LOG_LEVEL="DEBUG") as bot:
            await server.online()
            yield server
        written = "".join(bot.lines)
        no_traceback(written, TOKEN)
        assert '"error"' not in written
        assert '"warning"' not in written
        assert LONGEST_NUMBER not in written
    assert server.rest.refusals == []


def components(answer: Answer) -> list[Any]:
    """Every button and list under an answer."""
    return [part for row in answer.message["components"] for part in row["components"]]


def seed(answer: Answer) -> int:
    """The seed that a caption tells."""
    return int(answer.text.partition("seed ")[2].partition(" ")[0])


def sentence(answer: Answer) -> str:
    """The one sentence that nobody else sees."""
    assert answer.ephemeral
    assert "\n" not in answer.text
    assert answer.files == []
    return answer.text


async def asked(server: DiscordServer, name: str, /, **options: object) -> Answer:
    """The answer to a command that draws, whatever its argument is called."""
    command = COMMANDS[name]
    return await server.command(name, **({command.argument: command.write(REQUESTS[name])} | options))


def labels(answer: Answer) -> list[str]:
    """What stands on the buttons and lists under an answer."""
    return [part.get("label") or part["placeholder"] for part in components(answer)]


@pytest.mark.parametrize(
    ("name", "file", "caption"),
    [
        ("digit", "digit-4-seed-7.png", "Five fours · cGAN · seed 7"),
        ("number", "number-2026-seed-7.png", "2026 · cGAN · seed 7"),
        ("morph", "morph-3-8-seed-7.gif", "3 → 8 → 3 · cGAN · seed 7"),
        ("compare", "compare-4-seed-7.png", "Fours by six models"),
    ],
)
async def test_each_command_draws(server: DiscordServer, catalog: Catalog, name: str, file: str, caption: str) -> None:
    """A seed gives the same file as everywhere, byte for byte, with a caption and with an alt text to hear."""
    answer = await asked(server, name, seed=7)
    picture = draw(catalog, REQUESTS[name])
    assert answer.files == [picture.data]
    assert answer.text.startswith(caption)
    (attachment,) = answer.attachments
    assert (attachment["filename"], attachment["description"]) == (file, captions.alt_text(picture))


async def test_a_morph_moves(server: DiscordServer) -> None:
    """/morph is an animation that a chat plays over and over."""
    answer = await server.command("morph", digits="3 8")
    animation = Image.open(io.BytesIO(answer.files[0]))
    assert (animation.format, animation.info["loop"]) == ("GIF", 0)


@pytest.mark.parametrize("where", [GUILD, DM, GROUP], ids=["server", "direct message", "group"])
async def test_it_answers_wherever_it_is_asked(server: DiscordServer, where: int) -> None:
    """In a server, in a direct message and in a private channel a strip comes at once and for all to see, twice."""
    answer = await server.command("digit", where=where, digit="random", count=1)
    for each in (answer, await server.press(answer, replies.AGAIN, where=where)):
        assert len(each.files) == 1
        assert not each.ephemeral
        assert not each.deferred


async def test_it_answers_in_a_server_that_it_has_not_joined(server: DiscordServer) -> None:
    """Somebody who added it to their account asks in a server that knows nothing of it."""
    answer = await server.ask("digit", digit="4", guild=str(1 << 60))
    assert len(answer.files) == 1


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
    server: DiscordServer, catalog: Catalog, name: str, options: dict[str, object], request_: DrawRequest
) -> None:
    """Each option of each command is in the picture."""
    answer = await asked(server, name, seed=2**32 - 1, style="blueprint", neat=90, **options)
    same = replace(request_, seed=2**32 - 1, style=Style.BLUEPRINT, neat=90)
    assert answer.files == [draw(catalog, same).data]


@pytest.mark.parametrize("name", COMMANDS)
async def test_an_answer_can_be_for_one_person_alone_and_hidden(server: DiscordServer, name: str) -> None:
    """`ephemeral` and `spoiler` hold for the answer and for all that its buttons bring."""
    answer = await asked(server, name, ephemeral=True, spoiler=True)
    again = await server.press(answer, replies.AGAIN)
    more = [await server.press(again, label, *["5"] * (label == replies.PICK)) for label in labels(again)]
    for each in (answer, again, *more):
        assert each.ephemeral
        assert each.attachments[0]["filename"].startswith("SPOILER_")


async def test_again_is_a_new_strip_of_the_same(server: DiscordServer) -> None:
    """*Again* is a new message with a new seed, and as many of the same digit; anyone may press it."""
    answer = await server.command("digit", digit="4", count=3, seed=7, person="1")
    again = await server.press(answer, replies.AGAIN, person="2")
    assert again.text.startswith("Three fours")
    assert seed(again) != 7
    assert not again.ephemeral


async def test_again_after_random_is_random(server: DiscordServer) -> None:
    """*Again* repeats what was asked for, not what came of it."""
    answer = await server.command("digit", digit="random", count=1)
    digits = {(await server.press(answer, replies.AGAIN)).text.partition(" · ")[0] for _ in range(20)}
    assert len(digits) > 1


@pytest.mark.parametrize(("name", "other"), [("number", "2026"), ("morph", "3 → 8 → 3"), ("compare", "Fours by two")])
async def test_again_is_another_of_each_kind(server: DiscordServer, name: str, other: str) -> None:
    """Numbers, morphs and comparisons are drawn anew as well, with their options."""
    models = {"models": "cgan,vae"} if name == "compare" else {"model": "vae"}
    answer = await asked(server, name, seed=7, neat=80, **models)
    again = await server.press(answer, replies.AGAIN)
    assert again.text.startswith(other)
    assert again.text.endswith("neat 80")
    assert again.files != answer.files


async def test_the_original_of_one_image_is_a_picture(server: DiscordServer, catalog: Catalog) -> None:
    """*Originals* of a single digit is what the model drew, 28 pixels high, and for one person alone."""
    answer = await server.command("digit", digit="random", count=1, style="ink")
    original = await server.press(answer, replies.ORIGINALS)
    assert original.ephemeral
    assert components(original) == []
    assert Image.open(io.BytesIO(original.files[0])).size == (28, 28)
    digit = int(answer.attachments[0]["filename"].split("-")[1])
    same = StripRequest(digit, 1, seed=seed(answer), form=Form.ORIGINAL)
    assert original.files == [draw(catalog, same).data]
    assert original.attachments[0]["filename"].endswith("-original.png")


@pytest.mark.parametrize("name", COMMANDS)
async def test_originals_of_more_are_an_archive(server: DiscordServer, catalog: Catalog, name: str) -> None:
    """*Originals* of that very picture comes as a ZIP, for one person alone."""
    answer = await asked(server, name, style="ink")
    originals = await server.press(answer, replies.ORIGINALS)
    assert originals.ephemeral
    assert components(originals) == []
    same = replace(REQUESTS[name], seed=seed(answer), form=Form.ARCHIVE)
    assert originals.files == [draw(catalog, same).data]
    assert originals.attachments[0]["filename"].endswith("-original.zip")


@pytest.mark.parametrize(("name", "text"), [("digit", "Five eights"), ("compare", "Eights by six models")])
async def test_another_digit_can_be_picked(server: DiscordServer, name: str, text: str) -> None:
    """The list offers ten digits, and each comes as the first one did."""
    answer = await asked(server, name, neat=80)
    offered = [option["value"] for option in components(answer)[2]["options"]]
    assert offered == [str(digit) for digit in range(10)]
    picked = await server.press(answer, replies.PICK, "8")
    assert picked.text.startswith(text)
    assert picked.text.endswith("neat 80")


@pytest.mark.parametrize("name", ["number", "morph"])
async def test_where_there_is_no_one_digit_there_is_none_to_pick(server: DiscordServer, name: str) -> None:
    """Under a number or a morph stand *Again* and *Originals* alone."""
    assert labels(await asked(server, name)) == [replies.AGAIN, replies.ORIGINALS]


async def test_the_longest_request_has_its_buttons(server: DiscordServer) -> None:
    """A number as long as a number may be, with every option, can be drawn again and had untouched."""
    options = {"seed": 2**32 - 1, "model": "cvae-conv", "style": "transparent", "neat": 100}
    answer = await server.command("number", number=LONGEST_NUMBER, **options, ephemeral=True, spoiler=True)
    assert (await server.press(answer, replies.AGAIN)).text.startswith(LONGEST_NUMBER)
    assert (await server.press(answer, replies.ORIGINALS)).files


async def test_a_button_that_would_be_too_long_is_left_out(server: DiscordServer) -> None:
    """Where a request does not fit a button the picture comes without it."""
    answer = await server.command("compare", digit="4", models="cgan," * 30)
    assert answer.files
    assert replies.AGAIN not in labels(answer)


async def test_a_caption_is_read_as_it_was_typed(server: DiscordServer) -> None:
    """What is a list or an emoji to Discord is a number here."""
    assert (await server.command("number", number="- 5")).text.startswith("\\- 5")
    assert (await server.command("number", number=":100:")).text.startswith("\\:100\\:")


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
    """What an option completes to."""
    return [choice["value"] for choice in await server.complete(name, option, typed)]


@pytest.mark.parametrize("topic", Topic)
async def test_questions_are_answered_quietly(server: DiscordServer, topic: Topic) -> None:
    """/help, /models and /about answer the person who asks, in the way options are typed on Discord."""
    answer = await server.command(topic.value)
    assert answer.ephemeral
    assert len(answer.text) > 40
    assert "=" not in answer.text


async def test_help_lists_what_there_is(server: DiscordServer) -> None:
    """/help names each command that Discord has and each option, its own two included, and no other."""
    text = (await server.command("help")).text
    registered = server.rest.commands[None]
    options = {option["name"] for command in registered for option in command["options"]}
    arguments = {command.argument for command in COMMANDS.values()}
    assert set(re.findall(r"^/(\w+)", text, re.MULTILINE)) == {command["name"] for command in registered} - {"help"}
    assert set(re.findall(r"^(\w+):", text, re.MULTILINE)) == options - arguments - {"You can add"}


async def test_about_shows_the_training(server: DiscordServer, catalog: Catalog) -> None:
    """With /about comes a picture of how the losses went, and what it shows can be heard."""
    answer = await server.command("about")
    assert answer.files == [catalog.curve]
    assert answer.attachments[0]["description"] == replies.CURVE


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


async def test_an_unknown_command_is_one_sentence(server: DiscordServer) -> None:
    """A command that another version had is answered too."""
    assert "/digit 4" in sentence(await server.command("draw", digit="4"))


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
    components(answer)[0]["custom_id"] = custom_id
    assert "another version" in sentence(await server.press(answer, replies.AGAIN))


async def test_a_button_whose_model_is_gone_is_one_sentence(server: DiscordServer) -> None:
    """A strip of a model that was taken away says which there are."""
    answer = await server.command("digit", digit="4", model="cgan")
    again = components(answer)[0]
    again["custom_id"] = again["custom_id"].replace("cgan", "gone")
    assert "“gone”" in sentence(await server.press(answer, replies.AGAIN))


async def test_the_commands_are_offered_everywhere(server: DiscordServer) -> None:
    """Each command can be installed to a server and to an account, and used in all three kinds of channel."""
    registered = server.rest.commands[None]
    assert {command["name"] for command in registered} == {*COMMANDS, *(topic.value for topic in Topic)}
    for command in registered:
        assert (command["integration_types"], command["contexts"]) == ([0, 1], [0, 1, 2])


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
async def test_a_command_has_all_its_options(server: DiscordServer, command: Command) -> None:
    """Discord offers the argument first, then each option, then who is to see the answer and how."""
    (there,) = [each for each in server.rest.commands[None] if each["name"] == command.name]
    assert [option["name"] for option in there["options"]] == [command.argument, *command.options, *MANNERS]
    assert [option.get("required", False) for option in there["options"]] == [
        True,
        *[False] * len(command.options),
        *[False] * 2,
    ]


async def test_the_presence_shows_what_to_type(server: DiscordServer) -> None:
    """Under the bot's name stands a command that works."""
    presence = SimpleNamespace(**server.gateway.presence)
    assert presence.game["state"] == "/digit 4"
