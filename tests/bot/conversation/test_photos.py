"""The one way from a photo to a reply, which every platform uses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from bot.commands import parser
from bot.conversation.errors import NoHandReader, NotReceived
from bot.conversation.photos import MAX_PHOTOS, MAX_PHOTOS_EACH, PHOTO_COST
from bot.conversation.pipeline import Conversation
from bot.conversation.reply import Reply
from bot.conversation.sender import Sender
from bot.limits.policy import AddressLimited, ChatLimited, CooldownActive, RateLimited, RateLimits
from bot.limits.storage import LimitStorage
from core.catalog import Catalog
from core.errors import DigitError, HandlessModel, InvalidNumber, InvalidPhoto, Overloaded
from core.hand_service import HandService
from core.handwriting import HandReader
from core.pictures.base import OneModelRequest, draw
from core.service import DigitService
from tests.core.imaging.test_scanning import drawn, file_of, text
from tests.fakes.conversations import conversation
from tests.golden.weights import make
from tests.waiting import until

ALICE = Sender(platform="chat", person=1, chat=2)
FOUR = file_of(drawn(4, 14))
ADDRESS = ip_address("192.0.2.1")


@pytest.fixture
async def talk(catalog: Catalog) -> AsyncIterator[Conversation]:
    """A conversation that reads photos, without limits."""
    service, reader = DigitService(catalog, queue=50), HandReader.of(catalog)
    assert reader is not None
    hands = HandService(reader)
    yield conversation(service, hands=hands)
    await hands.close()
    await service.close()


def sent(photo: bytes) -> Callable[[], Awaitable[bytes]]:
    """Return a platform's way of loading a photo, which is there at once."""

    async def load() -> bytes:
        return photo

    return load


def asked(line: str) -> Callable[[], OneModelRequest]:
    """Return a platform's way of reading what is to be drawn."""

    def read() -> OneModelRequest:
        request = parser.parse(line)
        assert isinstance(request, OneModelRequest)
        return request

    return read


async def send(talk: Conversation, photo: bytes = FOUR, sender: Sender = ALICE, line: str = "") -> Reply:
    """Send a photo."""
    with talk.exchange(sender) as exchange:
        return await exchange.hand(sent(photo), asked(line) if line else None)


def hand_of(reply: Reply) -> str:
    """Return the hand in which a reply's picture is drawn."""
    assert reply.handwriting is not None
    assert reply.handwriting.hand is not None
    assert isinstance(reply.request, OneModelRequest)
    assert reply.request.hand == reply.handwriting.hand
    return reply.request.hand


async def test_a_photo_is_answered_with_five_in_its_hand(talk: Conversation, catalog: Catalog) -> None:
    """The caption says what was read and how to get the picture again; each button keeps the hand."""
    reply = await send(talk)
    hand = hand_of(reply)
    read, caption = str(reply.text).splitlines()
    assert read.startswith("I read 4 (")
    assert caption.startswith("5 × 4")
    assert reply.picture is not None
    assert reply.picture.data == draw(catalog, reply.picture.request).data
    again, originals = reply.buttons.again, reply.buttons.originals
    assert again is not None
    assert originals is not None
    buttons = [again, originals, *reply.buttons.choices]
    assert {f"hand={hand}" in parser.write(button.request) for button in buttons} == {True}
    assert not reply.private


async def test_several_digits_are_answered_with_their_number(talk: Conversation) -> None:
    """A note with a year comes back as that year."""
    reply = await send(talk, file_of(text("2026", 200)))
    hand_of(reply)
    assert str(reply.text).splitlines()[1].startswith("2026")


async def test_what_is_asked_for_is_written_in_the_hand(talk: Conversation) -> None:
    """With its own options, whatever was read."""
    reply = await send(talk, line="/number 1,234 style=ink seed=7")
    assert parser.write(reply.request) == f"/number 1,234 seed=7 style=ink hand={hand_of(reply)}"


async def test_reading_alone_draws_nothing(talk: Conversation) -> None:
    """For a page that shows what is read while somebody draws."""
    with talk.exchange(ALICE) as exchange:
        reply = await exchange.hand(sent(FOUR), draws=False)
    assert reply.handwriting is not None
    assert (reply.handwriting.text, reply.picture, reply.error) == ("4", None, None)


@pytest.mark.parametrize(
    "photo", [file_of(np.full((300, 400), 255, np.uint8)), file_of(text("1234567", 200))], ids=["empty", "crowded"]
)
async def test_no_digit_is_a_sentence_for_the_person_alone(talk: Conversation, photo: bytes) -> None:
    """It is an answer, and no error."""
    reply = await send(talk, photo, line="/number 2026")
    assert reply.handwriting is not None
    assert (reply.handwriting.hand, reply.picture, reply.error, reply.private) == (None, None, None, True)


@pytest.mark.parametrize(
    ("photo", "line", "error"),
    [
        (b"<svg/>", "", InvalidPhoto),
        (FOUR, "/number cat", InvalidNumber),
        (FOUR, "/digit 4 model=vae", HandlessModel),
    ],
)
async def test_an_error_is_a_sentence(talk: Conversation, photo: bytes, line: str, error: type[DigitError]) -> None:
    """Of the photo, and of what is to be drawn."""
    reply = await send(talk, photo, line=line)
    assert isinstance(reply.error, error)
    assert reply.private


