"""The settings of Discord."""

from pydantic import Field

from bot.config.fields import Token
from bot.config.settings import PlatformSettings


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
    api_url: str = Field(
        "https://discord.com/api/v10",
        pattern=r"^https?://\S+$",
        validation_alias="DISCORD_API_URL",
        description="Discord's API, or a proxy of it such as twilight's http-proxy.",
    )


SETTINGS = DiscordSettings
