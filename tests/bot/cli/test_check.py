"""`check`: everything that can be wrong with an installation is told in a line each, and the exit code sums it up."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from bot.adapters.registry import settings_by_name
from bot.adapters.telegram.checks import webhook_findings
from bot.adapters.telegram.settings import TelegramSettings
from bot.cli import local_checks
from bot.cli.check import _check
from bot.config.findings import Finding
from bot.config.loading import Configuration, examine
from bot.config.settings import Settings
from core.catalog import Catalog
from tests.bot.conftest import running, started
from tests.conftest import ROOT, WEIGHTS
from tests.fakes.discord_payloads import APPLICATION
from tests.fakes.discord_server import TOKEN as DISCORD_TOKEN
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import TOKEN, Telegram

Lines = list[tuple[str, str, str]]


async def check(**settings: str) -> tuple[int, Lines]:
    """Run `check`; returns the exit code, and verdict, subject and text of each line."""
    async with started(ROOT, "check", **({"DIGIT_PORT": "0"} | settings)) as process:
        told, complaints = await asyncio.wait_for(process.communicate(), timeout=60)
    assert not complaints
    assert process.returncode is not None
    lines = [line.split(maxsplit=2) for line in told.decode().splitlines()]
    assert DISCORD_TOKEN not in told.decode()
    assert TOKEN.partition(":")[2] not in told.decode()
    return process.returncode, [(verdict, subject, text) for verdict, subject, text in lines]


def about(lines: Lines, subject: str) -> list[tuple[str, str]]:
    """Verdict and text of the lines about something."""
    return [(verdict, text) for verdict, what, text in lines if what == subject]


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord."""
    async with DiscordServer() as server:
        yield server


async def test_without_settings_all_is_well() -> None:
    """Out of the box everything is ok, and what is off says how it is switched on."""
    code, lines = await check(DIGIT_PORT="")
    assert code == 0
    assert {verdict for verdict, *_ in lines} == {"ok", "off"}
    assert "DISCORD_TOKEN" in about(lines, "discord")[0][1]
    assert "TELEGRAM_TOKEN" in about(lines, "telegram")[0][1]


async def test_good_tokens_come_with_links(discord: DiscordServer, new_telegram: Telegram) -> None:
    """Each platform tells what the bot is called; the links lead to adding it; nobody is connected for that."""
    code, lines = await check(**discord.settings, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=new_telegram.url)
    assert code == 0
    assert {verdict for verdict, *_ in lines} == {"ok"}
    told = " ".join(text for _, text in about(lines, "discord"))
    assert "Digit Bot" in told
    for part in (f"client_id={APPLICATION}&scope=bot+applications.commands&permissions=0", "1000 of 1000"):
        assert part in told
    assert "https://t.me/DigitBot" in about(lines, "telegram")[1][1]
    assert (discord.gateway.tries, discord.gateway.identifies, discord.rest.commands) == (0, 0, {})
    assert [call.method for call in new_telegram.calls] == ["getMe"]


async def test_all_tokens_refused_is_69(discord: DiscordServer, new_telegram: Telegram) -> None:
    """Where the bot would end with 69, so does the check, with a line for each token."""
    wrong = {"DISCORD_TOKEN": "no.such.token", "TELEGRAM_TOKEN": "1:wrong", "TELEGRAM_API_URL": new_telegram.url}
    code, lines = await check(**(discord.settings | wrong))
    assert code == 69
    for subject, setting in (("discord", "DISCORD_TOKEN"), ("telegram", "TELEGRAM_TOKEN")):
        ((verdict, text),) = about(lines, subject)
        assert (verdict, setting in text) == ("wrong", True)


