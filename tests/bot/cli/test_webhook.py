"""`webhook`: set, shown and deleted by hand, and what is missing is named."""

import asyncio

import pytest

from bot.adapters.telegram import webhook
from tests.bot.conftest import WEBHOOK, started
from tests.conftest import ROOT
from tests.fakes.telegram_server import HOST, TOKEN, Telegram


async def webhook_command(action: str, telegram: Telegram, **settings: str) -> tuple[int | None, str, str]:
    """Run it; returns the exit code and what it wrote to standard output and to standard error."""
    given = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
    async with started(ROOT, "webhook", action, **(given | settings)) as process:
        told, complaint = await asyncio.wait_for(process.communicate(), timeout=60)
    assert TOKEN.partition(":")[2] not in (told + complaint).decode()
    return process.returncode, told.decode().strip(), complaint.decode().strip()


async def test_the_webhook_is_set_shown_and_deleted(new_telegram: Telegram) -> None:
    """It is set as a replica sets it, with the secret by which the bot knows Telegram."""
    url = HOST + webhook.PATH
    assert await webhook_command("set", new_telegram, **WEBHOOK) == (0, f"Telegram posts updates to {url}", "")
    assert new_telegram.webhook["secret_token"] == webhook.secret_token(TOKEN)
    assert set(new_telegram.webhook["allowed_updates"]) == {"message", "callback_query", "inline_query"}
    new_telegram.trouble = {"last_error_date": 1_800_000_000, "last_error_message": "Wrong response: 502"}
    code, told, _ = await webhook_command("info", new_telegram)
    assert (code, told) == (
        0,
        f"Telegram posts updates to {url}, and 0 wait; "
        "the last failure was at 2027-01-15T08:00:00+00:00: Wrong response: 502",
    )
    assert (await webhook_command("delete", new_telegram))[0] == 0
    assert new_telegram.webhook == {}


@pytest.mark.parametrize(
    ("action", "settings", "code", "named"),
    [
        ("set", {}, 78, "TELEGRAM_WEBHOOK_URL"),
        ("info", {"TELEGRAM_TOKEN": ""}, 78, "TELEGRAM_TOKEN"),
        ("info", {"TELEGRAM_TOKEN": "1:wrong"}, 69, "TELEGRAM_TOKEN"),
        ("delete", {"TELEGRAM_API_URL": "http://127.0.0.1:9"}, 69, "ConnectError"),
        ("show", {}, 64, "invalid choice"),
    ],
)
async def test_what_is_wrong_is_one_line(
    new_telegram: Telegram, action: str, settings: dict[str, str], code: int, named: str
) -> None:
    """A missing setting, a refused token and a Telegram out of reach are told, each with its exit code."""
    found, told, complaint = await webhook_command(action, new_telegram, **settings)
    assert (found, told) == (code, "")
    assert named in complaint
    assert "\n" not in complaint
