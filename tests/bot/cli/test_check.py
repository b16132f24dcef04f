"""`check`: everything that can be wrong with an installation is told in a line each, and the exit code sums it up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.adapters.registry import settings_by_name
from bot.cli.check import _check
from bot.config.loading import Configuration, examine
from tests.bot.conftest import started
from tests.conftest import ROOT
from tests.fakes.discord_payloads import APPLICATION
from tests.fakes.discord_server import TOKEN as DISCORD_TOKEN
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import TOKEN, Telegram

Lines = list[tuple[str, str, str]]
Check = Callable[..., Awaitable[tuple[int, Lines]]]


@pytest.fixture
def check_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """`check` in this process."""
    monkeypatch.chdir(tmp_path)

    async def check(**settings: str) -> tuple[int, Lines]:
        for name, value in ({"DIGIT_PORT": "0"} | settings).items():
            monkeypatch.setenv(name, value)
        configuration = examine(settings_by_name())
        assert isinstance(configuration, Configuration)
        told: list[str] = []
        code = await _check(configuration, told.append)
        return code, _parsed(told)

    return check


async def check(**settings: str) -> tuple[int, Lines]:
    """Run `check`; returns the exit code, and verdict, subject and text of each line."""
    async with started(ROOT, "check", **({"DIGIT_PORT": "0"} | settings)) as process:
        told, complaints = await asyncio.wait_for(process.communicate(), timeout=60)
    assert not complaints
    assert process.returncode is not None
    return process.returncode, _parsed(told.decode().splitlines())


def _parsed(told: list[str]) -> Lines:
    """Return verdict, subject and text of each line; no token is in them."""
    assert not [line for line in told if DISCORD_TOKEN in line or TOKEN.partition(":")[2] in line]
    lines = [line.split(maxsplit=2) for line in told]
    return [(verdict, subject, text) for verdict, subject, text in lines]


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


async def test_a_misspelled_setting_is_a_warning_about_settings(check_here: Check) -> None:
    """Nothing else is wrong with it, so the exit code is 0."""
    code, lines = await check_here(DIGIT_MODLE="vae")
    assert code == 0
    assert [verdict for verdict, _ in about(lines, "settings")] == ["ok", "warning"]


async def test_good_tokens_come_with_links(check_here: Check, discord: DiscordServer, new_telegram: Telegram) -> None:
    """Each platform tells what the bot is called; the links lead to adding it; nobody is connected for that."""
    code, lines = await check_here(**discord.settings, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=new_telegram.url)
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


async def test_one_token_refused_is_told(check_here: Check, discord: DiscordServer, new_telegram: Telegram) -> None:
    """Where the bot would run with the other one, the exit code is 0 and the line says what is wrong."""
    wrong = {"TELEGRAM_TOKEN": "1:wrong", "TELEGRAM_API_URL": new_telegram.url}
    code, lines = await check_here(**(discord.settings | wrong))
    assert code == 0
    assert [verdict for verdict, _ in about(lines, "telegram")] == ["wrong"]
    assert "ok" in [verdict for verdict, _ in about(lines, "discord")]


@pytest.mark.parametrize("trouble", ["down", "nowhere", "someone else"])
async def test_a_platform_out_of_reach_is_no_bad_token(check_here: Check, discord: DiscordServer, trouble: str) -> None:
    """An outage is a warning: the token may be good."""
    discord.rest.up = False
    url = {"down": discord.url, "nowhere": "http://nowhere.invalid/api/v10"}.get(trouble, discord.gateway.url)
    url = url.replace("ws:", "http:")
    code, lines = await check_here(DISCORD_TOKEN=DISCORD_TOKEN, DISCORD_API_URL=url)
    assert code == 0
    ((verdict, text),) = about(lines, "discord")
    assert (verdict, "DISCORD_TOKEN" in text, url in text) == ("warning", True, True)


@pytest.mark.parametrize("seconds", [-3600, -40, 40, 3600])
async def test_a_clock_that_is_off_is_told(check_here: Check, discord: DiscordServer, seconds: float) -> None:
    """More than half a minute between the platform's clock and ours is a warning that says in which direction."""
    discord.rest.ahead = seconds
    _, lines = await check_here(**discord.settings)
    ((verdict, text),) = about(lines, "clock")
    assert verdict == "warning"
    assert text.startswith("+" if seconds < 0 else "-")


@pytest.mark.parametrize(
    ("ahead", "left", "warned"), [(-27, 100, False), (27, 100, False), (-33, 99, True), (33, 99, True)]
)
async def test_check_warns_from_the_first_second_and_connection_on(
    check_here: Check, discord: DiscordServer, ahead: int, left: int, warned: bool
) -> None:
    """A clock may be off by half a minute and a tenth of the connections be left; beyond both are told."""
    discord.rest.ahead = ahead
    discord.rest.starts["remaining"] = left
    _, lines = await check_here(**discord.settings)
    verdicts = {verdict for verdict, _, text in lines if "seconds" in text or " s " in text or "connections" in text}
    assert verdicts == ({"warning"} if warned else {"ok"})


async def test_few_connections_left_are_told(check_here: Check, discord: DiscordServer) -> None:
    """After a night of crashes the operator reads how many connections are left."""
    discord.rest.starts["remaining"] = 3
    _, lines = await check_here(**discord.settings)
    assert [text for verdict, text in about(lines, "discord") if verdict == "warning"] == [
        "3 of 1000 connections are left for today"
    ]


async def test_an_interactions_endpoint_is_told(check_here: Check, discord: DiscordServer) -> None:
    """With an endpoint URL set in the portal no command would reach the bot."""
    discord.rest.application["interactions_endpoint_url"] = "https://example.org"
    _, lines = await check_here(**discord.settings)
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
