"""Reasons: an operator reads what is wrong with a value and where it stands, in words of ours."""

from pathlib import Path

import pytest

from bot import console
from bot.adapters.registry import settings_by_name
from bot.cli.main import main
from bot.config import loading
from bot.config.sources import BadSettings
from tests.fakes.discord_server import TOKEN


def fault() -> BadSettings:
    """The one fault of the settings."""
    faults = loading.examine(settings_by_name())
    assert isinstance(faults, list)
    (found,) = faults
    return found


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DIGIT_PORT", "http", "should be a whole number, not “http”"),
        ("DIGIT_PORT", "9" * 5000, "should be a whole number"),
        ("DIGIT_PORT", "65536", "should be 65535 or less, not “65536”"),
        ("DIGIT_COOLDOWN", "-1", "should be 0 or more, not “-1”"),
        ("DIGIT_METRICS", "maybe", "should be true or false, not “maybe”"),
        ("DIGIT_LOG_LEVEL", "LOUD", "should be DEBUG, INFO, WARNING or ERROR, not “LOUD”"),
        ("DIGIT_PUBLIC_URL", "example", "should be an address such as https://example.org"),
        ("DIGIT_PUBLIC_URL", "\udcff", "is no text in UTF-8"),
        ("DIGIT_TRUSTED_PROXIES", "a", "should be IP addresses or networks, such as 127.0.0.1,10.0.0.0/8"),
        ("TELEGRAM_TOKEN", "YOUR_TOKEN", "should be a token such as 123456:ABC-DEF, as @BotFather gives them"),
        ("DISCORD_API_URL", "discord", "should be like https://discord.com/api/v10, without a user and password"),
        # Pasted in the wrong place, a token is not repeated.
        ("DISCORD_GUILD_ID", TOKEN, "should be a whole number"),
    ],
)
def test_a_reason_is_a_plain_clause(monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str) -> None:
    """It says the rule and then the mistake, names keep their capitals, and nothing is the library's own."""
    monkeypatch.setenv(name, value)
    assert fault().reason == reason


def test_levels_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """`DIGIT_LOG_LEVEL=info` is what many type."""
    monkeypatch.setenv("DIGIT_LOG_LEVEL", "warning")
    assert loading.load(settings_by_name()).settings.log_level == "WARNING"


@pytest.mark.parametrize("place", ["environment", ".env", "NAME_FILE", "secret"])
def test_the_place_of_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str) -> None:
    """Whoever has to correct a value reads in which file it stands, or that it stands in none."""
    path = tmp_path / ("digit_queue" if place == "secret" else ".env" if place == ".env" else "queue")
    path.write_text("DIGIT_QUEUE=0" if place == ".env" else "0\n")
    if place == "environment":
        monkeypatch.setenv("DIGIT_QUEUE", "0")
    elif place == "NAME_FILE":
        monkeypatch.setenv("DIGIT_QUEUE_FILE", str(path))
    elif place == "secret":
        monkeypatch.setenv("DIGIT_SECRETS_DIR", str(tmp_path))
    told = console.error_line(fault())
    where = "Correct it in the environment" if place == "environment" else f"It stands in {path}: correct it there"
    assert told == f"DIGIT_QUEUE: should be 1 or more, not “0”. {where} and start again."


def test_a_model_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file in which the default model stands is named, and the models of the folder."""
    (tmp_path / ".env").write_text("DIGIT_MODEL=gpt\n")
    assert main(["models"]) == 78
    told = capsys.readouterr().err
    assert "cgan" in told
    assert "“gpt”" in told
    assert str(tmp_path / ".env") in told
