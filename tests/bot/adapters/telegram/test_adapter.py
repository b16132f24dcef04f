"""Telegram over time: the bot connects, is cut off, killed, refused and stopped, and nobody loses an answer."""

import asyncio
import signal
import socket
from pathlib import Path

import aiohttp
import pytest
from telegram.constants import ChatID

from core.catalog import CURVE
from tests.bot.conftest import NO_PAUSE, POLLING, WEBHOOK, finished, on_telegram
from tests.bot.test_app import readiness
from tests.conftest import WEIGHTS
from tests.fakes.telegram_server import TOKEN, Telegram, telegram_server
from tests.waiting import until

SECRET_HALF = TOKEN.partition(":")[2]


async def test_switching_between_polling_and_webhook_loses_nothing(new_telegram: Telegram) -> None:
    """What is said while the bot is away is answered once it is back, whichever way it is reached then."""
    for turn, way in enumerate((POLLING, WEBHOOK, WEBHOOK, POLLING)):
        await new_telegram.say(f"/digit {turn}")
        async with on_telegram(new_telegram, **way) as bot:
            await new_telegram.next("sendPhoto", after=2 * turn)
            await new_telegram.say(f"/digit {turn}")
            await new_telegram.next("sendPhoto", after=2 * turn + 1)
            await bot.stop()
        assert not new_telegram.pending
    assert len(new_telegram.done("sendPhoto")) == 8
    menus = [call for call in new_telegram.calls if call.method.startswith("setMy")]
    written = {(call.method, str(call.values.get("scope")), call.values.get("language_code")) for call in menus}
    assert len(menus) == len(written), "written once, then left alone"


@pytest.mark.parametrize("way", [POLLING, WEBHOOK], ids=["polling", "webhook"])
async def test_a_killed_bot_loses_no_update(new_telegram: Telegram, way: dict[str, str]) -> None:
    """Killed while its answers are under way and then lost, the bot gives each of them after its restart."""
    people = range(1, 6)
    release = new_telegram.hold("sendPhoto")
    async with on_telegram(new_telegram, code=-signal.SIGKILL, **way) as bot:
        await new_telegram.next("setWebhook" if way else "getUpdates")
        for person in people:
            await new_telegram.say("/digit 4", user=person)
        await new_telegram.until(lambda: len(new_telegram.called("sendPhoto")) == len(people))
        polls = len(new_telegram.called("getUpdates"))
        await new_telegram.until(lambda: way or len(new_telegram.called("getUpdates")) > polls)
        await bot.stop(signal.SIGKILL)
    for _ in people:
        new_telegram.refuse("sendPhoto", 502, "Bad Gateway")
    release.set()
    async with on_telegram(new_telegram, **way):
        await new_telegram.until(lambda: not new_telegram.pending)
    assert sorted(call["chat_id"] for call in new_telegram.done("sendPhoto")) == list(people)


async def test_a_killed_bot_answers_twice_at_worst(new_telegram: Telegram) -> None:
    """Killed between an answer and its confirmation, the bot gives that answer once more, and no third time."""
    release = new_telegram.hold("sendPhoto")
    async with on_telegram(new_telegram, code=-signal.SIGKILL) as bot:
        await new_telegram.say("/digit 4")
        await new_telegram.until(lambda: new_telegram.called("sendPhoto"))
        await bot.stop(signal.SIGKILL)
    release.set()
    async with on_telegram(new_telegram):
        await new_telegram.until(lambda: not new_telegram.pending)
    assert len(new_telegram.done("sendPhoto")) == 2


@pytest.mark.parametrize("way", [POLLING, WEBHOOK], ids=["polling", "webhook"])
async def test_a_stop_under_load_answers_each_update_once(new_telegram: Telegram, way: dict[str, str]) -> None:
    """Of forty people some are answered before the stop and the others after the restart, and nobody twice."""
    async with on_telegram(new_telegram, **way) as bot:
        await new_telegram.next("setWebhook" if way else "getUpdates")
        for person in range(1, 41):
            await new_telegram.say("/digit 4", user=person)
        await new_telegram.next("sendPhoto", after=4)
        assert await bot.stop() == 0
    assert not bot.events("error", "warning")
    async with on_telegram(new_telegram, **way):
        await new_telegram.until(lambda: not new_telegram.pending)
    assert sorted(call["chat_id"] for call in new_telegram.done("sendPhoto")) == list(range(1, 41))


