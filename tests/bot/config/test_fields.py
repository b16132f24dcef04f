"""Fields: values that an operator writes, to values that the bot uses."""

import pytest

from tests.bot.config.test_settings import load


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """`DIGIT_PORT=` in a compose file leaves the default."""
    monkeypatch.setenv("DIGIT_PORT", "")
    assert load().settings.port == 8080


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


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several are told apart by commas."""
    monkeypatch.setenv("DIGIT_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8")
    assert [str(network) for network in load().settings.trusted_proxies or ()] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "fd00::/8",
    ]
