"""Loading: every fault at once, and no secret in any of them."""

import pytest

from bot.adapters.registry import settings_by_name
from bot.adapters.telegram.webhook import secret_token
from bot.config import loading
from bot.config.loading import Configuration
from bot.config.sources import BadSettings
from tests.bot.config.test_settings import load


def examine() -> Configuration | list[BadSettings]:
    """The settings, or all that is wrong with them."""
    return loading.examine(settings_by_name())


def test_a_token_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token shows in no form of the settings but the one that is asked for; a line break around it does no harm."""
    monkeypatch.setenv("TELEGRAM_TOKEN", " 123456:ABC-DEF\n")
    settings = load()
    assert "ABC" not in repr(settings) + str(settings) + str(settings.platforms["telegram"].model_dump())
    assert settings.secrets == ("123456:ABC-DEF", secret_token("123456:ABC-DEF"))


def test_a_token_is_shown_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the settings nor an error about a token write it out, and whoever needs to hide it can."""
    monkeypatch.setenv("DISCORD_TOKEN", " a.b.s3cret\n")
    settings = load()
    assert settings.secrets == ("a.b.s3cret",)
    assert "s3cret" not in repr(settings)
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.s3cret s3cret")
    with pytest.raises(BadSettings) as caught:
        load()
    assert "s3cret" not in str(caught.value)


def test_every_bad_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for all that is wrong reads it at once, and not one fault a try."""
    monkeypatch.setenv("DIGIT_PORT", "http")
    monkeypatch.setenv("DISCORD_TOKEN", "two words")
    monkeypatch.setenv("TELEGRAM_TOKEN_FILE", "/no/such/file")
    faults = examine()
    assert isinstance(faults, list)
    assert {fault.name for fault in faults} == {"DIGIT_PORT", "DISCORD_TOKEN", "TELEGRAM_TOKEN_FILE"}
