"""Answers: wherever it is asked, quietly where nobody else cares, in time, and once; and what becomes of faults."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import numpy as np
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.adapters.discord import handlers
from bot.commands import registry
from bot.conversation.sentences import APOLOGY
from core.catalog import Catalog
from core.service import DigitService
from tests.bot.adapters.discord.in_process import drawing_with
from tests.bot.adapters.discord.questions import AGAIN, PICK, REQUESTS, asked, sentence
from tests.bot.conftest import no_traceback, on_discord
from tests.fakes.discord_payloads import DM, GROUP, GUILD
from tests.fakes.discord_rules import SLASH
from tests.fakes.discord_server import TOKEN, DiscordServer, NoAnswer
from tests.fakes.generators import GatedGenerator, serving
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_TAKEN = (400, 403, 413)
GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "A digit is 0 to 9, not {value}. Try {example}."
msgstr "Eine Ziffer ist 0 bis 9, nicht {value}. Probier {example}."
"""


@pytest.mark.parametrize("where", [GUILD, DM, GROUP], ids=["server", "direct message", "group"])
async def test_it_answers_wherever_it_is_asked(server: DiscordServer, where: int) -> None:
    """In a server, in a direct message and in a private channel a strip comes at once and for all to see, twice."""
    answer = await server.command("digit", where=where, digit="random", count=1)
    for each in (answer, await server.press(answer, AGAIN, where=where)):
        assert len(each.files) == 1
        assert not each.ephemeral
        assert not each.deferred


async def test_it_answers_in_a_server_that_it_has_not_joined(server: DiscordServer) -> None:
    """Somebody who added it to their account asks in a server that knows nothing of it."""
    answer = await server.ask("digit", digit="4", guild=str(1 << 60))
    assert len(answer.files) == 1


@pytest.mark.parametrize("name", REQUESTS)
async def test_an_answer_can_be_for_one_person_alone_and_hidden(server: DiscordServer, name: str) -> None:
    """`ephemeral` and `spoiler` hold for the answer and for all that its buttons bring."""
    answer = await asked(server, name, ephemeral=True, spoiler=True)
    again = await server.press(answer, AGAIN)
    more = [await server.press(again, label, *["5"] * (label == PICK)) for label in again.labels]
    for each in (answer, again, *more):
        assert each.ephemeral
        assert each.attachments[0]["filename"].startswith("SPOILER_")


async def test_a_caption_is_read_as_it_was_typed(server: DiscordServer) -> None:
    """Words that are a list or an emoji to Discord are a number here."""
    assert (await server.command("number", number="- 5")).text.startswith("\\- 5")
    assert (await server.command("number", number=":100:")).text.startswith("\\:100\\:")


@pytest.mark.parametrize("name", ["help", "models", "about"])
async def test_questions_are_answered_quietly(server: DiscordServer, name: str) -> None:
    """/help, /models and /about answer the person who asks, in the way options are typed on Discord."""
    answer = await server.command(name)
    assert answer.ephemeral
    assert len(answer.text) > 40
    assert "=" not in answer.text


async def test_help_lists_every_command_and_option(server: DiscordServer) -> None:
    """/help names each command that Discord has and each option, its own two included and last, and no other."""
    text = (await server.command("help")).text
    registered = [command for command in server.rest.commands[None] if command["type"] == SLASH]
    options = {option["name"] for command in registered for option in command["options"]}
    arguments = {command.argument.name for command in registry.picture_commands()} | {"image"}
    assert set(re.findall(r"^/(\w+)", text, re.MULTILINE)) == {command["name"] for command in registered} - {"help"}
    listed = re.findall(r"^(\w+):", text, re.MULTILINE)
    assert set(listed) == options - arguments
    assert listed[-2:] == ["ephemeral", "spoiler"]


async def test_about_shows_the_training(server: DiscordServer, catalog: Catalog) -> None:
    """With /about comes a picture of how the losses went, and what it shows can be heard."""
    answer = await server.command("about")
    assert answer.files == [catalog.curve]
    assert answer.attachments[0]["description"].startswith("How the losses of the generator")


