"""Settings: bad ones are named, and docs/settings.md lists every one."""

import base64
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.adapters.registry import PLATFORMS, settings_by_name
from bot.adapters.telegram.webhook import secret_token
from bot.config import docs, loading
from bot.config.loading import Configuration
from bot.config.settings import Settings
from bot.config.sources import BadSettings
from bot.telemetry.redaction import HIDDEN, redaction
from tests.conftest import ROOT

GROUPS = [*(platform.settings for platform in PLATFORMS), Settings]


def load() -> Configuration:
    """The settings of the process and of every platform."""
    return loading.load(settings_by_name())


def examine() -> Configuration | list[BadSettings]:
    """The settings, or all that is wrong with them."""
    return loading.examine(settings_by_name())


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


def test_a_token_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token shows in no form of the settings but the one that is asked for; a line break around it does no harm."""
    monkeypatch.setenv("TELEGRAM_TOKEN", " 123456:ABC-DEF\n")
    settings = load()
    assert "ABC" not in repr(settings) + str(settings) + str(settings.platforms["telegram"].model_dump())
    assert settings.secrets == ("123456:ABC-DEF", secret_token("123456:ABC-DEF"))


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """`DIGIT_PORT=` in a compose file leaves the default."""
    monkeypatch.setenv("DIGIT_PORT", "")
    assert load().settings.port == 8080


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


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "rediss://user:s3cret@[::1]:6380/1?ssl_cert_reqs=none",
        "unix:///run/redis.sock?db=1",
        "redis://localhost:1/0?password=s3cret&username=user&client_name=x&protocol=3&socket_timeout=1.5"
        "&socket_connect_timeout=1&socket_keepalive=1&retry_on_timeout=yes&max_connections=9&health_check_interval=5",
    ],
)
def test_an_address_of_redis_is_read_and_hidden(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Each form that Redis's own tools take is taken, and shows nowhere, since it may hold a password."""
    monkeypatch.setenv("DIGIT_REDIS_URL", url)
    settings = load()
    assert set(settings.secrets) >= ({url, "s3cret"} if "s3cret" in url else {url})
    assert url not in repr(settings)


@pytest.mark.parametrize("name", ["TELEGRAM_API_URL", "TELEGRAM_WEBHOOK_URL", "DIGIT_PUBLIC_URL", "DIGIT_REDIS_URL"])
def test_a_password_in_a_url_is_hidden_in_each_of_its_forms(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As it stands in the URL, decoded, encoded otherwise, and as HTTP's basic authentication sends it."""
    scheme = "redis" if "REDIS" in name else "https"
    monkeypatch.setenv(name, f"{scheme}://us%40r:p%40ss%20w%2Frd@proxy.example")
    redact = redaction(load().secrets)
    basic = base64.b64encode(b"us@r:p@ss w/rd").decode()
    forms = [
        "p%40ss%20w%2Frd",
        "p@ss w/rd",
        "p%40ss+w%2frd",
        basic,
        quote(basic),
        f"https://us%40r:{quote('p@ss w/rd')}@",
    ]
    for form in forms:
        assert redact(f"before {form} after") == f"before {form.replace(_password(form), HIDDEN)} after"


def _password(form: str) -> str:
    """The part of a text that is secret."""
    return form.partition(":")[2].rpartition(":")[2].removesuffix("@") if "://" in form else form


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several are told apart by commas."""
    monkeypatch.setenv("DIGIT_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8")
    assert [str(network) for network in load().settings.trusted_proxies or ()] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "fd00::/8",
    ]


def test_every_bad_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for all that is wrong reads it at once, and not one fault a try."""
    monkeypatch.setenv("DIGIT_PORT", "http")
    monkeypatch.setenv("DISCORD_TOKEN", "two words")
    monkeypatch.setenv("TELEGRAM_TOKEN_FILE", "/no/such/file")
    faults = examine()
    assert isinstance(faults, list)
    assert {fault.name for fault in faults} == {"DIGIT_PORT", "DISCORD_TOKEN", "TELEGRAM_TOKEN_FILE"}


def test_the_docs_have_the_table_of_settings() -> None:
    """The table of docs/settings.md is what `python -m bot settings --table` prints."""
    assert docs.table(GROUPS) in (ROOT / "docs" / "settings.md").read_text()


def test_the_example_is_up_to_date() -> None:
    """`.env.example` is what `python -m bot settings` prints."""
    assert (ROOT / ".env.example").read_text() == docs.env_example(GROUPS)


def test_the_example_changes_nothing_until_it_is_edited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copy of it is a `.env` with every default; without its signs for comments every line of it is a setting."""
    monkeypatch.chdir(tmp_path)
    plain = load()
    (tmp_path / ".env").write_text(docs.env_example(GROUPS))
    assert load() == plain
    (tmp_path / ".env").write_text(re.sub("^#(?=[A-Z])", "", docs.env_example(GROUPS), flags=re.MULTILINE))
    assert load() == plain
    assert len(load().settings.model_fields_set) > len(Settings.model_fields) / 2