async def test_faults_of_telegram_are_waited_out(new_telegram: Telegram) -> None:
    """Told to slow down, or met by a server error, the bot sends the answer again, and goes on fetching updates."""
    async with on_telegram(new_telegram) as bot:
        new_telegram.refuse("sendPhoto", 429, "Too Many Requests: retry after 1", retry_after=1)
        await new_telegram.say("/digit 4")
        await new_telegram.next("sendPhoto")
        new_telegram.refuse("sendPhoto", 502, "Bad Gateway")
        new_telegram.refuse("getUpdates", 502, "Bad Gateway")
        await new_telegram.say("/digit 5")
        await new_telegram.next("sendPhoto", after=1)
        await new_telegram.until(lambda: not new_telegram.pending)
        assert [call["caption"].split()[2] for call in new_telegram.done("sendPhoto")] == ["4", "5"]
    assert not [line for line in bot.lines if "Traceback" in line]


async def test_a_telegram_that_is_down_at_the_start_is_tried_again() -> None:
    """Started before its network, the bot says so at each try, and answers as soon as Telegram is there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    nobody = Telegram(url=f"http://127.0.0.1:{port}")
    async with on_telegram(nobody) as bot:
        assert await readiness(bot.address) == (503, {"telegram": False})
        await until(lambda: bot.events("warning"))
        async with telegram_server(port) as telegram:
            await telegram.say("/digit 4")
            await telegram.next("sendPhoto")
            assert await readiness(bot.address) == (200, {"telegram": True})
            await bot.stop()
    assert set(bot.events("warning")) == {"not connected to Telegram, and keep trying"}
    assert not [line for line in bot.lines if "Traceback" in line]


async def test_a_second_poller_is_one_clear_line(new_telegram: Telegram) -> None:
    """Another program with the same token is told to the operator; once it is gone the bot answers again."""
    async with on_telegram(new_telegram) as bot, aiohttp.ClientSession() as client:
        await new_telegram.say("/digit 4")
        await new_telegram.next("sendPhoto")
        await new_telegram.until(lambda: not new_telegram.pending)
        await client.post(f"{new_telegram.url}/bot{TOKEN}/getUpdates", data={"timeout": "0"})
        await until(lambda: bot.events("warning"))
        await new_telegram.say("/digit 5")
        await new_telegram.next("sendPhoto", after=1)
        await bot.stop()
    (line,) = [line for line in bot.lines if '"warning"' in line]
    assert "only one bot instance" in line


async def test_a_wrong_token_is_one_line_and_exit_69(new_telegram: Telegram) -> None:
    """A token that Telegram does not know is named by its setting, and shown nowhere."""
    wrong = "1:" + "x" * 32
    settings = {"TELEGRAM_TOKEN": wrong, "TELEGRAM_API_URL": new_telegram.url, "DIGIT_LOG_LEVEL": "DEBUG"}
    code, written = await finished(**settings, **NO_PAUSE, DIGIT_PORT="0")
    assert code == 69
    assert "TELEGRAM_TOKEN" in written
    assert "x" * 32 not in written


@pytest.mark.parametrize("way", [POLLING, WEBHOOK], ids=["polling", "webhook"])
async def test_a_revoked_token_leaves_no_zombie(new_telegram: Telegram, way: dict[str, str]) -> None:
    """A token that stops being good while the bot runs ends it, with a line that names the setting."""
    async with on_telegram(new_telegram, code=69, **way, **NO_PAUSE) as bot:
        await new_telegram.next("setWebhook" if way else "getUpdates")
        await new_telegram.say("/digit 4")
        await new_telegram.next("sendPhoto")
        await new_telegram.revoke()
        if way:
            await new_telegram.say("/digit 5")
        await asyncio.wait_for(bot.process.wait(), timeout=30)
    (line,) = bot.events("error")
    assert line.startswith("TELEGRAM_TOKEN")
    assert not [line for line in bot.lines if "Traceback" in line]


async def test_the_token_is_in_no_line(new_telegram: Telegram) -> None:
    """At the most talkative level, through a fault and a revocation, not even the token's secret half is written."""
    async with on_telegram(new_telegram, code=69, DIGIT_LOG_LEVEL="DEBUG", **NO_PAUSE) as bot:
        new_telegram.refuse("sendPhoto", 502, "Bad Gateway")
        await new_telegram.say("/digit 4")
        await new_telegram.next("sendPhoto")
        await new_telegram.revoke()
        await asyncio.wait_for(bot.process.wait(), timeout=30)
    assert bot.requests()
    assert bot.events("error")
    assert not [line for line in bot.lines if SECRET_HALF in line]