async def test_one_token_refused_is_told(discord: DiscordServer, new_telegram: Telegram) -> None:
    """Where the bot would run with the other one, the exit code is 0 and the line says what is wrong."""
    wrong = {"TELEGRAM_TOKEN": "1:wrong", "TELEGRAM_API_URL": new_telegram.url}
    code, lines = await check(**(discord.settings | wrong))
    assert code == 0
    assert [verdict for verdict, _ in about(lines, "telegram")] == ["wrong"]
    assert "ok" in [verdict for verdict, _ in about(lines, "discord")]


@pytest.mark.parametrize("trouble", ["down", "nowhere", "someone else"])
async def test_a_platform_out_of_reach_is_no_bad_token(discord: DiscordServer, trouble: str) -> None:
    """An outage is a warning: the token may be good."""
    discord.rest.up = False
    url = {"down": discord.url, "nowhere": "http://nowhere.invalid/api/v10"}.get(trouble, discord.gateway.url)
    url = url.replace("ws:", "http:")
    code, lines = await check(DISCORD_TOKEN=DISCORD_TOKEN, DISCORD_API_URL=url)
    assert code == 0
    ((verdict, text),) = about(lines, "discord")
    assert (verdict, "DISCORD_TOKEN" in text, url in text) == ("warning", True, True)


@pytest.mark.parametrize("seconds", [-3600, -40, 40, 3600])
async def test_a_clock_that_is_off_is_told(discord: DiscordServer, seconds: float) -> None:
    """More than half a minute between the platform's clock and ours is a warning that says in which direction."""
    discord.rest.ahead = seconds
    _, lines = await check(**discord.settings)
    ((verdict, text),) = about(lines, "clock")
    assert verdict == "warning"
    assert text.startswith("+" if seconds < 0 else "-")


async def test_few_connections_left_are_told(discord: DiscordServer) -> None:
    """After a night of crashes the operator reads how many connections are left."""
    discord.rest.starts["remaining"] = 3
    _, lines = await check(**discord.settings)
    assert [text for verdict, text in about(lines, "discord") if verdict == "warning"] == [
        "3 of 1000 connections are left for today"
    ]


async def test_an_interactions_endpoint_is_told(discord: DiscordServer) -> None:
    """With an endpoint URL set in the portal no command would reach the bot."""
    discord.rest.application["interactions_endpoint_url"] = "https://example.org"
    _, lines = await check(**discord.settings)
    assert [verdict for verdict, text in about(lines, "discord") if "Interactions Endpoint URL" in text] == ["warning"]


async def test_every_bad_setting_is_a_line_and_78() -> None:
    """All of them at once, each with its name."""
    code, lines = await check(DIGIT_PORT="http", DIGIT_QUEUE="0", DISCORD_TOKEN_FILE="/no/such/file")  # noqa: S106
    assert code == 78
    assert {verdict for verdict, *_ in lines} == {"wrong"}
    assert [text.partition(":")[0] for *_, text in lines] == ["DISCORD_TOKEN_FILE", "DIGIT_PORT", "DIGIT_QUEUE"]


async def test_a_misspelt_setting_and_a_broken_line_are_warnings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They keep nothing from running, and an operator who checks reads of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGIT_POTR", "1")
    (tmp_path / ".env").write_text("DIGIT_PORT=0\nDIGIT_QUEUE 7\n")
    configuration = examine(settings_by_name())
    assert isinstance(configuration, Configuration)
    lines: list[str] = []
    assert await _check(configuration, lines.append) == 0
    warnings = [line for line in lines if line.startswith("warning")]
    assert len(warnings) == 2
    assert "did you mean DIGIT_PORT?" in warnings[0]
    assert "line 2 is left out" in warnings[1]


@pytest.mark.parametrize(("count", "words"), [(1, "1 model in"), (2, "2 models in")])
def test_models_are_counted_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, catalog: Catalog, count: int, words: str
) -> None:
    """One model is no `1 models`; the default is the one of the folder."""
    model = catalog.find(None)
    few = Catalog({f"m{number}": model for number in range(count)}, "m0")
    monkeypatch.setattr(local_checks, "open_catalog", lambda _: few)
    finding = local_checks.weights(Settings())
    assert finding.text.startswith(words)
    assert finding.text.endswith("m0 draws where none is named")


