"""Telegram over time: the bot connects, is cut off, killed, refused and stopped, and nobody loses an answer."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from bot import app
from bot.adapters import ChatAdapter, telegram_app
from bot.adapters.telegram_app import TelegramApp
from bot.adapters.telegram_webhook import HEADER, LARGEST_UPDATE, PATH
from bot.cooldown import Cooldown
from bot.settings import Settings
from core.service import DigitService
from tests.bot.conftest import BotProcess, finished, on_telegram
from tests.bot.test_app import Platform, readiness
from tests.fakes.telegram_server import HOST, TOKEN, Telegram, telegram_server

WEBHOOK = {"TELEGRAM_WEBHOOK_URL": HOST + PATH}
POLLING: dict[str, str] = {}
NONSENSE = [
    *(b"", b"[]", b"4", b"{}", b"\xff", b"[" * 5000),
    *(b'{"update_id": "x"}', b'{"update_id": 1, "message": 4}'),
]
SECRET_HALF = TOKEN.partition(":")[2]


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """A Telegram that no bot has spoken to."""
    async with telegram_server() as telegram:
        yield telegram


def events(bot: BotProcess, *levels: str) -> list[str]:
    """What the bot has logged at these levels."""
    lines = [json.loads(line) for line in bot.lines if line.startswith("{")]
    return [line["event"] for line in lines if line["level"] in levels]


async def test_switching_between_polling_and_webhook_loses_nothing(telegram: Telegram) -> None:
    """What is said while the bot is away is answered once it is back, whichever way it is reached then."""
    for turn, way in enumerate((POLLING, WEBHOOK, WEBHOOK, POLLING)):
        await telegram.say(f"/digit {turn}")
        async with on_telegram(telegram, **way) as bot:
            await telegram.next("sendPhoto", after=2 * turn)
            await telegram.say(f"/digit {turn}")
            await telegram.next("sendPhoto", after=2 * turn + 1)
            await bot.stop()
        assert not telegram.pending
    assert len(telegram.done("sendPhoto")) == 8
    menus = [call for call in telegram.calls if call.method.startswith("setMy")]
    assert len(menus) == len({(call.method, str(call["scope"])) for call in menus}), "written once, then left alone"


async def test_a_post_that_is_not_telegrams_changes_nothing(telegram: Telegram) -> None:
    """Without the secret nothing is read, with it nothing that is too long or no update; Telegram's own is answered."""
    async with on_telegram(telegram, **WEBHOOK) as bot, aiohttp.ClientSession() as client:
        await telegram.next("setWebhook")
        secret = telegram.webhook["secret_token"]
        body = {"update_id": 1, "message": telegram.message(1, None) | {"text": "/digit 4"}}

        async def post(secret: str | None, **content: object) -> int:
            headers = {} if secret is None else {HEADER: secret}
            async with client.post(bot.address + PATH, headers=headers, **content) as response:
                assert "Traceback" not in await response.text()
                return response.status

        assert await post(None, json=body) == 401
        assert await post("", json=body) == 401
        assert await post(secret[:-1] + "x", json=body) == 401
        assert await post("ü", json=body) == 401
        assert await post("wrong", data=b"x" * (LARGEST_UPDATE + 1)) == 401
        assert await post(secret, data=b"x" * (LARGEST_UPDATE + 1)) == 413
        for nonsense in NONSENSE:
            assert await post(secret, data=nonsense) == 400, nonsense
        await telegram.say("/digit 4 " + "x" * 4000)
        await telegram.next("sendMessage")
        assert not telegram.done("sendPhoto")
        await telegram.until(lambda: not telegram.pending)
    assert not events(bot, "error", "warning")


async def test_a_webhook_that_another_program_takes_is_put_back(telegram: Telegram) -> None:
    """When an answer is refused the bot looks whether the webhook is still its own, and says so if it is not."""
    async with on_telegram(telegram, **WEBHOOK) as bot:
        await telegram.next("setWebhook")
        release = telegram.hold("sendPhoto")
        telegram.refuse("sendPhoto", 401, "Unauthorized")
        await telegram.say("/digit 4")
        await telegram.until(lambda: telegram.called("sendPhoto"))
        telegram.webhook["url"] = "https://other.example/telegram"
        release.set()
        await telegram.next("setWebhook", after=1)
        await telegram.say("/digit 5")
        await telegram.next("sendPhoto")
    assert events(bot, "warning") == ["another program has changed the webhook"]


