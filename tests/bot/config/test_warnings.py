"""Warnings about settings: a misspelt variable and a broken line are told, another program's are not."""

import logging
from pathlib import Path

import pytest

from bot.adapters.registry import settings_by_name
from bot.config import loading
from bot.config.loading import Configuration


def warned() -> list[str]:
    """The warnings about the settings as they are."""
    configuration = loading.examine(settings_by_name())
    assert isinstance(configuration, Configuration)
    return list(configuration.warnings)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("DIGIT_POTR", "DIGIT_PORT"),
        ("digit_potr", "DIGIT_PORT"),
        ("DIGIT_CHAT_LIMITS", "DIGIT_CHAT_LIMIT"),
        ("DIGIT_PORT_FIEL", "DIGIT_PORT_FILE"),
        ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
        ("TELEGRAM_TOKE", "TELEGRAM_TOKEN"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_a_misspelt_setting_comes_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str, meant: str, place: str
) -> None:
    """The operator reads it once, wherever it stands."""
    if place == "environment":
        monkeypatch.setenv(typed, "1")
    else:
        (tmp_path / ".env").write_text(f"{typed}=1\n")
    assert warned() == [f"{typed.upper()} is no setting: did you mean {meant}?"]


def test_a_name_with_our_prefix_that_resembles_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was meant for us, and it changes nothing."""
    monkeypatch.setenv("DIGIT_QXZ", "1")
    assert warned() == ["DIGIT_QXZ is no setting, and changes nothing"]


def test_other_programs_variables_are_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said of what resembles no setting, of a good one, or of what resembles one that is set."""
    for name, value in {
        "DISCORD_WEBHOOK_URL": "x",
        "PORT": "1",
        "DIGIT_PORT": "1",
        "DISCORD_TOKEN": "one.good.token",
        "DISCORD_BOT_TOKEN": "x",
        "DIGIT_QUEUE_FILE": "",
    }.items():
        monkeypatch.setenv(name, value)
    assert warned() == []


@pytest.mark.parametrize(
    ("content", "which"),
    [
        ("DIGIT_PORT=1\nthis is bad\n", "line 2 is"),
        ("no good\nDIGIT_PORT=1\nand [this\nthis neither\n", "lines 1, 3 and 4 are"),
    ],
)
def test_broken_lines_are_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: str, which: str
) -> None:
    """It names the file and the lines, without what is in them; the library logs none of its own."""
    (tmp_path / ".env").write_text(content)
    with caplog.at_level(logging.DEBUG):
        (warning,) = warned()
    assert warning.startswith(f"{tmp_path / '.env'}: {which} left out")
    assert "this" not in warning
    assert caplog.records == []
