"""The settings of Telegram."""

import re
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, Field, SecretStr

from bot.adapters.telegram.webhook import secret_token
from bot.config.fields import Token
from bot.config.settings import PlatformSettings

NAME = "telegram"
"""The name of the platform in logs, limits and metrics."""


def _token(token: SecretStr) -> SecretStr:
    # The token is a part of each URL that is called: nothing else may stand in it.
    if not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value(), re.ASCII):
        raise ValueError("should be a token such as 123456:ABC-DEF, as @BotFather gives them")
    return token


class TelegramSettings(PlatformSettings):
    """The settings of Telegram."""

    token: Annotated[Token, AfterValidator(_token)] | None = Field(
        None, validation_alias="TELEGRAM_TOKEN", description="Token from @BotFather; with it the bot serves Telegram."
    )
    webhook_url: AnyHttpUrl | None = Field(
        None,
        validation_alias="TELEGRAM_WEBHOOK_URL",
        description="Public https address at which `/telegram` of this bot is reached; without it the bot polls.",
    )
    api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://api.telegram.org"),
        validation_alias="TELEGRAM_API_URL",
        description="Bot API server, for those who host their own.",
    )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must reach no log, the webhook's secret included."""
        derived = [secret_token(self.token.get_secret_value())] if self.token else []
        return (*super().secrets, *derived)


SETTINGS = TelegramSettings
