"""The webhook, set by the bot itself, and put back."""

import pytest
import structlog

from bot.adapters.telegram import adapter
from tests.bot.adapters.telegram.conftest import in_process
from tests.bot.conftest import WEBHOOK, on_telegram
from tests.fakes.telegram_server import HOST, Telegram


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
