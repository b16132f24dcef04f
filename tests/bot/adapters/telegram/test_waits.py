"""Telegram when it asks for patience: a long wait is one chat's alone, a lost answer comes again, the log is short."""

import asyncio

import pytest

from tests.bot.adapters.telegram.conftest import BOTH_WAYS
from tests.bot.conftest import PEOPLE, BotProcess
from tests.fakes.telegram_server import Telegram
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), BOTH_WAYS]

HOUR = 3600


@pytest.mark.parametrize("seconds", [61, HOUR])
async def test_a_long_flood_wait_of_one_chat_silences_nobody_else(
    telegram_and_bot: tuple[Telegram, BotProcess], telegram: Telegram, alice: int, seconds: int
) -> None:
    """Told to wait longer than a minute for one chat, only answers there are given up: all others are served."""
    _, bot = telegram_and_bot
    before = len(bot.events("warning"))
    telegram.refuse("sendPhoto", 429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    await telegram.say("/digit 1", user=alice)
    await until(lambda: len(bot.events("warning")) == before + 2)
    other = next(PEOPLE)
    for person in (alice, other):
        await telegram.say("/digit 2", user=person)
    await telegram.until(lambda: not telegram.pending)
    assert [call["chat_id"] for call in telegram.called("sendPhoto")] == [alice, other]
    await until(lambda: len(bot.events("warning")) == before + 3)
    refused, undelivered = "Telegram refuses calls for a while", "not delivered"
    assert bot.events("warning")[before:] == [refused, undelivered, undelivered]


async def test_an_answer_that_the_network_loses_three_times_arrives(telegram: Telegram, alice: int) -> None:
    """An outage longer than one retry costs no picture, and it comes once."""
    for _ in range(3):
        telegram.refuse("sendPhoto", 502, "Bad Gateway")
    await telegram.say("/digit 1", user=alice)
    await telegram.next("sendPhoto")
    await telegram.until(lambda: not telegram.pending)
    assert len(telegram.called("sendPhoto")) == 4
    assert len(telegram.done("sendPhoto")) == 1


async def test_an_answer_that_cannot_be_right_is_not_sent_again(telegram: Telegram, alice: int) -> None:
    """What Telegram refuses for good is tried once, and the next command is answered."""
    telegram.refuse("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")
    await telegram.say("/digit 1", user=alice)
    await telegram.until(lambda: telegram.called("sendPhoto"))
    await telegram.say("/digit 2", user=alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("5 × 2")
    await telegram.until(lambda: not telegram.pending)
    assert len(telegram.called("sendPhoto")) == 2


@pytest.mark.parametrize(("text", "seconds"), [("4", "0"), ("morph 3 8", "0"), ("hello", "60"), ("4 seed=7", "60")])
async def test_inline_pictures_are_new_for_each_person_and_each_time(
    telegram: Telegram, alice: int, text: str, seconds: str
) -> None:
    """Telegram is told to keep no result for others, and for later only what would be the same again."""
    await telegram.type_inline(text, alice)
    answer = await telegram.next("answerInlineQuery")
    assert (answer["cache_time"], answer["is_personal"]) == (seconds, "true")


async def test_a_request_is_one_line_of_our_own(
    telegram_and_bot: tuple[Telegram, BotProcess], telegram: Telegram, alice: int
) -> None:
    """Of what the client libraries call, httpx's line for each address among them, nothing is in the log."""
    _, bot = telegram_and_bot
    before = len(bot.lines)
    await telegram.say("/number 1 seed=424242", user=alice)
    await telegram.next("sendPhoto")
    async with asyncio.timeout(30):
        while not any('"seed": 424242' in line for line in bot.lines):
            await asyncio.sleep(0)
    # Of the test before, one may come late.
    assert all('"event": "request"' in line for line in bot.lines[before:])
    assert len([line for line in bot.lines if '"seed": 424242' in line]) == 1
    assert not [line for line in bot.lines if "httpx" in line or "HTTP Request" in line or "getUpdates" in line]


async def test_an_idle_bot_asks_rarely_and_for_what_it_answers(
    telegram: Telegram, alice: int, way: dict[str, str]
) -> None:
    """After its first poll the bot holds each open for most of a minute, and asks for no update that it ignores.

    By webhook it does not poll.
    """
    await telegram.say("/help", user=alice)
    await telegram.next("sendMessage")
    if way:
        assert not telegram.called("getUpdates")
        assert set(telegram.webhook["allowed_updates"]) == {"message", "callback_query", "inline_query"}
        return
    await telegram.until(lambda: any(call["timeout"] for call in telegram.called("getUpdates")))
    polls = telegram.called("getUpdates")
    assert len([poll for poll in polls if not poll["timeout"]]) <= 1
    for poll in polls:
        assert poll["timeout"] == 0 or 20 <= poll["timeout"] <= 50
        assert set(poll["allowed_updates"]) == {"message", "callback_query", "inline_query"}
