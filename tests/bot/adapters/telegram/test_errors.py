"""Telegram when something is in the way: too late, too many, deleted, blocked, not allowed, slow."""

import pytest

from tests.bot.adapters.telegram.conftest import BOTH_WAYS
from tests.bot.conftest import PEOPLE, BotProcess
from tests.fakes.telegram_server import Telegram
from tests.scrapes import scrape, value
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), BOTH_WAYS]


async def test_who_waited_too_long_is_asked_to_write_again(
    telegram_and_bot: tuple[Telegram, BotProcess], telegram: Telegram, alice: int, group: int
) -> None:
    """Commands from before a long outage are answered with one sentence a chat; one of the last minutes is drawn."""
    for _ in range(3):
        await telegram.say("/digit 1", user=alice, ago=600)
        await telegram.say("/digit 1", user=alice, chat=group, ago=600)
    await telegram.say("hello", user=alice, chat=group, ago=600)
    await telegram.say("/digit 2", user=alice, ago=270)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("5 × 2")
    await telegram.until(lambda: not telegram.pending)
    assert len(telegram.done("sendPhoto")) == 1
    told = telegram.done("sendMessage")
    assert {call["chat_id"]: "again" in call["text"] for call in told} == {alice: True, group: True}
    assert len(told) == 2
    _, bot = telegram_and_bot
    await until(lambda: [line["outcome"] for line in bot.requests()].count("missed") == 6)


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_message_is_as_old_as_telegram_says(telegram: Telegram, alice: int, group: int, hours: int) -> None:
    """With a clock that is an hour slow or fast the bot answers what is new, and knows what is old."""
    telegram.ahead_seconds = hours * 3600
    # Its answers tell the time; without polling there was none since.
    await telegram.say("/help", user=alice, chat=group)
    await telegram.next("sendMessage")
    telegram.calls.clear()
    await telegram.say("/digit 1", user=alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("5 × 1")
    await telegram.say("/digit 2", user=alice, ago=600)
    assert "again" in (await telegram.next("sendMessage"))["text"]
    telegram.ahead_seconds = 0


async def test_an_update_that_cannot_be_read_costs_no_other(
    telegram_and_bot: tuple[Telegram, BotProcess], telegram: Telegram, alice: int, way: dict[str, str]
) -> None:
    """It is skipped and counted once, and what is in it reaches no log; those around it are answered."""
    _, bot = telegram_and_bot
    release = telegram.hold("sendDocument")
    await telegram.say("/digit 1 style=transparent", user=alice)
    await telegram.say("my own words", user=alice, chat=4, entities=4)
    await telegram.say("/digit 2", user=alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("5 × 2")
    polls = len(telegram.called("getUpdates"))
    await telegram.until(lambda: way or len(telegram.called("getUpdates")) > polls + 1)
    release.set()
    await telegram.until(lambda: not telegram.pending)
    samples = await scrape(bot)
    assert value(samples, "digit_requests_total", platform="telegram", outcome="unreadable") == 1
    assert bot.events("warning").count("an update cannot be read, and is skipped") == 1
    assert not [line for line in bot.lines if "my own words" in line]


async def test_a_press_in_a_group_that_has_moved_is_answered_there(telegram: Telegram, alice: int, group: int) -> None:
    """Nothing of the old group can be changed any more: the picture comes as a new one in the supergroup."""
    await telegram.say("/digit 4", user=alice, chat=group)
    strip = (await telegram.next("sendPhoto")).result
    for method in ("editMessageMedia", "sendPhoto"):
        telegram.refuse(method, 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=group - 5000)
    await telegram.press(strip, "Again", alice)
    assert (await telegram.next("sendPhoto", after=1))["chat_id"] == group - 5000


async def test_a_press_that_is_too_old_is_no_error(telegram: Telegram, alice: int) -> None:
    """Of a press whose time is over nobody expects a picture, and the next one is answered."""
    await telegram.say("/digit 4", user=alice)
    strip = (await telegram.next("sendPhoto")).result
    release = telegram.hold("answerCallbackQuery")
    telegram.queries.discard(await telegram.press(strip, "1", alice))
    release.set()
    await telegram.until(lambda: not telegram.pending)
    await telegram.press(strip, "2", alice)
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("5 × 2")


async def test_a_press_on_a_very_old_message_is_answered(telegram: Telegram, alice: int, group: int) -> None:
    """Of a message from long ago Telegram tells no more than where it stands: the strip comes as a new one."""
    await telegram.say("/digit 4", user=alice, chat=group)
    strip = (await telegram.next("sendPhoto")).result
    remains = {"chat": strip["chat"], "message_id": strip["message_id"], "date": 0}
    await telegram.press(remains | {"reply_markup": strip["reply_markup"]}, "Again", alice)
    assert (await telegram.next("sendPhoto", after=1))["chat_id"] == group


async def test_a_group_without_photos_is_told_why(telegram: Telegram, alice: int, group: int) -> None:
    """Where the bot may not send pictures it says so, instead of nothing."""
    telegram.refuse("sendPhoto", 400, "Bad Request: not enough rights to send photos to the chat")
    await telegram.say("/digit 4", user=alice, chat=group)
    assert "not allowed" in (await telegram.next("sendMessage"))["text"]


async def test_a_command_that_is_deleted_meanwhile_is_answered(telegram: Telegram, alice: int) -> None:
    """The strip comes, though there is nothing left to reply to."""
    release = telegram.hold("sendPhoto")
    message = await telegram.say("/digit 4", user=alice)
    del telegram.messages[alice, message["message_id"]]
    release.set()
    await telegram.next("sendPhoto")


async def test_a_strip_that_is_deleted_meanwhile_is_no_error(telegram: Telegram, alice: int, group: int) -> None:
    """A press on a message that is gone changes nothing, and the next command is answered."""
    await telegram.say("/digit 4", user=alice, chat=group)
    strip = (await telegram.next("sendPhoto")).result
    del telegram.messages[group, strip["message_id"]]
    await telegram.press(strip, "Again", alice)
    await telegram.next("answerCallbackQuery")
    await telegram.say("/digit 5", user=alice, chat=group)
    await telegram.next("sendPhoto", after=1)


async def test_a_blocked_bot_goes_on_for_the_others(telegram: Telegram, alice: int) -> None:
    """Somebody who blocks the bot while it draws costs nobody anything."""
    telegram.blocked.add(alice)
    await telegram.say("/digit 4", user=alice)
    await telegram.say("/digit 4", user=next(PEOPLE))
    await telegram.next("sendPhoto")


async def test_one_eager_group_stays_within_telegrams_limit(telegram: Telegram, alice: int, group: int) -> None:
    """Past twenty messages a minute a group reads once when it goes on, a press is told so, and others are served."""
    for _ in range(40):
        await telegram.say("/digit 4", user=alice, chat=group)
    strip = (await telegram.next("sendPhoto", after=18)).result
    notice = await telegram.next("sendMessage")
    await telegram.press(strip, "Again", alice)
    assert "s." in (await telegram.next("answerCallbackQuery"))["text"]
    await telegram.say("/digit 5", user=next(PEOPLE))
    await telegram.until(lambda: not telegram.pending)
    assert notice["chat_id"] == group
    assert len(telegram.done("sendPhoto", "sendMessage")) == 21
    assert len(telegram.called("sendPhoto", "sendMessage")) == 21, "nothing was refused"


async def test_one_slow_answer_holds_up_nobody(telegram: Telegram, alice: int) -> None:
    """While Telegram takes its time over one file, others get their strips."""
    await telegram.say("/digit 4", user=alice)
    release = telegram.hold("sendDocument")
    await telegram.press((await telegram.next("sendPhoto")).result, "Originals", alice)
    await telegram.until(lambda: telegram.called("sendDocument"))
    for person in range(3):
        await telegram.say("/digit 5", user=next(PEOPLE))
        await telegram.next("sendPhoto", after=1 + person)
    assert not telegram.done("sendDocument")
    release.set()
    await telegram.next("sendDocument")
