"""Discord's three seconds and its one answer: a long drawing is announced in time, and nobody is answered twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.adapters.discord import handlers
from bot.limits.claims import Claims
from tests.bot.adapters.discord.in_process import adapter_on, drawing_with
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import DiscordServer
from tests.fakes.generators import GatedGenerator, serving


@pytest.fixture
def slow() -> Iterator[GatedGenerator]:
    """A generator that takes its time."""
    generator = GatedGenerator()
    yield generator
    generator.gate.set()


def drawing(slow: GatedGenerator, over_http: bool, queue: int = 10) -> AbstractAsyncContextManager[DiscordServer]:
    """A Discord of a transport, and in this process an adapter whose pictures come from `slow`."""
    return drawing_with(serving(slow, queue), DiscordServer(over_http=over_http))


async def test_a_drawing_of_any_length_is_announced_before_discord_gives_up(
    slow: GatedGenerator, over_http: bool
) -> None:
    """A picture that takes longer than Discord waits is announced within that time, and comes in the end."""
    async with drawing(slow, over_http) as server:
        asked = server.ask("digit", digit="4")
        await asyncio.wait_for(server.rest.deferred.wait(), timeout=30)
        slow.gate.set()
        answer = await asked
    assert (answer.deferred, len(answer.files)) == (True, 1)
    assert answer.seconds < server.rest.patience
    assert server.rest.refusals == []


class HeldElsewhere(Claims):
    """Claims on events that another replica had for an hour, until it was killed."""

    waited_seconds = 0.0

    @asynccontextmanager
    async def claim(self, *key: str, lease_seconds: float | None = None) -> AsyncIterator[bool]:
        """Take an event over."""
        self.waited_seconds += 3600
        async with super().claim(*key, lease_seconds=lease_seconds) as first:
            yield first


async def test_the_time_until_a_killed_replica_is_followed_counts(
    slow: GatedGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow picture that was another replica's is announced by when a person has waited for that one, too."""
    claims, service = HeldElsewhere(), serving(slow, queue=10)
    monkeypatch.setattr(handlers, "DEFER_AFTER_SECONDS", 3600)
    monkeypatch.setattr(handlers, "monotonic", lambda: claims.waited_seconds)
    async with DiscordServer(over_http=True) as server, adapter_on(server, service, claims):
        asked = server.ask("digit", digit="4")
        await asyncio.wait_for(server.rest.deferred.wait(), timeout=30)
        slow.gate.set()
        assert (await asked).files
    await service.close()


async def test_a_quick_drawing_is_not_announced(slow: GatedGenerator, over_http: bool) -> None:
    """What is drawn at once is shown at once, without "thinking" before it, in one call."""
    slow.gate.set()
    async with drawing(slow, over_http) as server:
        before = len(server.rest.calls)
        answer = await server.command("digit", digit="4")
        assert not answer.deferred
        assert len(server.rest.calls) == before + 1


async def test_it_reads_along_nowhere(slow: GatedGenerator) -> None:
    """Discord is asked for no event beside commands and buttons: no message, no member, no presence of anybody."""
    async with drawing(slow, over_http=False) as server:
        assert server.gateway.intents == 0


def answered_elsewhere(server: DiscordServer, question: "asyncio.Task[Answer]") -> None:
    """Let another process with the same token be the first to answer the newest interaction."""
    newest = list(server.rest.questions.values())[-1]
    newest.first = 0.0
    newest.answer.set_result(question)


@pytest.mark.parametrize("name", ["digit", "help", "unknown"])
async def test_what_another_process_has_answered_is_left_alone(
    slow: GatedGenerator, name: str, over_http: bool
) -> None:
    """Where two processes run with one token, the later answer is dropped: no second try, and no cause for alarm."""
    slow.gate.set()
    with capture_logs() as lines:
        async with drawing(slow, over_http) as server:
            question = server.ask(name, digit="4")
            answered_elsewhere(server, question)
            await question
            async with asyncio.timeout(30):
                while not [line for line in lines if line["event"] == "request"]:
                    await asyncio.sleep(0)
            assert (await server.command("digit", digit="4")).files
    assert [refusal["code"] for refusal in server.rest.refusals] == [40060]
    assert not [line for line in lines if line["log_level"] in ("warning", "error")]


async def test_a_press_that_another_process_has_answered_is_left_alone(slow: GatedGenerator, over_http: bool) -> None:
    """The same holds for a button."""
    slow.gate.set()
    with capture_logs() as lines:
        async with drawing(slow, over_http) as server:
            answer = await server.command("digit", digit="4")
            press = asyncio.create_task(server.press(answer, "Again"))
            await asyncio.sleep(0)
            answered_elsewhere(server, press)
            async with asyncio.timeout(30):
                while len([line for line in lines if line["event"] == "request"]) < 2:
                    await asyncio.sleep(0)
            await press
    assert [refusal["code"] for refusal in server.rest.refusals] == [40060]
    assert not [line for line in lines if line["log_level"] in ("warning", "error")]


async def test_a_full_queue_is_told_with_a_countdown_at_once(slow: GatedGenerator, over_http: bool) -> None:
    """Whoever comes when nothing more may wait reads when to come back, alone, and is not kept waiting for it."""
    async with drawing(slow, over_http, queue=1) as server:
        first = server.ask("digit", digit="4")
        await asyncio.sleep(0)  # so that it is on its way before the next
        early = await server.command("digit", digit="4")
        assert early.ephemeral
        assert not early.deferred
        assert "<t:" in early.text
        slow.gate.set()
        assert (await first).files
