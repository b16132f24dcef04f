"""Checks on this machine: models, the port, URLs, Redis."""

import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from bot.adapters.telegram.checks import webhook_findings
from bot.adapters.telegram.settings import TelegramSettings
from bot.cli import local_checks
from bot.config.findings import Finding
from bot.config.settings import Settings
from core.catalog import Catalog
from tests import constants
from tests.bot.cli.test_check import about, check
from tests.bot.conftest import running
from tests.conftest import WEIGHTS


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
        brief = constants.replacing(cli__local_checks__TIMEOUT_SECONDS=0.2)
        code, lines = await check(DIGIT_PORT=port, **brief)
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
