"""The request log: the outcome of every request, on every platform alike, and nothing that is somebody's own."""

import asyncio
import time
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.commands import parser
from bot.commands.errors import UnknownCommand
from bot.conversation.sender import Sender
from bot.limits.policy import AddressLimited, ChatLimited, CooldownActive
from bot.telemetry.metrics import Metrics
from bot.telemetry.request_log import Entry, RequestLog, outcome_of
from core.catalog import Catalog
from core.errors import Closed, InvalidDigit, Overloaded
from core.pictures.base import PictureRequest, draw
from core.pictures.strip import StripRequest
from core.service import DigitService
from tests.bot.conftest import PEOPLE, BotProcess, on_telegram, running
from tests.fakes.conversations import conversation
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import Telegram
from tests.waiting import until

SAME = ("command", "digit", "form", "seed", "models", "outcome")
SECOND = {"DIGIT_COOLDOWN": "60"}


class Refusal(Exception):
    """A platform that does not take an answer."""


async def recorded(line: str, catalog: Catalog) -> dict[str, Any]:
    """The log line of an answer to this line."""
    service = DigitService(catalog, queue=1)
    with capture_logs() as lines, conversation(service).exchange(Sender(platform="test")) as exchange:
        await exchange.reply(lambda: parser.parse(line))
    await service.close()
    (only,) = lines
    return dict(only)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (InvalidDigit("x"), "bad_request"),
        (UnknownCommand("x"), "bad_request"),
        (Overloaded(1), "overloaded"),
        (CooldownActive(1), "too_soon"),
        (AddressLimited(1), "too_many"),
        (ChatLimited(1, repeated=False), "room_full"),
        (Closed(), "closed"),
        (ValueError("x"), "error"),
        (asyncio.CancelledError(), "given_up"),
    ],
)
def test_an_outcome_is_called_as_its_error(error: BaseException, outcome: str) -> None:
    """An operator tells from one word whether people, the machine or the program is at fault."""
    assert outcome_of(error) == outcome


@pytest.mark.parametrize("line", ["/digit 4 seed=7", "/compare 4 seed=7", "/digit random seed=7"])
async def test_a_picture_can_be_drawn_again_from_its_line(catalog: Catalog, line: str) -> None:
    """Where one digit is drawn the line has digit, seed and models, whether they were named or picked."""
    request = parser.parse(line)
    assert isinstance(request, PictureRequest)
    picture = draw(catalog, request)
    written = await recorded(line, catalog)
    assert (written["digit"], written["seed"], written["outcome"]) == (picture.request.digits[0], 7, "drawn")
    assert written["models"] == (list(catalog.names) if line.startswith("/compare") else [catalog.default])


@pytest.mark.parametrize("line", ["/number 8642 seed=7", "/morph 8642 seed=7"])
async def test_what_is_somebodys_own_is_not_kept(catalog: Catalog, line: str) -> None:
    """A number or the digits of a morph are in no field; their kind and their seed are."""
    written = await recorded(line, catalog)
    assert set(written) == {
        *("platform", "command", "form", "seed", "models", "milliseconds", "outcome"),
        *("event", "log_level"),
    }
    assert written["seed"] == 7
    assert not {"8642", "8 6 4 2", "(8, 6, 4, 2)"} & {str(value) for value in written.values()}


async def test_a_line_has_the_milliseconds_that_it_took(catalog: Catalog) -> None:
    """No more of them than pass from before the request until after its line, but for rounding."""
    began = time.perf_counter()
    written = await recorded("/digit 4", catalog)
    assert 0 < written["milliseconds"] <= 1000 * (time.perf_counter() - began) + 0.1


@pytest.mark.parametrize("name", ["help", "models", "about"])
async def test_words_are_told(catalog: Catalog, name: str) -> None:
    """A request for words is logged under its command."""
    written = await recorded(f"/{name}", catalog)
    assert (written["command"], written["outcome"]) == (name, "told")
    assert written["milliseconds"] == round(written["milliseconds"], 1)


def test_what_nobody_got_is_undelivered(catalog: Catalog) -> None:
    """A picture, or a sentence about an error, that the platform did not take counts as undelivered."""
    for first in (None, Overloaded(1)):
        entry = Entry((Refusal,))
        entry.drawn(draw(catalog, StripRequest(4)), {})
        if first:
            entry.failed(first)
        entry.failed(Refusal())
        assert entry.outcome == "undelivered"


def test_the_first_error_counts() -> None:
    """What goes wrong while an error is told does not hide why there is no picture."""
    entry = Entry()
    entry.failed(Overloaded(1))
    entry.failed(ValueError())
    assert entry.outcome == "overloaded"


