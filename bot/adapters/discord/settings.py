"""The settings of Discord."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from bot.config.fields import Token
from bot.config.settings import PlatformSettings

PUBLIC_KEY_DIGITS = 64
"""Of an Ed25519 key."""


def _token(token: SecretStr) -> SecretStr:
    # A placeholder, a client secret or an application's id is noticed before Discord is asked.
    if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token.get_secret_value(), re.ASCII):
        raise ValueError(
            "should be a bot's token, three parts with dots between, as the developer portal shows it under Bot"
        )
    return token


def _public_key(key: str) -> str:
    if not re.fullmatch(rf"[0-9a-f]{{{PUBLIC_KEY_DIGITS}}}", key.strip(), re.ASCII | re.IGNORECASE):
        raise ValueError(
            f"should be {PUBLIC_KEY_DIGITS} hexadecimal digits, as the developer portal shows them under General "
            "Information"
        )
    return key.strip().lower()


def _url_without_password(url: str) -> str:
    try:
        bare = re.fullmatch(r"https?://\S+", url) and "@" not in urlsplit(url).netloc
    except ValueError:  # its message may hold the password
        bare = None
    if not bare:
        raise ValueError("should be like https://discord.com/api/v10, without a user and password")
    return url


class DiscordSettings(PlatformSettings):
    """The settings of Discord."""

    token: Annotated[Token, AfterValidator(_token)] | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="Token of the Discord bot; with it the bot serves Discord."
    )
    public_key: Annotated[str, AfterValidator(_public_key)] | None = Field(
        None,
        validation_alias="DISCORD_PUBLIC_KEY",
        description="Public key of the application: commands come by HTTP to `/discord/interactions`, from Discord.",
    )
    guild_id: int | None = Field(
        None,
        ge=1,
        validation_alias="DISCORD_GUILD_ID",
        description="For development: the one server that gets the commands, at once and alone.",
    )
    api_url: Annotated[str, AfterValidator(_url_without_password)] = Field(
        "https://discord.com/api/v10",
        validation_alias="DISCORD_API_URL",
        description="Discord's API, or a proxy of it such as twilight's http-proxy.",
    )


SETTINGS = DiscordSettings
