"""Types of settings, the name of the environment variable of each, and the secrets in them."""

import re
from base64 import b64encode
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot import i18n

REDIS_OPTIONS = re.compile(
    r"db|username|password|client_name|protocol|max_connections|health_check_interval|retry_on_timeout"
    r"|socket_(timeout|connect_timeout|keepalive)"
    r"|ssl_(cert_reqs|ca_certs|ca_data|ca_path|certfile|keyfile|password|check_hostname|ciphers)"
)
"""Options of a Redis URL that redis-py reads from text; the others are objects, and fail at the first connection."""
MIN_TOKEN_LENGTH = 16


class SettingsGroup(BaseSettings):
    """A group of settings; `bot.config.loading` reads it from its sources."""

    model_config = SettingsConfigDict(env_prefix="DIGIT_", extra="ignore", frozen=True, populate_by_name=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the names are pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the given values alone.

        `bot.config.sources` looks in environment, `.env` and files: pydantic-settings has no `NAME_FILE` and no
        systemd credentials, and loading it takes longer than a whole health check, which reads the same sources.
        """
        return (init_settings,)

    @classmethod
    def variable(cls, field: str) -> str:
        """Return the environment variable of a field: `port` is DIGIT_PORT."""
        alias = cls.model_fields[field].validation_alias
        return alias if isinstance(alias, str) else f"{cls.model_config['env_prefix']}{field}".upper()

    @classmethod
    def variables(cls) -> list[str]:
        """Return the environment variable of every field."""
        return [cls.variable(field) for field in cls.model_fields]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must reach no log: tokens, URLs that are secret, and the passwords in any URL."""
        found: list[str] = []
        for _, value in self:
            secret = isinstance(value, SecretStr)
            text = value.get_secret_value() if secret else str(value)
            found += [text] if secret else []
            found += _passwords(text) if "://" in text else ()
        return tuple(dict.fromkeys(found))


def _passwords(url: str) -> Iterator[str]:
    """Yield the passwords in a URL as they stand there, decoded, and as HTTP's basic authentication sends them."""
    parts = urlsplit(url)
    if parts.password:
        decoded = unquote(parts.password)
        yield from (parts.password, decoded)
        yield b64encode(f"{unquote(parts.username or '')}:{decoded}".encode()).decode()
    yield from (value for name, value in parse_qsl(parts.query) if "password" in name)


def _one_word(token: SecretStr) -> SecretStr:
    stripped = token.get_secret_value().strip()
    if not stripped or any(not character.isprintable() or character.isspace() for character in stripped):
        raise ValueError("should be one word without spaces, as the platform shows it")
    return SecretStr(stripped)


def _host(host: str) -> str:
    try:
        host.encode("idna")  # as Python does before it looks the name up
    except UnicodeError:
        raise ValueError("should be an address or a name of this machine") from None
    return host


def _long(token: SecretStr) -> SecretStr:
    # One that can be guessed protects nothing, and redaction would hide a short word all over the log.
    if len(token) < MIN_TOKEN_LENGTH:
        raise ValueError(f"should have {MIN_TOKEN_LENGTH} characters or more")
    return token


def _language(tag: str) -> str:
    if not i18n.negotiate([tag]) and tag.lower().split("-")[0] != "en":
        raise ValueError(f"should be one of {', '.join(('en', *i18n.languages()))}")
    return tag


def _redis_url(url: SecretStr) -> SecretStr:
    # No error repeats the URL: it may hold a password.
    stripped = url.get_secret_value().strip()
    if not re.fullmatch(r"rediss?://[^/?#\s]+(/\d*)?(\?\S*)?|unix://([^/\s]+@)?/\S+", stripped):
        raise ValueError("should be like redis://host:6379/0, rediss://:password@host or unix:///run/redis.sock")
    # Loaded only where there is a Redis.
    from redis.asyncio import ConnectionPool

    try:
        known = all(REDIS_OPTIONS.fullmatch(name) for name, _ in parse_qsl(urlsplit(stripped).query))
        # Reads the options, and connects to nothing.
        ConnectionPool.from_url(stripped).make_connection()  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001  the library raises whatever its classes do
        known = False
    if not known:
        raise ValueError("its port, its database or an option in it cannot be read")
    return SecretStr(stripped)


def _networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...] | None:
    try:
        return None if text is None else tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        raise ValueError("should be IP addresses or networks, such as 127.0.0.1,10.0.0.0/8") from None


Token = Annotated[SecretStr, AfterValidator(_one_word)]
Host = Annotated[str, AfterValidator(_host)]
OwnToken = Annotated[Token, AfterValidator(_long)]
"""A token that the operator makes up."""
Language = Annotated[str, AfterValidator(_language)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...] | None, NoDecode, BeforeValidator(_networks)]