async def test_a_cooldown_is_told_where_it_is_least_in_the_way(new_telegram: Telegram) -> None:
    """Who asks again at once reads in how many seconds: a press above the chat, a command in it."""
    async with on_telegram(new_telegram, DIGIT_COOLDOWN="60"):
        await new_telegram.say("/digit 4")
        strip = (await new_telegram.next("sendPhoto")).result
        await new_telegram.press(strip, "Again")
        assert " seconds." in (await new_telegram.next("answerCallbackQuery"))["text"]
        await new_telegram.say("/digit 4")
        assert " seconds." in (await new_telegram.next("sendMessage"))["text"]
        await new_telegram.say("/digit 4", user=2)
        assert (await new_telegram.next("sendPhoto", after=1))["chat_id"] == 2
        await new_telegram.say("/help")
        assert (await new_telegram.next("sendMessage", after=1))["text"].startswith("/digit 4"), "words cost nothing"


async def test_a_chat_that_has_had_its_pictures_is_told_when_it_goes_on(new_telegram: Telegram) -> None:
    """Past its limit a chat reads so once a minute, a private one like a group; a press is told; other chats go on."""
    async with on_telegram(new_telegram, DIGIT_CHAT_LIMIT="1"):
        await new_telegram.say("/digit 4")
        strip = (await new_telegram.next("sendPhoto")).result
        for _ in range(3):
            await new_telegram.say("/digit 4")
        assert "This chat" in (await new_telegram.next("sendMessage"))["text"]
        await new_telegram.press(strip, "Again")
        assert "This chat" in (await new_telegram.next("answerCallbackQuery"))["text"]
        await new_telegram.say("/digit 4", user=2)
        assert (await new_telegram.next("sendPhoto", after=1))["chat_id"] == 2
        for _ in range(3):
            await new_telegram.say("/digit 4", chat=-1)
        assert (await new_telegram.next("sendMessage", after=1))["chat_id"] == -1
        await new_telegram.say("/help", chat=-1)
        assert (await new_telegram.next("sendMessage", after=2))["text"].startswith("/digit 4")


async def test_who_is_in_a_hurry_is_told_once_to_wait(new_telegram: Telegram) -> None:
    """Sixty commands in a private chat within the cooldown are one picture and one sentence."""
    async with on_telegram(new_telegram, DIGIT_COOLDOWN="60"):
        for _ in range(60):
            await new_telegram.say("/digit 4")
        await new_telegram.until(lambda: not new_telegram.pending)
    assert len(new_telegram.done("sendPhoto")) == 1
    assert len(new_telegram.called("sendMessage")) == 1


async def test_those_who_write_in_the_name_of_a_chat_share_no_cooldown(new_telegram: Telegram) -> None:
    """Anonymous admins of two groups, and two channels in a group, do not wait for one another; each has a cooldown."""
    admin, channel = ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL
    written = [(admin, -1001, -1001), (admin, -1002, -1002), (channel, -2001, -1003), (channel, -2002, -1003)]
    async with on_telegram(new_telegram, DIGIT_COOLDOWN="60"):
        for user, name, chat in [*written, written[-1]]:
            sender_chat = {"id": name, "type": "supergroup", "title": "G"}
            await new_telegram.say("/digit 4", user=user, chat=chat, sender_chat=sender_chat)
            await new_telegram.until(lambda: not new_telegram.pending)
    assert [call["chat_id"] for call in new_telegram.done("sendPhoto")] == [-1001, -1002, -1003, -1003]
    assert [call["chat_id"] for call in new_telegram.done("sendMessage")] == [-1003]


async def test_inline_without_a_public_address_leads_to_the_private_chat(new_telegram: Telegram) -> None:
    """Where Telegram cannot fetch pictures from the bot, a button opens the chat that draws what was typed."""
    async with on_telegram(new_telegram):
        await new_telegram.type_inline("4")
        call = await new_telegram.next("answerInlineQuery")
        assert call["results"] == []
        await new_telegram.say(f"/start {call['button']['start_parameter']}")
        assert (await new_telegram.next("sendPhoto"))["caption"].startswith("5 × 4")


async def test_about_is_words_alone_where_there_is_no_curve(new_telegram: Telegram, tmp_path: Path) -> None:
    """An operator's own models, which come without the picture of their training, are told of all the same."""
    for file in WEIGHTS.iterdir():
        if file.name != CURVE:
            (tmp_path / file.name).symlink_to(file)
    async with on_telegram(new_telegram, DIGIT_WEIGHTS=str(tmp_path)):
        await new_telegram.say("/about")
        assert "MNIST" in (await new_telegram.next("sendMessage"))["text"]
    assert not new_telegram.called("sendPhoto")