async def test_a_path_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A folder with a byte that is no UTF-8 in its name is a line, though the terminal takes nothing but UTF-8."""
    code, lines = await check(DIGIT_WEIGHTS=f"{tmp_path}/\udcff", PYTHONIOENCODING="utf-8:strict")
    assert code == 78
    assert about(lines, "weights")[0][1].startswith(rf"{tmp_path}/\udcff/manifest.json is missing")


@pytest.mark.parametrize("damage", ["altered", "unknown default"])
async def test_bad_models_are_78(tmp_path: Path, damage: str) -> None:
    """A model that was altered is named by its path, a default that is not there by its setting."""
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    if damage == "altered":
        (folder / "cgan.onnx").write_bytes(b"hello")
        code, lines = await check(DIGIT_WEIGHTS=str(folder))
    else:
        code, lines = await check(DIGIT_MODEL="gpt")
    assert code == 78
    ((verdict, text),) = about(lines, "weights")
    assert (verdict, ("DIGIT_MODEL" if damage != "altered" else str(folder / "cgan.onnx")) in text) == ("wrong", True)


async def test_beside_a_running_bot_all_is_well() -> None:
    """The port that this very bot serves is no conflict."""
    async with running() as bot:
        port = str(urlsplit(bot.address).port)
        code, lines = await check(DIGIT_PORT=port)
    assert code == 0
    assert "running" in about(lines, "port")[0][1]


@pytest.mark.parametrize("manners", ["silent", "http"])
async def test_a_port_of_another_program_is_78(manners: str) -> None:
    """Where something else listens, the bot could not start."""
    site = web.AppRunner(web.Application())
    await site.setup()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        if manners == "http":
            await web.SockSite(site, taken).start()
        port = str(taken.getsockname()[1])
        code, lines = await check(DIGIT_PORT=port)
        await site.cleanup()
    assert code == 78
    ((verdict, text),) = about(lines, "port")
    assert (verdict, port in text, "DIGIT_PORT" in text) == ("wrong", True, True)


@pytest.mark.parametrize(
    ("name", "url", "part"),
    [
        ("DIGIT_PUBLIC_URL", "http://example.org/", "https"),
        ("DIGIT_PUBLIC_URL", "https://example.org/?a=1", "?"),
        ("TELEGRAM_WEBHOOK_URL", "http://example.org/telegram", "https"),
        ("TELEGRAM_WEBHOOK_URL", "https://example.org:8080/telegram", "8443"),
        ("TELEGRAM_WEBHOOK_URL", "https://example.org/", "/telegram"),
    ],
)
async def test_an_address_that_telegram_would_not_take_is_told(name: str, url: str, part: str) -> None:
    """What Telegram or a browser makes nothing of is a warning with the setting's name; a good address is ok."""
    warnings = [finding.text for finding in findings(name, url) if finding.verdict == "warning"]
    assert [text for text in warnings if name in text and part in text]
    good = {
        "TELEGRAM_WEBHOOK_URL": "https://example.org/telegram",
        "DIGIT_PUBLIC_URL": "https://example.org/digits",
    }
    assert [finding.verdict for finding in findings(name, good[name])] == ["ok"]


def findings(name: str, url: str) -> list[Finding]:
    """The findings about a URL."""
    if name == "DIGIT_PUBLIC_URL":
        return list(local_checks.public_url(Settings.model_validate({"public_url": url})))
    return list(webhook_findings(TelegramSettings.model_validate({name: url})))


async def test_a_redis_that_does_not_answer_is_a_warning() -> None:
    """The bot would count in memory; an address with a password is not told."""
    finding = await local_checks.redis("redis://:s3cret@127.0.0.1:1/0")
    assert finding.verdict == "warning"
    assert "s3cret" not in finding.text
