"""Every setting, its default and its meaning; the README's table is held equal to this by a test."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import sources
from bot.sources import BadSettings as BadSettings
from core.catalog import Catalog
from core.errors import UnknownModel

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"


def _one_word(token: SecretStr) -> SecretStr:
    stripped = token.get_secret_value().strip()
    if not stripped or any(not character.isprintable() or character.isspace() for character in stripped):
        raise ValueError("should be one word without spaces, as the platform shows it")
    return SecretStr(stripped)


def _redis(url: SecretStr) -> SecretStr:
    # An address that cannot be read is not told: it may hold a password.
    stripped = url.get_secret_value().strip()
    if not re.fullmatch(r"rediss?://[^/?#\s]+(/\d*)?(\?\S*)?|unix://([^/\s]+@)?/\S+", stripped):
        raise ValueError("should be like redis://host:6379/0, rediss://:password@host or unix:///run/redis.sock")
    return SecretStr(stripped)


def _networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...] | None:
    return None if text is None else tuple(ip_network(part.strip()) for part in text.split(","))


Token = Annotated[SecretStr, AfterValidator(_one_word)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...] | None, NoDecode, BeforeValidator(_networks)]


class Settings(BaseSettings):
    """The settings; `load_settings` reads them from wherever they stand."""

    model_config = SettingsConfigDict(env_prefix="DIGIT_", extra="ignore", frozen=True, populate_by_name=True)

    discord_token: Token | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="Token of the Discord bot; with it the bot serves Discord."
    )
    discord_guild_id: int | None = Field(
        None,
        ge=1,
        validation_alias="DISCORD_GUILD_ID",
        description="For development: the one server that gets the commands, at once and alone.",
    )
    discord_api_url: str = Field(
        "https://discord.com/api/v10",
        pattern=r"^https?://\S+$",
        validation_alias="DISCORD_API_URL",
        description="Discord's API, or a proxy of it such as twilight's http-proxy.",
    )
    telegram_token: Token | None = Field(
        None, validation_alias="TELEGRAM_TOKEN", description="Token from @BotFather; with it the bot serves Telegram."
    )
    telegram_webhook_url: AnyHttpUrl | None = Field(
        None,
        validation_alias="TELEGRAM_WEBHOOK_URL",
        description="Public https address at which `/telegram` of this bot is reached; without it the bot polls.",
    )
    telegram_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://api.telegram.org"),
        validation_alias="TELEGRAM_API_URL",
        description="Bot API server, for those who host their own.",
    )
    host: str = Field("127.0.0.1", description="Address that the web page listens on; `0.0.0.0` is every one.")
    port: int = Field(8080, ge=0, le=65535, description="Port of the web page; 0 takes a free one.")
    weights: Path = Field(
        WEIGHTS, description="Folder with the models and their `manifest.json`; by default the one that ships."
    )
    model: str | None = Field(
        None, description="Model that draws when a request names none; by default the manifest's."
    )
    queue: int = Field(400, ge=1, description="Requests that may wait to be drawn; one more is told to try again.")
    cooldown: int = Field(1, ge=0, description="Seconds between two requests of a person in a chat; 0 is off.")
    chat_limit: int = Field(30, ge=0, description="Pictures a minute in one chat of Discord or Telegram; 0 is off.")
    address_limit: int = Field(
        600, ge=0, description="Pictures a minute over HTTP for one address, of IPv6 for one /64; 0 is off."
    )
    trusted_proxies: Networks = Field(
        None,
        description="Your own proxies, such as `127.0.0.1,10.0.0.0/8`: their `X-Forwarded-For` tells addresses apart.",
    )
    redis_url: Annotated[SecretStr, AfterValidator(_redis)] | None = Field(
        None, description="Redis in which replicas count their limits together; without it each counts in memory."
    )
    public_url: AnyHttpUrl | None = Field(
        None,
        description="Public address of the web page, for link cards and for the pictures of Telegram's inline mode.",
    )
    metrics: bool = Field(False, description="Whether everybody may read `/metrics`; otherwise only this machine may.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe log line written."
    )
    secrets_dir: Path = Field(
        Path(sources.SECRETS_DIR),
        description="Folder of secrets: a file `discord_token` or `telegram_token` in it is that setting.",
    )

    @field_validator("telegram_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        # The token is a part of each address that is called: nothing else may stand in it.
        if token and not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value(), re.ASCII):
            raise ValueError("not a token such as 123456:ABC-DEF, as @BotFather gives them")
        return token

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the names are pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given and look nowhere else: `bot.sources` does, for the health check too."""
        return (init_settings,)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must reach no log: tokens, and the address of Redis with the password in it."""
        values = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        password = urlsplit(self.redis_url.get_secret_value()).password if self.redis_url else None
        return (*values, password) if password else tuple(values)


def variable(name: str) -> str:
    """The environment variable of a field of `Settings`: `port` is DIGIT_PORT."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{Settings.model_config['env_prefix']}{name}".upper()


def load_settings() -> Settings:
    """Read and check the settings.

    Raises:
        BadSettings: a value cannot be used; only the first one is told.
    """
    settings = examine()
    if isinstance(settings, Settings):
        return settings
    raise settings[0]


def examine() -> Settings | list[BadSettings]:
    """Read and check the settings; where that fails, everything that is wrong with them."""
    values, faults = sources.read([variable(name) for name in Settings.model_fields])
    # pydantic's own source knows which name belongs to which field, and which values are written in JSON.
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in values.items()}
    try:
        settings = Settings(**source())
    except ValidationError as error:
        return faults + [_fault(detail) for detail in error.errors(include_url=False, include_input=False)]
    return faults or settings


def _fault(detail: ErrorDetails) -> BadSettings:
    # pydantic calls a field by its alias where it has one.
    name = str(detail["loc"][0])
    reason = detail["msg"].removeprefix("Value error, ")
    return BadSettings(variable(name) if name in Settings.model_fields else name, reason.lower())


def open_catalog(settings: Settings) -> Catalog:
    """Load the models that the settings name.

    Raises:
        BadWeights: the folder or a file in it cannot be used.
        BadSettings: the default model is not one of them.
    """
    try:
        return Catalog.open(settings.weights, settings.model)
    except UnknownModel as error:
        known = ", ".join(error.known)
        raise BadSettings("DIGIT_MODEL", f"there is no model {error.value!r}, but there is {known}") from None
