"""Types of settings, and the name of the environment variable of each."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict


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


def _one_word(token: SecretStr) -> SecretStr:
    stripped = token.get_secret_value().strip()
    if not stripped or any(not character.isprintable() or character.isspace() for character in stripped):
        raise ValueError("should be one word without spaces, as the platform shows it")
    return SecretStr(stripped)


def _redis_url(url: SecretStr) -> SecretStr:
    # The error does not repeat the URL: it may hold a password.
    stripped = url.get_secret_value().strip()
    if not re.fullmatch(r"rediss?://[^/?#\s]+(/\d*)?(\?\S*)?|unix://([^/\s]+@)?/\S+", stripped):
        raise ValueError("should be like redis://host:6379/0, rediss://:password@host or unix:///run/redis.sock")
    return SecretStr(stripped)


def _networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...] | None:
    return None if text is None else tuple(ip_network(part.strip()) for part in text.split(","))


Token = Annotated[SecretStr, AfterValidator(_one_word)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...] | None, NoDecode, BeforeValidator(_networks)]
