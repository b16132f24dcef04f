"""The sender of a request: a value that each adapter makes from its platform's event."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from bot.commands.options import Option
from bot.limits.policy import network
from core.fair_queue import Flow
from core.service import MAX_WAIT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The sender of a request, as far as limits and words depend on it.

    Attributes:
        platform: the name of the platform.
        language: of the person, a tag such as `de`; English where there is no catalog for it.
        public_language: of the place, for replies that everybody there reads; None is the person's.
        person: id of the person, for the cooldown; None where the platform does not tell.
        chat: id of the chat, for its pictures a minute; None outside a chat.
        max_messages: messages a minute that the platform lets the bot send to the chat; None where it does not say.
        quiet_errors: whether an error reaches the person without a message in the chat, as under a pressed button.
        address: IP address, for its pictures a minute.
        max_wait_seconds: refuse at once where the expected wait for a picture is longer.
        platform_options: options that the platform adds to every command that draws.
    """

    platform: str
    language: str = ""
    public_language: str | None = None
    person: int | None = None
    chat: int | None = None
    max_messages: int | None = None
    quiet_errors: bool = False
    address: IPv4Address | IPv6Address | None = None
    max_wait_seconds: float = MAX_WAIT_SECONDS
    platform_options: Sequence[Option] = ()

    @property
    def flow(self) -> Flow:
        """The flow of its pictures, which shares the machine with others: of the platform, then of the sender in it."""
        if self.address is not None:
            return (self.platform, network(self.address))
        return (self.platform, str(self.person if self.person is not None else self.chat))
