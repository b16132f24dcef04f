"""Discord as people see it: commands, pictures, buttons, and a sentence for whatever is wrong.

One bot serves all of these tests, the real process with the real discord.py; only Discord is ours.
"""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image

from bot import replies
from bot.commands import Topic
from core.catalog import Catalog
from tests.bot.conftest import no_traceback, running
from tests.fakes.discord_payloads import DM, GROUP, GUILD
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import TOKEN, DiscordServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class World:
    """A bot, and the Discord that it serves."""

    server: DiscordServer
    page: str

    async def picture(self, path: str) -> bytes:
        """What the bot's web page shows at a path."""
        async with aiohttp.ClientSession() as client, client.get(self.page + path) as response:
            assert response.status == 200
            return await response.read()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world() -> AsyncIterator[World]:
    """A bot on Discord; whatever the tests do, it has nothing to log as an error and no token to tell."""
    async with DiscordServer() as server:
        async with running(**server.settings, DIGIT_LOG_LEVEL="DEBUG") as bot:
            await server.online()
            yield World(server, bot.address)
        written = "".join(bot.lines)
        no_traceback(written, TOKEN)
        assert '"error"' not in written
        assert '"warning"' not in written
    assert server.rest.refusals == []


@pytest.fixture
def server(world: World) -> DiscordServer:
    """The Discord of these tests."""
    return world.server


def components(answer: Answer) -> list[Any]:
    """Every button and list under an answer."""
    return [part for row in answer.message["components"] for part in row["components"]]


def seed(answer: Answer) -> int:
    """The seed that a caption tells."""
    return int(answer.text.rpartition(" ")[2])


def sentence(answer: Answer) -> str:
    """The one sentence that nobody else sees."""
    assert answer.ephemeral
    assert "\n" not in answer.text
    assert answer.files == []
    return answer.text


async def test_a_strip_is_the_one_of_the_web_page(world: World) -> None:
    """The same seed gives the same file on Discord and on the page, byte for byte."""
    answer = await world.server.command("digit", digit="4", seed=7)
    assert answer.files == [await world.picture("/digit/4.png?seed=7")]
    assert answer.text == "Five fours · cGAN · seed 7"


async def test_a_picture_has_an_alt_text(server: DiscordServer) -> None:
    """A person who cannot see the strip hears what it shows."""
    answer = await server.command("digit", digit="4", seed=7, count=3)
    (attachment,) = answer.attachments
    assert attachment["description"] == "Three handwritten fours, drawn by the cGAN model, seed 7"
    assert attachment["filename"] == "digit-4-seed-7.png"


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


async def test_every_option_counts(world: World) -> None:
    """Count, seed and model choose the picture."""
    answer = await world.server.command("digit", digit="9", count=10, seed=2**32 - 1, model="cgan")
    assert answer.files == [await world.picture("/digit/9.png?count=10&seed=4294967295&model=cgan")]


async def test_an_answer_can_be_for_one_person_alone_and_hidden(server: DiscordServer) -> None:
    """`ephemeral` and `spoiler` hold for the answer and for all that its buttons bring."""
    answer = await server.command("digit", digit="4", ephemeral=True, spoiler=True)
    again = await server.press(answer, replies.AGAIN)
    for each in (answer, again, await server.press(again, replies.PICK, "5")):
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


async def test_originals_are_the_untouched_pixels(world: World) -> None:
    """*Originals* is what the model drew, 28 pixels high, of that very strip and for one person alone."""
    answer = await world.server.command("digit", digit="random")
    originals = await world.server.press(answer, replies.ORIGINALS)
    assert originals.ephemeral
    assert Image.open(io.BytesIO(originals.files[0])).size == (140, 28)
    digit = answer.attachments[0]["filename"].split("-")[1]
    assert originals.files == [await world.picture(f"/digit/{digit}.png?seed={seed(answer)}&original=1")]
    assert originals.attachments[0]["filename"].endswith("-original.png")


async def test_another_digit_can_be_picked(server: DiscordServer) -> None:
    """The list offers ten digits, and each comes with the count of the first strip."""
    answer = await server.command("digit", digit="4", count=2)
    offered = [option["value"] for option in components(answer)[2]["options"]]
    assert offered == [str(digit) for digit in range(10)]
    assert (await server.press(answer, replies.PICK, "8")).text.startswith("Two eights")


async def test_models_are_offered_while_typing(server: DiscordServer, catalog: Catalog) -> None:
    """The option `model` completes to the models that there are."""
    assert [choice["value"] for choice in await server.complete("digit", "model", "")] == list(catalog.names)
    assert [choice["value"] for choice in await server.complete("digit", "model", "DEEP")] == ["cvae-deep"]
    assert await server.complete("digit", "model", "gpt") == []


@pytest.mark.parametrize("topic", Topic)
async def test_questions_are_answered_quietly(server: DiscordServer, topic: Topic) -> None:
    """/help, /models and /about answer the person who asks, in the way options are typed on Discord."""
    answer = await server.command(topic.value)
    assert answer.ephemeral
    assert len(answer.text) > 40
    assert "=" not in answer.text


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"digit": "10"}, "“10”"),
        ({"digit": "😀"}, "“😀”"),
        ({"digit": ""}, "“”"),
        ({"digit": "4", "count": 0}, "“0”"),
        ({"digit": "4", "count": 11}, "1 to 10"),
        ({"digit": "4", "count": "many"}, "“many”"),
        ({"digit": "4", "seed": -1}, "“-1”"),
        ({"digit": "4", "seed": 2**32}, "4294967295"),
        ({"digit": "4", "seed": "abc"}, "“abc”"),
        ({"digit": "4", "seed": True}, "“True”"),
        ({"digit": "4", "model": "gpt"}, "cgan"),
        ({"digit": "4", "model": "@everyone" * 200}, "cgan"),
        ({}, "/digit 4"),
    ],
)
async def test_bad_options_are_one_sentence(server: DiscordServer, options: dict[str, object], part: str) -> None:
    """Whatever is wrong with an option is told to the one person who wrote it."""
    assert part in sentence(await server.command("digit", **options))


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
        "1:again::/compare 4",
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
    assert {command["name"] for command in registered} == {"digit", *(topic.value for topic in Topic)}
    for command in registered:
        assert (command["integration_types"], command["contexts"]) == ([0, 1], [0, 1, 2])


async def test_the_presence_shows_what_to_type(server: DiscordServer) -> None:
    """Under the bot's name stands a command that works."""
    presence = SimpleNamespace(**server.gateway.presence)
    assert presence.game["state"] == "/digit 4"