@pytest.mark.parametrize("way", [POLLING, WEBHOOK], ids=["polling", "webhook"])
async def test_a_killed_bot_loses_no_update(telegram: Telegram, way: dict[str, str]) -> None:
    """Killed while its answers are under way and then lost, the bot gives each of them after its restart."""
    people = range(1, 6)
    release = telegram.hold("sendPhoto")
    async with on_telegram(telegram, code=-signal.SIGKILL, **way) as bot:
        await telegram.next("setWebhook" if way else "getUpdates")
        for person in people:
            await telegram.say("/digit 4", user=person)
        await telegram.until(lambda: len(telegram.called("sendPhoto")) == len(people))
        polls = len(telegram.called("getUpdates"))
        await telegram.until(lambda: way or len(telegram.called("getUpdates")) > polls)
        await bot.stop(signal.SIGKILL)
    for _ in people:
        telegram.refuse("sendPhoto", 502, "Bad Gateway")
    release.set()
    async with on_telegram(telegram, **way):
        await telegram.until(lambda: not telegram.pending)
    assert sorted(call["chat_id"] for call in telegram.done("sendPhoto")) == list(people)


async def test_a_killed_bot_answers_twice_at_worst(telegram: Telegram) -> None:
    """Killed between an answer and its confirmation, the bot gives that answer once more, and no third time."""
    release = telegram.hold("sendPhoto")
    async with on_telegram(telegram, code=-signal.SIGKILL) as bot:
        await telegram.say("/digit 4")
        await telegram.until(lambda: telegram.called("sendPhoto"))
        await bot.stop(signal.SIGKILL)
    release.set()
    async with on_telegram(telegram):
        await telegram.until(lambda: not telegram.pending)
    assert len(telegram.done("sendPhoto")) == 2


@pytest.mark.parametrize("way", [POLLING, WEBHOOK], ids=["polling", "webhook"])
async def test_a_stop_under_load_answers_each_update_once(telegram: Telegram, way: dict[str, str]) -> None:
    """Of forty people some are answered before the stop and the others after the restart, and nobody twice."""
    async with on_telegram(telegram, **way) as bot:
        await telegram.next("setWebhook" if way else "getUpdates")
        for person in range(1, 41):
            await telegram.say("/digit 4", user=person)
        await telegram.next("sendPhoto", after=4)
        assert await bot.stop() == 0
    assert not events(bot, "error", "warning")
    async with on_telegram(telegram, **way):
        await telegram.until(lambda: not telegram.pending)
    assert sorted(call["chat_id"] for call in telegram.done("sendPhoto")) == list(range(1, 41))


async def test_faults_of_telegram_are_waited_out(telegram: Telegram) -> None:
    """Told to slow down, or met by a server error, the bot sends the answer again, and goes on fetching updates."""
    async with on_telegram(telegram) as bot:
        telegram.refuse("sendPhoto", 429, "Too Many Requests: retry after 1", retry_after=1)
        await telegram.say("/digit 4")
        await telegram.next("sendPhoto")
        telegram.refuse("sendPhoto", 502, "Bad Gateway")
        telegram.refuse("getUpdates", 502, "Bad Gateway")
        await telegram.say("/digit 5")
        await telegram.next("sendPhoto", after=1)
        await telegram.until(lambda: not telegram.pending)
        assert [call["caption"].split()[1] for call in telegram.done("sendPhoto")] == ["fours", "fives"]
    assert not [line for line in bot.lines if "Traceback" in line]


