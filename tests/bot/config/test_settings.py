"""Settings: bad ones are named, and docs/settings.md lists every one."""

import pytest

from bot.adapters.registry import settings_by_name
from bot.config import loading
from bot.config.loading import Configuration
from bot.config.sources import BadSettings


def load() -> Configuration:
    """The settings of the process and of every platform."""
    return loading.load(settings_by_name())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGIT_HOST", "\udcff"),
        ("DIGIT_HOST", "a" * 70),
        ("DIGIT_HOST", "a..b"),
        ("DIGIT_PORT", "http"),
        ("DIGIT_PORT", "65536"),
        ("DIGIT_QUEUE", "0"),
        ("DIGIT_LOG_LEVEL", "LOUD"),
        ("DIGIT_COOLDOWN", "-1"),
        ("DIGIT_CHAT_LIMIT", "-1"),
        ("DIGIT_ADDRESS_LIMIT", "many"),
        ("DIGIT_TRUSTED_PROXIES", "proxy.example"),
        ("DIGIT_TRUSTED_PROXIES", "10.0.0.0/8,"),
        ("DIGIT_REDIS_URL", "localhost:6379"),
        ("DIGIT_REDIS_URL", "http://:secret@localhost"),
        ("DIGIT_REDIS_URL", "redis://:sec/ret@localhost"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost?foo=bar"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost:port"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost?db=first"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost?protocol=9"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost?retry=1"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost?retry_on_error=1"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost?credential_provider=x"),
        ("DIGIT_REDIS_URL", "redis://:secret@localhost?ssl_ca_certs=/x"),
        ("DIGIT_REDIS_URL", "redis://[:secret@localhost"),
        ("DIGIT_REDIS_URL", "redis://:secret℀@localhost"),
        ("DIGIT_PUBLIC_URL", "example"),
        ("DIGIT_METRICS_TOKEN", "secret"),
        ("DISCORD_TOKEN", "two words"),
        ("DISCORD_TOKEN", "two\nlines"),
        ("DISCORD_GUILD_ID", "my server"),
        ("DISCORD_API_URL", "discord.com"),
        ("DISCORD_API_URL", "https://user:secret@discord.com/api/v10"),
        ("DISCORD_API_URL", "https://user:secret℀@discord.com/api/v10"),
        ("TELEGRAM_TOKEN", "secret"),
        ("TELEGRAM_TOKEN", "1:secret/../x"),
        ("TELEGRAM_WEBHOOK_URL", "example"),
        ("TELEGRAM_API_URL", "ftp://a"),
    ],
)
def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The error names the variable that the operator has to change."""
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as caught:
        load()
    assert caught.value.name == name
    assert "\n" not in caught.value.reason
    assert "secret" not in str(caught.value)
