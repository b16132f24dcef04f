"""The settings of Telegram."""

import pytest
from pydantic import ValidationError

from bot.adapters.telegram.settings import TelegramSettings
from bot.adapters.telegram.webhook import secret_token


def test_settings_keep_their_names() -> None:
    """An installation's environment goes on meaning the same."""
    assert set(TelegramSettings.variables()) == {"TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_URL", "TELEGRAM_API_URL"}


@pytest.mark.parametrize("token", ["secret", "1:secret/../x", "1:se cret", "x:secret", "1:", "١:secret"])
def test_a_token_cannot_lead_to_another_url(token: str) -> None:
    """The token is a part of each URL that is called: what cannot be one is refused, and not repeated."""
    with pytest.raises(ValidationError) as caught:
        TelegramSettings(token=token)
    assert "@BotFather" in str(caught.value) or "one word" in str(caught.value)
    assert [error["msg"] for error in caught.value.errors() if "secret" in error["msg"]] == []


def test_a_token_is_a_secret() -> None:
    """It is taken as @BotFather shows it, with the spaces of copying around it, and printed nowhere."""
    settings = TelegramSettings.model_validate({"TELEGRAM_TOKEN": " 123456:ABC-DEF\n"})
    assert settings.secrets == ("123456:ABC-DEF", secret_token("123456:ABC-DEF"))
    assert "ABC" not in repr(settings) + str(settings)