async def test_a_telegram_that_is_down_at_the_start_is_tried_again() -> None:
    """Started before its network, the bot says so in one line, and answers as soon as Telegram is there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    nobody = Telegram(url=f"http://127.0.0.1:{port}")
    async with on_telegram(nobody) as bot:
        assert await readiness(bot.address) == (503, {"telegram": False})
        while not events(bot, "warning"):
            await asyncio.sleep(0)
        async with telegram_server(port) as telegram:
            await telegram.say("/digit 4")
            await telegram.next("sendPhoto")
            assert await readiness(bot.address) == (200, {"telegram": True})
            await bot.stop()
    assert len(events(bot, "warning")) == 1
    assert not [line for line in bot.lines if "Traceback" in line]


async def test_a_second_poller_is_one_clear_line(telegram: Telegram) -> None:
    """Another program with the same token is told to the operator; once it is gone the bot answers again."""
    async with on_telegram(telegram) as bot, aiohttp.ClientSession() as client:
        await telegram.say("/digit 4")
        await telegram.next("sendPhoto")
        await telegram.until(lambda: not telegram.pending)
        await client.post(f"{telegram.url}/bot{TOKEN}/getUpdates", data={"timeout": "0"})
        while not events(bot, "warning"):
            await asyncio.sleep(0)
        await telegram.say("/digit 5")
        await telegram.next("sendPhoto", after=1)
        await bot.stop()
    (line,) = [line for line in bot.lines if '"warning"' in line]
    assert "only one bot instance" in line


async def test_a_wrong_token_is_one_line_and_exit_69(telegram: Telegram) -> None:
    """A token that Telegram does not know is named by its setting, and shown nowhere."""
    wrong = "1:" + "x" * 32
    code, written = await finished(
        TELEGRAM_TOKEN=wrong, TELEGRAM_API_URL=telegram.url, DIGIT_PORT="0", DIGIT_LOG_LEVEL="DEBUG"
    )
    assert code == 69
    assert "TELEGRAM_TOKEN" in written
    assert "x" * 32 not in written


@pytest.mark.parametrize("way", [POLLING, WEBHOOK], ids=["polling", "webhook"])
async def test_a_revoked_token_leaves_no_zombie(telegram: Telegram, way: dict[str, str]) -> None:
    """A token that stops being good while the bot runs ends it, with a line that names the setting."""
    async with on_telegram(telegram, code=69, **way) as bot:
        await telegram.next("setWebhook" if way else "getUpdates")
        await telegram.say("/digit 4")
        await telegram.next("sendPhoto")
        await telegram.revoke()
        if way:
            await telegram.say("/digit 5")
        await asyncio.wait_for(bot.process.wait(), timeout=30)
    (line,) = events(bot, "error")
    assert line.startswith("TELEGRAM_TOKEN")
    assert not [line for line in bot.lines if "Traceback" in line]


@asynccontextmanager
async def beside(monkeypatch: pytest.MonkeyPatch, telegram: Telegram, **settings: Any) -> AsyncIterator[str]:
    """Serve Telegram and another platform in this process; yields the address of the page."""

    def chats(settings: Settings, service: DigitService) -> list[ChatAdapter]:
        return [TelegramApp(SecretStr(TOKEN), settings, service, Cooldown(0)), Platform("other")]

    monkeypatch.setattr(app, "_chat_adapters", chats)
    told: asyncio.Queue[str] = asyncio.Queue()
    given = Settings(port=0, telegram_api_url=telegram.url, **settings)
    serving = asyncio.create_task(app.serve(given, told.put_nowait))
    telegram.bot = (await told.get()).partition(" at ")[2].partition(" ")[0]
    yield telegram.bot
    signal.raise_signal(signal.SIGTERM)
    await serving


async def test_one_revoked_platform_leaves_the_other(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside another platform a revoked token takes Telegram alone down, and /readyz tells."""
    async with beside(monkeypatch, telegram) as address:
        await telegram.say("/digit 4")
        await telegram.next("sendPhoto")
        assert await readiness(address) == (200, {"telegram": True, "other": True})
        await telegram.revoke()
        while await readiness(address) != (503, {"telegram": False, "other": True}):
            await asyncio.sleep(0)


async def test_a_webhook_that_leads_nowhere_is_told(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator whose proxy does not lead to the bot reads what Telegram has met there, once for each failure."""
    monkeypatch.setattr(telegram_app, "WATCH", 0)
    with structlog.testing.capture_logs() as lines:
        async with beside(monkeypatch, telegram, telegram_webhook_url=HOST + "/elsewhere"):
            await telegram.next("setWebhook")
            await telegram.say("/digit 4")
            await telegram.until(lambda: telegram.trouble)
            await telegram.next("getWebhookInfo", after=len(telegram.called("getWebhookInfo")) + 1)
    warnings = [line for line in lines if line["log_level"] == "warning"]
    assert warnings[0]["reason"] == "Wrong response: 404"
    assert len({line["last"] for line in warnings}) == len(warnings)


async def test_the_token_is_in_no_line(telegram: Telegram) -> None:
    """At the most talkative level, through a fault and a revocation, not even the token's secret half is written."""
    async with on_telegram(telegram, code=69, DIGIT_LOG_LEVEL="DEBUG") as bot:
        telegram.refuse("sendPhoto", 502, "Bad Gateway")
        await telegram.say("/digit 4")
        await telegram.next("sendPhoto")
        await telegram.revoke()
        await asyncio.wait_for(bot.process.wait(), timeout=30)
    assert len(bot.lines) > 10
    assert not [line for line in bot.lines if SECRET_HALF in line]


async def test_a_cooldown_is_told_where_it_is_least_in_the_way(telegram: Telegram) -> None:
    """Who asks again at once reads in how many seconds: a press above the chat, a command in it."""
    async with on_telegram(telegram, DIGIT_COOLDOWN="60"):
        await telegram.say("/digit 4")
        strip = (await telegram.next("sendPhoto")).result
        await telegram.press(strip, "Again")
        assert " s." in (await telegram.next("answerCallbackQuery"))["text"]
        await telegram.say("/digit 4")
        assert " s." in (await telegram.next("sendMessage"))["text"]
        await telegram.say("/digit 4", user=2)
        assert (await telegram.next("sendPhoto", after=1))["chat_id"] == 2


async def test_inline_without_a_public_address_leads_to_the_private_chat(telegram: Telegram) -> None:
    """Where Telegram cannot fetch pictures from the bot, a button opens the chat that draws what was typed."""
    async with on_telegram(telegram):
        await telegram.type_inline("4")
        call = await telegram.next("answerInlineQuery")
        assert call["results"] == []
        await telegram.say(f"/start {call['button']['start_parameter']}")
        assert (await telegram.next("sendPhoto"))["caption"].startswith("Five fours")
