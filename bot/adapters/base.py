"""The protocol of an adapter, and the definition of a chat platform."""

import importlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp.web import RouteDef
from yarl import URL

from bot.adapters.platform_client import PlatformClient
from bot.config.findings import Finding
from bot.config.settings import PlatformSettings
from bot.conversation.pipeline import Conversation
from bot.limits.claims import Claims


class Adapter(Protocol):
    """A chat platform that the bot serves while the process runs.

    Attributes:
        name: of the platform, as in logs and in `/readyz`.
        routes: the routes on the bot's own web server to which the platform posts.
    """

    name: str
    routes: Sequence[RouteDef]

    @property
    def ready(self) -> bool:
        """Whether a command sent now would be answered."""

    async def run(self) -> None:
        """Connect, and serve until `close`; the supervisor tries again after an OSError.

        Raises:
            Refused: the platform does not know the token.
            OSError: the platform cannot be reached.
        """

    async def close(self) -> None:
        """Answer the accepted requests and disconnect; `run` returns then."""


@dataclass(frozen=True, slots=True)
class Context:
    """The things that an adapter works with.

    Attributes:
        conversation: answers requests.
        public_url: URL at which the world reaches the web page, if it does.
        claims: on events, shared by all replicas where there is a Redis.
    """

    conversation: Conversation
    public_url: URL | None
    claims: Claims = field(default_factory=Claims)


Checks = Callable[[Any, PlatformClient], AsyncIterator[Finding]]
"""Checks a platform with its settings."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A chat platform.

    Attributes:
        name: in logs, metrics and `/readyz`.
        title: for people.
        package: its folder. The module `settings` declares SETTINGS, and the token in them switches the platform on.
            The modules `adapter`, with a class `Adapter`, and `checks`, with a function `check`, are loaded only
            where there is a token: a platform's library takes as much memory as all the rest.
    """

    name: str
    title: str
    package: str

    @property
    def settings(self) -> type[PlatformSettings]:
        """Its settings."""
        declared: type[PlatformSettings] = importlib.import_module(f"{self.package}.settings").SETTINGS
        return declared

    @property
    def token_variable(self) -> str:
        """The environment variable of the token."""
        return self.settings.variable("token")

    def create(self, settings: PlatformSettings, context: Context) -> Adapter:
        """Return an adapter, not connected yet."""
        adapter: Adapter = importlib.import_module(f"{self.package}.adapter").Adapter(settings, context)
        return adapter

    def checks(self) -> Checks:
        """Return the check of its settings."""
        check: Checks = importlib.import_module(f"{self.package}.checks").check
        return check