async def test_a_request_that_cannot_be_drawn_loads_no_photo(talk: Conversation) -> None:
    """Nor does one that is refused: nothing is downloaded for it."""

    async def load() -> bytes:
        raise AssertionError

    with talk.exchange(ALICE) as exchange:
        for line in ("/number cat", "/digit 4 model=vae"):
            assert (await exchange.hand(load, asked(line))).error is not None
    talk.limits = RateLimits(LimitStorage(), cooldown=60)
    await send(talk)
    with talk.exchange(ALICE) as exchange:
        assert isinstance((await exchange.hand(load)).error, CooldownActive)


async def test_a_photo_that_does_not_arrive_is_a_sentence(talk: Conversation) -> None:
    """It is no fault of ours, and the same sentence on each platform."""

    async def load() -> bytes:
        raise NotReceived

    with capture_logs() as lines, talk.exchange(ALICE) as exchange:
        reply = await exchange.hand(load)
    assert "did not arrive" in str(reply.text)
    assert [line["log_level"] for line in lines] == ["info"]


@pytest.mark.parametrize(
    ("limits", "sender", "error"),
    [
        (RateLimits(LimitStorage(), chat_limit=3 * PHOTO_COST), Sender(platform="chat", chat=2), ChatLimited),
        (
            RateLimits(LimitStorage(), address_limit=3 * PHOTO_COST),
            Sender(platform="web", address=ADDRESS),
            AddressLimited,
        ),
    ],
)
async def test_a_photo_counts_as_five_pictures(
    talk: Conversation, limits: RateLimits, sender: Sender, error: type[RateLimited]
) -> None:
    """A limit of fifteen pictures a minute is one of three photos, for a chat and for an address."""
    talk.limits = limits
    replies = [await send(talk, sender=sender) for _ in range(4)]
    assert [type(reply.error) for reply in replies] == [type(None)] * 3 + [error]


async def test_one_person_takes_half_of_the_room_for_photos(talk: Conversation) -> None:
    """Slow uploads of one person refuse that one's next photo; others' are read, until all of the room is taken."""
    arrived, waiting = asyncio.Event(), 0

    async def load() -> bytes:
        nonlocal waiting
        waiting += 1
        await arrived.wait()
        return FOUR

    async def upload(person: int) -> Reply:
        with talk.exchange(Sender(platform="chat", person=person)) as exchange:
            return await exchange.hand(load, draws=False)

    async def fill(person: int) -> list[asyncio.Task[Reply]]:
        before = waiting
        tasks = [asyncio.create_task(upload(person)) for _ in range(MAX_PHOTOS_EACH)]
        await until(lambda: waiting == before + MAX_PHOTOS_EACH)
        return tasks

    uploads = await fill(person=1)
    assert isinstance((await upload(person=1)).error, Overloaded)
    assert (await send(talk, sender=Sender(platform="chat", person=2))).error is None
    for person in range(2, 1 + MAX_PHOTOS // MAX_PHOTOS_EACH):
        uploads += await fill(person)
    assert isinstance((await upload(person=9)).error, Overloaded)
    arrived.set()
    assert {(await done).error for done in uploads} == {None}
    assert (await send(talk)).error is None


async def test_an_upload_that_is_given_up_leaves_its_room(talk: Conversation) -> None:
    """A client that goes away takes nothing along."""

    async def gone() -> bytes:
        raise asyncio.CancelledError

    for _ in range(2 * MAX_PHOTOS):
        with pytest.raises(asyncio.CancelledError), talk.exchange(ALICE) as exchange:
            await exchange.hand(gone)
    assert (await send(talk)).error is None


async def test_the_log_says_how_many_digits_and_no_more(talk: Conversation) -> None:
    """Neither the digits nor the hand of a note stand in it."""
    with capture_logs() as lines:
        reply = await send(talk, file_of(text("2026", 200)))
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["command"], line["count"], line["outcome"]) == ("hand", 4, "drawn")
    assert "2026" not in str({key: value for key, value in line.items() if key not in ("seed", "milliseconds")})
    assert hand_of(reply) not in str(line)
    assert line.keys() <= {
        "event",
        "log_level",
        "platform",
        "command",
        "count",
        "form",
        "seed",
        "models",
        "milliseconds",
        "outcome",
    }


async def test_weights_that_read_nothing_are_a_sentence(tmp_path: Path) -> None:
    """A folder of models of one's own need not have a reader and an encoder; everything else goes on."""
    service = DigitService(Catalog.open(make(tmp_path / "weights")), queue=5)
    talk = conversation(service)
    with capture_logs() as lines:
        reply = await send(talk)
    assert isinstance(reply.error, NoHandReader)
    assert "not in my weights folder" in str(reply.text)
    assert [line["command"] for line in lines if line["event"] == "request"] == ["hand"]
    await service.close()
