"""Schema of posted interactions: the parts that the bot and discord.py rely on, each with its type."""

from typing import Annotated, Literal, Self

import pydantic

Snowflake = Annotated[str, pydantic.StringConstraints(pattern=r"\A[1-9][0-9]{0,19}\z")]
Token = Annotated[str, pydantic.StringConstraints(pattern=r"\A[!-~]+\z")]
"""A part of a URL."""
ATTACHMENT = 11
"""Discord's type of an option that is a file."""
VALUES: dict[int, tuple[type, ...]] = {3: (str,), 4: (int,), 5: (bool,), 10: (int, float), ATTACHMENT: (str,)}
"""The types that the value of an option may have, by the option's type; no command has options of other types."""


class _User(pydantic.BaseModel):
    id: Snowflake
    username: str
    discriminator: str
    avatar: str | None


class _Member(pydantic.BaseModel):
    user: _User


class _Attachment(pydantic.BaseModel):
    id: Snowflake
    filename: str
    size: pydantic.NonNegativeInt
    url: str
    proxy_url: str
    content_type: str | None = None


class _Message(pydantic.BaseModel):
    attachments: list[_Attachment]


class _Resolved(pydantic.BaseModel):
    attachments: dict[str, _Attachment] = {}
    messages: dict[str, _Message] = {}


class _Option(pydantic.BaseModel):
    name: str
    type: pydantic.StrictInt
    value: pydantic.StrictStr | pydantic.StrictBool | pydantic.StrictInt | pydantic.StrictFloat

    @pydantic.model_validator(mode="after")
    def _has_value_of_its_type(self) -> Self:
        if type(self.value) not in VALUES.get(self.type, ()):
            raise ValueError
        return self


class _Command(pydantic.BaseModel):
    id: Snowflake
    name: str
    type: pydantic.StrictInt = 1
    options: list[_Option] = []
    resolved: _Resolved = _Resolved()

    @pydantic.model_validator(mode="after")
    def _brings_its_files(self) -> Self:
        files = {option.value for option in self.options if option.type == ATTACHMENT}
        if not files <= self.resolved.attachments.keys():
            raise ValueError
        return self


class _TypedOption(pydantic.BaseModel):
    """An option while somebody types: its value may be half of one."""

    name: str
    type: pydantic.StrictInt


class _TypedCommand(pydantic.BaseModel):
    id: Snowflake
    name: str
    options: list[_TypedOption]


class _Press(pydantic.BaseModel):
    custom_id: str
    component_type: pydantic.StrictInt
    values: list[str] = []


class _Interaction(pydantic.BaseModel):
    id: Snowflake
    application_id: Snowflake
    token: Token
    locale: str = "en-US"
    guild_locale: str | None = None
    guild_id: Snowflake | None = None
    user: _User | None = None
    member: _Member | None = None

    @pydantic.model_validator(mode="after")
    def _comes_from_somebody(self) -> Self:
        # In a server it is a member, elsewhere a user.
        if (self.user if self.guild_id is None else self.member) is None:
            raise ValueError
        return self


class _CommandInteraction(_Interaction):
    type: Literal[2]
    data: _Command


class _Autocompletion(_Interaction):
    type: Literal[4]
    data: _TypedCommand


class _PressInteraction(_Interaction):
    type: Literal[3]
    data: _Press


class _Ping(pydantic.BaseModel):
    type: Literal[1]


INTERACTION: pydantic.TypeAdapter[_Ping | _CommandInteraction | _Autocompletion | _PressInteraction]
INTERACTION = pydantic.TypeAdapter(_Ping | _CommandInteraction | _Autocompletion | _PressInteraction)
"""Any interaction that Discord posts to this bot."""
