"""Discord at its worst: rate limits, server errors, answers that come too late; and our own faults."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
import pytest_asyncio
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import replies
from bot.adapters.discord_app import DiscordApp, responder
from bot.counters import Counters
from bot.gates import Gates
from bot.metrics import Metrics
from bot.record import Record
from core.generator import Generator
from tests.bot.conftest import no_traceback, running
from tests.fakes.discord_server import TOKEN, DiscordServer, NoAnswer
from tests.fakes.generators import GatedGenerator, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_TAKEN = (400, 403, 413)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord with a bot; each answer that it does not take is one line in the log, and none is a traceback."""
    async with DiscordServer() as server:
        async with running(**server.settings) as bot:
            await server.online()
            yield server
        no_traceback("".join(bot.lines), TOKEN)
        undelivered = [line for line in bot.lines if '"answer not delivered"' in line and '"warning"' in line]
        assert len(undelivered) == len(NOT_TAKEN)


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_fault_of_discord_is_overcome(server: DiscordServer, status: int) -> None:
    """A rate limit or a server error on the answer delays it and costs nothing else."""
    server.rest.faults.append(status)
    assert (await server.command("digit", digit="4")).files


@pytest.mark.parametrize("status", NOT_TAKEN)
async def test_an_answer_that_is_not_taken_is_a_sentence(server: DiscordServer, status: int) -> None:
    """Where Discord refuses the picture, the person reads that it went wrong."""
    server.rest.faults.append(status)
    answer = await server.command("digit", digit="4")
    assert (answer.text, answer.ephemeral) == (replies.SORRY, True)


@pytest.mark.parametrize("name", ["digit", "help", "unknown"])
async def test_a_late_answer_is_no_fault(server: DiscordServer, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Discord has given up on is dropped, and the next command is answered."""
    with monkeypatch.context() as impatient:
        impatient.setattr(server.rest, "patience", 0)
        with pytest.raises(NoAnswer):
            await server.command(name, digit="4")
    assert (await server.command("digit", digit="4")).files


async def test_a_late_completion_is_no_fault(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who types fast leaves completions behind that nobody waits for."""
    with monkeypatch.context() as impatient:
        impatient.setattr(server.rest, "patience", 0)
        with pytest.raises(NoAnswer):
            await server.complete("digit", "model", "c")
    assert await server.complete("digit", "model", "c")


class BrokenGenerator(GatedGenerator):
    """A generator that fails once its gate is open."""

    def draw(self, latents: np.ndarray, digits: np.ndarray, spread: float = 1.0) -> np.ndarray:
        """Fail."""
        super().draw(latents, digits, spread)
        raise ValueError("out of ink")


@pytest.fixture
def slow() -> Iterator[GatedGenerator]:
    """A generator that takes its time."""
    generator = GatedGenerator()
    yield generator
    generator.gate.set()


@asynccontextmanager
async def drawing_with(generator: Generator) -> AsyncIterator[DiscordServer]:
    """A Discord, and in this process an adapter whose pictures come from `generator`."""
    service = serving(generator, queue=10)
    async with DiscordServer() as server:
        app = DiscordApp(SecretStr(TOKEN), service, Gates(Counters()), Record(Metrics()), server.url, None)
        running = asyncio.create_task(app.run())
        await server.online()
        yield server
        await app.close()
        await running
    await service.close()


@pytest.mark.parametrize("ephemeral", [True, False])
async def test_a_picture_that_takes_long_is_announced(
    slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch, ephemeral: bool
) -> None:
    """Before Discord gives up, the person sees that the bot is at it; then the picture comes with its buttons."""
    monkeypatch.setattr(responder, "DEFER_AFTER", 0)
    async with drawing_with(slow) as server:
        asked = server.ask("digit", digit="4", ephemeral=ephemeral)
        await server.rest.deferred.wait()
        slow.gate.set()
        answer = await asked
        assert answer.deferred
        assert (answer.ephemeral, len(answer.files)) == (ephemeral, 1)
        assert (await server.press(answer, replies.AGAIN)).files


@pytest.mark.parametrize("patience", [0, 2])
async def test_a_fault_of_ours_is_a_sentence(monkeypatch: pytest.MonkeyPatch, patience: float) -> None:
    """A person reads no detail of it, announced or not; the operator gets the whole story once."""
    monkeypatch.setattr(responder, "DEFER_AFTER", patience)
    broken = BrokenGenerator()
    with capture_logs() as lines:
        async with drawing_with(broken) as server:
            asked = server.ask("digit", digit="4")
            if not patience:
                await server.rest.deferred.wait()
            broken.gate.set()
            assert (await asked).text == replies.SORRY
    (line,) = [line for line in lines if line["log_level"] == "error"]
    assert str(line["exc_info"]) == "out of ink"
