"""The settings of the process; each platform declares its own in its folder."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BeforeValidator, Field

from bot.config import sources
from bot.config.fields import Host, Language, Networks, OwnToken, RedisUrl, SettingsGroup, Token

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"


class PlatformSettings(SettingsGroup):
    """The settings of a chat platform.

    Attributes:
        token: switches the platform on.
        api_url: URL of the platform's API.
    """

    token: Token | None = None
    api_url: str | AnyHttpUrl


class Settings(SettingsGroup):
    """The settings of the process."""

    host: Host = Field("127.0.0.1", description="Address that the web page listens on; `0.0.0.0` is every one.")
    port: int = Field(
        8080,
        ge=0,
        le=65535,
        description="Port of the web page, by default that of `PORT` where it is set; 0 takes a free one.",
    )
    weights: Path = Field(
        WEIGHTS, description="Folder with the models and their `manifest.json`; by default the one that ships."
    )
    model: str | None = Field(
        None, description="Model that draws when a request names none; by default the manifest's."
    )
    language: Language | None = Field(
        None, description="One language for everybody, such as `de`; without it each person reads their own."
    )
    queue: int = Field(400, ge=1, description="Requests that may wait to be drawn; one more is told to try again.")
    cooldown: int = Field(1, ge=0, description="Seconds between two pictures of a person in a chat; 0 is off.")
    chat_limit: int = Field(30, ge=0, description="Pictures a minute in one chat of Discord or Telegram; 0 is off.")
    address_limit: int = Field(
        600,
        ge=0,
        description="Pictures a minute over HTTP for an address or a /64, four times as many for a /48; 0 is off.",
    )
    trusted_proxies: Networks = Field(
        None,
        description="Your own proxies, such as `127.0.0.1,10.0.0.0/8`: their `X-Forwarded-For` tells addresses apart.",
    )
    redis_url: RedisUrl | None = Field(
        None, description="Redis in which replicas count limits together and claim events; without it each is alone."
    )
    public_url: AnyHttpUrl | None = Field(
        None,
        description="Public address of the web page, for link cards and for the pictures of Telegram's inline mode.",
    )
    metrics_token: OwnToken | None = Field(
        None, description="Token that opens `/metrics` to a Prometheus that sends it, as `Authorization: Bearer TOKEN`."
    )
    metrics: bool = Field(False, description="Whether everybody may read `/metrics`, where there is no token for it.")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = Field(
        "INFO", description="Least severe log line written."
    )
    secrets_dir: Path = Field(
        Path(sources.SECRETS_DIR),
        description="Folder of secrets: a file `discord_token` or `telegram_token` in it is that setting.",
    )
