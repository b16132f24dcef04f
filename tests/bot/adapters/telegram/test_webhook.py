"""Telegram by webhook, and beside another platform: what is posted, by whom, and what the operator reads."""

import asyncio

import aiohttp
import pytest
import structlog
from aiohttp.web import RouteDef

from bot.adapters.telegram import adapter, webhook
from bot.adapters.telegram.webhook import MAX_UPDATE_BYTES, PATH, SECRET_HEADER
from tests.bot.adapters.telegram.conftest import in_process
from tests.bot.conftest import WEBHOOK, on_telegram
from tests.bot.test_app import readiness, until_readiness
from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_server import HOST, TOKEN, Telegram

NOT_JSON = [b"", b"\xff", b"[" * 5000]
NO_UPDATE = [b"[]", b"4", b"{}", b'{"update_id": "x"}', b'{"update_id": 1, "message": 4}']


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
        await new_telegram.say("/digit 4 " + "x" * 4000)
        await new_telegram.next("sendMessage")
        assert not new_telegram.done("sendPhoto")
        await new_telegram.until(lambda: not new_telegram.pending)
    assert not bot.events("error", "warning")


async def test_a_webhook_that_another_program_takes_is_put_back(new_telegram: Telegram) -> None:
    """When an answer is refused the bot looks whether the webhook is still its own, and says so if it is not."""
    async with on_telegram(new_telegram, **WEBHOOK) as bot:
        await new_telegram.next("setWebhook")
        release = new_telegram.hold("sendPhoto")
        new_telegram.refuse("sendPhoto", 401, "Unauthorized")
        await new_telegram.say("/digit 4")
        await new_telegram.until(lambda: new_telegram.called("sendPhoto"))
        new_telegram.webhook["url"] = "https://other.example/telegram"
        release.set()
        await new_telegram.next("setWebhook", after=1)
        await new_telegram.say("/digit 5")
        await new_telegram.next("sendPhoto")
    assert bot.events("warning") == ["another program has changed the webhook"]


async def test_a_webhook_that_leads_nowhere_is_told(new_telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator whose proxy does not lead to the bot reads what Telegram has met there, once for each failure."""
    monkeypatch.setattr(adapter, "WEBHOOK_CHECK_SECONDS", 0)
    with structlog.testing.capture_logs() as lines:
        async with in_process(new_telegram, webhook_url=HOST + "/elsewhere"):
            await new_telegram.next("setWebhook")
            await new_telegram.say("/digit 4")
            await new_telegram.until(lambda: new_telegram.trouble)
            await new_telegram.next("getWebhookInfo", after=len(new_telegram.called("getWebhookInfo")) + 1)
    warnings = [line for line in lines if line["log_level"] == "warning"]
    assert warnings[0]["reason"] == "Wrong response: 404"
    assert len({line["last"] for line in warnings}) == len(warnings)


async def test_one_revoked_platform_leaves_the_other(new_telegram: Telegram) -> None:
    """Beside another platform a revoked token takes Telegram alone down, and /readyz tells."""
    async with in_process(new_telegram, OtherAdapter()) as address:
        await new_telegram.say("/digit 4")
        await new_telegram.next("sendPhoto")
        assert await readiness(address) == (200, {"telegram": True, "other": True})
        await new_telegram.revoke()
        await until_readiness(address, 503, telegram=False, other=True)
