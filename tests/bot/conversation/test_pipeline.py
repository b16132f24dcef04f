"""Steps of a walk in the conversation: many and light, they wait behind no heavy picture."""

import asyncio
from ipaddress import ip_address

import pytest

from bot.commands import parser
from bot.conversation.sender import Sender
from bot.conversation.sentences import APOLOGY
from bot.limits.policy import RateLimits
from bot.limits.storage import LimitStorage
from core.errors import DigitError, Overloaded
from core.pictures.strip import StripRequest
from tests.fakes.conversations import conversation
from tests.fakes.generators import GatedGenerator, serving
from tests.waiting import until

ADDRESS = ip_address("192.0.2.1")


async def test_a_hint_can_be_pressed() -> None:
    """The lines in a sentence about an error are buttons where the platform has them."""
    service = serving(GatedGenerator(), queue=5)
    with conversation(service).exchange(Sender(platform="web", address=ADDRESS)) as exchange:
        reply = await exchange.reply(lambda: parser.parse("/digit 12"))
    assert [suggestion.line for suggestion in reply.buttons.suggestions] == ["/digit 4", "/number 12"]
    await service.close()


async def test_an_unforeseen_error_is_an_error_to_every_platform() -> None:
    """Its reply says so to HTTP, which answers with the status of an error; the person reads an apology."""
    service = serving(GatedGenerator(), queue=5)
    with conversation(service).exchange(Sender(platform="web", address=ADDRESS)) as exchange:
        reply = exchange.error_reply(RuntimeError("a fault"))
    assert type(reply.error) is DigitError
    assert str(reply.text) == str(APOLOGY)
    assert reply.private
    await service.close()


async def test_a_busy_bot_offers_nothing_and_counts_nothing() -> None:
    """Who types while the queue is full is told so at once, and has to wait for nothing but the queue."""
    gated = GatedGenerator()
    service = serving(gated, queue=1)
    talk = conversation(service, RateLimits(LimitStorage(), cooldown=60))

    async def offers() -> int:
        with talk.exchange(Sender(platform="telegram", person=7)) as exchange:
            return len(await exchange.offers(lambda: parser.parse("/digit 4"), 3))

    drawing = asyncio.create_task(service.draw(StripRequest(4)))
    await until(lambda: service.pending == 1)
    with pytest.raises(Overloaded):
        await offers()
    gated.gate.set()
    await drawing
    assert await offers() == 3
    await service.close()


async def test_a_step_overtakes_heavy_pictures_of_its_own_address() -> None:
    """Of a class that has asked for ten morphs, whoever drags the dot waits for the one that is being drawn."""
    gated = GatedGenerator()
    service = serving(gated, queue=50)
    talk, order = conversation(service), []

    async def ask(line: str) -> None:
        with talk.exchange(Sender(platform="web", address=ADDRESS, max_wait_seconds=60)) as exchange:
            reply = await exchange.reply(lambda: parser.parse(line))
        assert reply.picture
        order.append(line)

    morphs = [asyncio.create_task(ask("/morph 3 8 seed=7")) for _ in range(10)]
    await until(lambda: service.pending == 10)
    step = asyncio.create_task(ask("/digit 4 seed=7 walk=0.3,-0.5"))
    await until(lambda: service.pending == 11)
    gated.gate.set()
    await asyncio.gather(step, *morphs)
    assert order.index("/digit 4 seed=7 walk=0.3,-0.5") <= 1
    await service.close()