def test_a_fault_is_recorded_and_passes_on() -> None:
    """The record swallows nothing."""
    with capture_logs() as lines, suppress(ValueError), RequestLog(Metrics()).request("test"):
        raise ValueError
        pytest.fail("not reached")
    assert [(line["command"], line["outcome"]) for line in lines] == [("unknown", "error")]
    with pytest.raises(ValueError, match="ours"), RequestLog(Metrics()).request("test"):
        raise ValueError("ours")


async def settled(bot: BotProcess, records: int) -> list[dict[str, Any]]:
    """The records of a bot, once there are as many."""
    await until(lambda: len(bot.requests()) >= records)
    return bot.requests()


async def test_platforms_leave_the_same_record(new_telegram: Telegram) -> None:
    """The same words leave the same line on Discord, on Telegram, in the page's chat and at a picture's address."""
    async with DiscordServer() as discord, on_telegram(new_telegram, **discord.settings) as bot:
        await discord.online()
        await discord.command("digit", digit="4", seed=7)
        await new_telegram.say("/digit 4 seed=7")
        await new_telegram.next("sendPhoto")
        async with ClientSession() as client:
            await client.post(bot.address + "/api/chat", json={"text": "/digit 4 seed=7"})
            await client.get(bot.address + "/digit/4.png?seed=7")
        records = await settled(bot, 4)
    assert sorted(record["platform"] for record in records) == ["discord", "telegram", "web", "web"]
    assert [[record[name] for name in SAME] for record in records] == [
        ["digit", 4, "picture", 7, ["cgan"], "drawn"]
    ] * 4
    assert all(record["milliseconds"] > 0 for record in records)


async def test_nobody_is_named_in_a_record(new_telegram: Telegram) -> None:
    """Whoever asks, wherever, and in what room: no id and no name of theirs is in the log."""
    person, room = 987_654_321_012, -100_123_456_789
    async with DiscordServer() as discord, on_telegram(new_telegram, **discord.settings) as bot:
        await discord.online()
        await discord.command("digit", digit="4", person=str(person))
        await new_telegram.say("/digit 4", user=person, chat=room)
        await new_telegram.next("sendPhoto")
        await settled(bot, 2)
    assert not [line for line in bot.lines if str(person) in line or str(abs(room)) in line]


async def test_discord_tells_how_it_ended() -> None:
    """A person who is too quick, one whose picture Discord refuses and one with a bad request each count as such."""
    async with DiscordServer() as discord, running(**(discord.settings | SECOND)) as bot:
        await discord.online()
        await discord.command("digit", digit="4", person="1")
        await discord.command("digit", digit="4", person="1")
        await discord.command("digit", digit="4", count=11)
        await discord.command("unknown")
        discord.rest.faults.append(403)
        await discord.command("number", number="2026")
        records = await settled(bot, 5)
    assert [(record["command"], record["outcome"]) for record in records] == [
        ("digit", "drawn"),
        ("digit", "too_soon"),
        ("unknown", "bad_request"),
        ("unknown", "bad_request"),
        ("number", "undelivered"),
    ]


async def test_telegram_tells_how_it_ended(new_telegram: Telegram) -> None:
    """Pictures, questions back, bad requests, who is too quick and who has blocked the bot each count as such."""
    quick, other, blocked = (next(PEOPLE) for _ in range(3))
    async with on_telegram(new_telegram, **SECOND) as bot:
        ends = []
        for line, person in (
            ("/digit 4", quick),
            ("/digit 4", quick),
            ("/digit", other),
            ("/digit 44", other),
            ("/about", other),
            ("/digit 4", blocked),
        ):
            new_telegram.blocked |= {blocked} & {person}
            await new_telegram.say(line, user=person)
            record = (await settled(bot, len(ends) + 1))[-1]
            ends.append((record["command"], record["outcome"]))
    assert ends == [
        ("digit", "drawn"),
        ("digit", "too_soon"),
        ("digit", "told"),
        ("unknown", "bad_request"),
        ("about", "told"),
        ("digit", "undelivered"),
    ]


async def test_half_a_line_in_inline_mode_is_no_bad_request(new_telegram: Telegram) -> None:
    """What somebody types after the bot's name is read at each letter: only what is drawn counts for something."""
    async with on_telegram(new_telegram, DIGIT_PUBLIC_URL="https://bot.example") as bot:
        await new_telegram.type_inline("4 se")
        await new_telegram.type_inline("4")
        records = sorted((await settled(bot, 2)), key=lambda record: str(record["outcome"]))
    assert [(record["command"], record["outcome"]) for record in records] == [("digit", "drawn"), ("unknown", "told")]