async def test_an_unknown_command_is_one_sentence(server: DiscordServer) -> None:
    """A command that another version had is answered too."""
    assert "/digit 4" in sentence(await server.command("draw", digit="4"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def faulty(over_http: bool) -> AsyncIterator[DiscordServer]:
    """A Discord with a bot; each answer that it does not take is one line in the log, and none is a traceback."""
    async with DiscordServer(over_http=over_http) as server:
        async with on_discord(server) as bot:
            yield server
        no_traceback("".join(bot.lines), TOKEN)
        undelivered = [line for line in bot.lines if '"answer not delivered"' in line and '"warning"' in line]
        assert len(undelivered) == len(NOT_TAKEN)
        assert [record["outcome"] for record in bot.requests()].count("undelivered") >= len(NOT_TAKEN)


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_fault_of_discord_is_overcome(faulty: DiscordServer, status: int) -> None:
    """A rate limit or a server error on the answer delays it and costs nothing else."""
    faulty.rest.faults.append(status)
    assert (await faulty.command("digit", digit="4")).files


@pytest.mark.parametrize("status", NOT_TAKEN)
async def test_an_answer_that_is_not_taken_is_a_sentence(faulty: DiscordServer, status: int) -> None:
    """Where Discord refuses the picture, the person reads that it went wrong."""
    faulty.rest.faults.append(status)
    answer = await faulty.command("digit", digit="4")
    assert (answer.text, answer.ephemeral) == (str(APOLOGY), True)


@pytest.mark.parametrize("name", ["digit", "help", "unknown"])
async def test_a_late_answer_is_no_fault(faulty: DiscordServer, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that Discord has given up on is dropped, and the next command is answered."""
    with monkeypatch.context() as impatient:
        impatient.setattr(faulty.rest, "patience", 0)
        with pytest.raises(NoAnswer):
            await faulty.command(name, digit="4")
    assert (await faulty.command("digit", digit="4")).files


async def test_the_log_holds_no_token_of_an_interaction(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the connection breaks within an answer, the log says so without the URL, by which anybody could answer."""

    async def cut(interaction: handlers.Interaction, *_: object) -> None:
        url = f"https://discord.com/interactions/{interaction.id}/{interaction.token}/callback"
        raise aiohttp.ClientOSError(None, f"Can not write request body for {url}")

    monkeypatch.setattr(handlers, "_send", cut)
    with capture_logs() as lines:
        async with drawing_with(DigitService(catalog, queue=1)) as server:
            asked = server.ask("digit", digit="4")
            await until(lambda: any(line["event"] == "request" for line in lines))
            asked.cancel()
    (token,) = server.rest.questions
    assert [line["reason"] for line in lines if line["log_level"] == "warning"] == 2 * ["ClientOSError"]
    assert token not in str(lines)


async def test_a_late_completion_is_no_fault(faulty: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who types fast leaves completions behind that nobody waits for."""
    with monkeypatch.context() as impatient:
        impatient.setattr(faulty.rest, "patience", 0)
        with pytest.raises(NoAnswer):
            await faulty.complete("digit", "model", "c")
    assert await faulty.complete("digit", "model", "c")


class BrokenGenerator(GatedGenerator):
    """A generator that fails once its gate is open."""

    def draw(self, latents: np.ndarray, digits: np.ndarray, truncation: float = 1.0) -> np.ndarray:
        """Fail."""
        super().draw(latents, digits, truncation)
        raise ValueError("out of ink")


@pytest.fixture
def slow() -> Iterator[GatedGenerator]:
    """A generator that takes its time."""
    generator = GatedGenerator()
    yield generator
    generator.gate.set()


@pytest.mark.parametrize("ephemeral", [True, False])
async def test_a_picture_that_takes_long_is_announced(
    slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch, ephemeral: bool, over_http: bool
) -> None:
    """Before Discord gives up, the person sees that the bot is at it; then the picture comes with its buttons."""
    monkeypatch.setattr(handlers, "DEFER_AFTER_SECONDS", 0)
    async with drawing_with(serving(slow, queue=10), DiscordServer(over_http=over_http)) as server:
        asked = server.ask("digit", digit="4", ephemeral=ephemeral)
        await server.rest.deferred.wait()
        slow.gate.set()
        answer = await asked
        assert answer.deferred
        assert (answer.ephemeral, len(answer.files)) == (ephemeral, 1)
        assert (await server.press(answer, AGAIN)).files


async def test_a_command_that_comes_twice_is_handled_once(slow: GatedGenerator, over_http: bool) -> None:
    """An interaction that Discord repeats draws no second picture, and meets no rate limit of its first."""
    service = serving(slow, queue=10)
    async with drawing_with(service, DiscordServer(over_http=over_http)) as server:
        asked = server.ask("digit", digit="4")
        await asyncio.sleep(0)
        repeated = asyncio.create_task(server.repeat())
        another = server.ask("digit", digit="5")
        await until(lambda: service.pending >= 2)
        slow.gate.set()
        assert (await asked).files
        assert (await another).files
        await repeated
    assert slow.drawn == 2
    assert server.rest.refusals == []


@pytest.mark.parametrize("defer_after_seconds", [0, 2])
async def test_a_fault_of_ours_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, defer_after_seconds: float, over_http: bool
) -> None:
    """A person reads no detail of it, announced or not; the operator gets the whole story once."""
    monkeypatch.setattr(handlers, "DEFER_AFTER_SECONDS", defer_after_seconds)
    broken = BrokenGenerator()
    with capture_logs() as lines:
        async with drawing_with(serving(broken, queue=10), DiscordServer(over_http=over_http)) as server:
            asked = server.ask("digit", digit="4")
            if not defer_after_seconds:
                await server.rest.deferred.wait()
            broken.gate.set()
            assert (await asked).text == str(APOLOGY)
    (line,) = [line for line in lines if line["log_level"] == "error"]
    assert str(line["exc_info"]) == "out of ink"


async def test_an_answer_speaks_the_persons_language(catalogs: Path) -> None:
    """Each person reads the language of their own client where there is a catalog for it, and else English."""
    (catalogs / "de.po").write_text(GERMAN)
    async with drawing_with(serving(GatedGenerator(), queue=10)) as server:
        german, english = [await server.ask("digit", digit="x", locale=tag) for tag in ("de", "ja")]
    assert sentence(german) == "Eine Ziffer ist 0 bis 9, nicht “x”. Probier /digit 4."
    assert sentence(english) == "A digit is 0 to 9, not “x”. Try /digit 4."
