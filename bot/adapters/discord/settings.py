"""The settings of Discord."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot.config.fields import Token
from bot.config.settings import PlatformSettings


def _url_without_password(url: str) -> str:
    try:
        bare = "@" not in urlsplit(url).netloc
    except ValueError:  # its message may hold the password
        bare = False
    if not bare:
        raise ValueError("should be like https://discord.com/api/v10, without a user and password")
    return url


class DiscordSettings(PlatformSettings):
    """The settings of Discord."""

    token: Token | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="Token of the Discord bot; with it the bot serves Discord."
    )
    guild_id: int | None = Field(
        None,
        ge=1,
        validation_alias="DISCORD_GUILD_ID",
        description="For development: the one server that gets the commands, at once and alone.",
    )
    api_url: Annotated[str, AfterValidator(_url_without_password)] = Field(
        "https://discord.com/api/v10",
        pattern=r"^https?://\S+$",
        validation_alias="DISCORD_API_URL",
        description="Discord's API, or a proxy of it such as twilight's http-proxy.",
    )


SETTINGS = DiscordSettings
