"""Telegram by webhook, and beside another platform: what is posted, by whom, and what the operator reads."""

import asyncio

import aiohttp
from aiohttp.web import RouteDef
from yarl import URL

from bot.adapters.telegram import webhook
from bot.adapters.telegram.webhook import MAX_UPDATE_BYTES, PATH, SECRET_HEADER
from tests import constants
from tests.bot.adapters.telegram.conftest import in_process
from tests.bot.conftest import WEBHOOK, on_telegram
from tests.bot.test_app import readiness, until_readiness
from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_server import HOST, TOKEN, Telegram

NOT_JSON = [b"", b"\xff", b"[" * 5000]
NO_UPDATE = [b"[]", b"4", b"{}", b'{"update_id": "x"}']
UNREADABLE = b'{"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": 4, "text": "my own words"}}'


class OtherAdapter:
    """Another platform, which is always ready."""

    name = "other"
    ready = True
    routes: tuple[RouteDef, ...] = ()

    def __init__(self) -> None:
        self._closed = asyncio.Event()

    async def run(self) -> None:
        """Serve until closed."""
        await self._closed.wait()

    async def close(self) -> None:
        """Let `run` return."""
        self._closed.set()


def test_the_webhooks_secret_is_telegrams_alone() -> None:
    """It is one that Telegram takes, the same after a restart, another for another bot, and holds no token."""
    secret = webhook.secret_token(TOKEN)
    rules.check_webhook("https://bot.example/telegram", secret)
    assert secret == webhook.secret_token(TOKEN) != webhook.secret_token(TOKEN + "x")
    assert TOKEN.partition(":")[2] not in secret


async def test_a_post_that_is_not_telegrams_changes_nothing(new_telegram: Telegram) -> None:
    """Without the secret nothing is read, with it nothing that is too long or no update; Telegram's own is answered."""
    async with on_telegram(new_telegram, **WEBHOOK) as bot, aiohttp.ClientSession() as client:
        await new_telegram.next("setWebhook")
        secret = new_telegram.webhook["secret_token"]
        body = {"update_id": 1, "message": new_telegram.message(1, None) | {"text": "/digit 4"}}

        async def post(secret: str | None, **content: object) -> int:
            headers = {} if secret is None else {SECRET_HEADER: secret}
            async with client.post(bot.address + PATH, headers=headers, **content) as response:
                assert "Traceback" not in await response.text()
                return response.status

        assert await post(None, json=body) == 401
        assert await post("", json=body) == 401
        assert await post(secret[:-1] + "x", json=body) == 401
        assert await post("ü", json=body) == 401
        assert await post("wrong", data=b"x" * (MAX_UPDATE_BYTES + 1)) == 401
        assert await post(secret, data=b"x" * (MAX_UPDATE_BYTES + 1)) == 413
        for nonsense in NOT_JSON + NO_UPDATE:
            assert await post(secret, data=nonsense) == 400, nonsense
        assert not bot.events("error", "warning")
        assert await post(secret, data=UNREADABLE) == 200, "posted again it would be no more readable"
        await new_telegram.say("/digit 4 " + "x" * 4000)
        await new_telegram.next("sendMessage")
        assert not new_telegram.done("sendPhoto")
        await new_telegram.until(lambda: not new_telegram.pending)
    assert bot.events("error", "warning") == ["an update cannot be read, and is skipped"]
    assert not [line for line in bot.lines if "my own words" in line]


async def test_a_secret_that_is_no_text_is_refused(new_telegram: Telegram) -> None:
    """A header of any bytes is compared, and its sender is told that only Telegram may post here."""
    async with in_process(new_telegram, webhook_url=HOST + PATH) as address:
        await new_telegram.next("setWebhook")
        reader, writer = await asyncio.open_connection("127.0.0.1", URL(address).port)
        head = b"POST %s HTTP/1.1\r\nHost: bot\r\n%s: \xff\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        writer.write(head % (PATH.encode(), SECRET_HEADER.encode()))
        assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
        writer.close()


async def test_a_stop_gives_posted_updates_back(new_telegram: Telegram) -> None:
    """What cannot be answered before the stop is refused, posted again after the restart, and answered then."""
    release = new_telegram.hold("sendPhoto")
    stop_early = constants.replacing(adapters__telegram__adapter__STOP_TIMEOUT_SECONDS=0.01)
    async with on_telegram(new_telegram, **WEBHOOK, **stop_early) as bot:
        await new_telegram.next("setWebhook")
        for person in range(1, 4):
            await new_telegram.say("/digit 4", user=person)
        await new_telegram.until(lambda: len(new_telegram.called("sendPhoto")) == 3)
        assert await bot.stop() == 0
    await new_telegram.until(lambda: len(new_telegram.posts) >= 3)
    assert {status for _, status in new_telegram.posts[:3]} == {503}
    release.set()
    async with on_telegram(new_telegram, **WEBHOOK):
        await new_telegram.until(lambda: not new_telegram.pending)


async def test_one_revoked_platform_leaves_the_other(new_telegram: Telegram) -> None:
    """Beside another platform a revoked token takes Telegram alone down, and /readyz tells."""
    async with in_process(new_telegram, OtherAdapter()) as address:
        await new_telegram.say("/digit 4")
        await new_telegram.next("sendPhoto")
        assert await readiness(address) == (200, {"telegram": True, "other": True})
        await new_telegram.revoke()
        await until_readiness(address, 503, telegram=False, other=True)
