"""How often a person, a chat and an address may ask, and how often the bot may speak in a chat."""

from ipaddress import IPv4Address, IPv6Address, ip_network

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond

from bot.counters import Counters
from core.errors import TryLater

SITE = 64
"""Bits of an IPv6 address that tell its network: one household or one server has all the addresses in that."""


class Limited(TryLater):
    """Whoever asks has had as much as is allowed for now."""


class TooSoon(Limited):
    """The person has just been served."""


class TooMany(Limited):
    """The address has had all pictures of this minute."""


class RoomFull(Limited):
    """The bot has said all that it may say in a room for now.

    Attributes:
        first: whether the room has not been told so in the last minute.
    """

    def __init__(self, retry_after: int, first: bool) -> None:
        super().__init__(retry_after)
        self.first = first


class Gates:
    """Counts requests, and refuses those beyond a limit. A refused one costs nobody else anything.

    Args:
        counters: where they are counted.
        cooldown: seconds between two requests of a person.
        chat_limit: pictures a minute in a chat.
        address_limit: pictures a minute for an address. Each of the three may be 0, which is off.
    """

    def __init__(self, counters: Counters, *, cooldown: int = 0, chat_limit: int = 0, address_limit: int = 0) -> None:
        self._counters = counters
        self._person = RateLimitItemPerSecond(1, cooldown, "person") if cooldown else None
        self._room = RateLimitItemPerMinute(chat_limit, namespace="chat") if chat_limit else None
        self._address = RateLimitItemPerMinute(address_limit, namespace="address") if address_limit else None
        self._notice = RateLimitItemPerMinute(1, namespace="notice")

    async def person(self, platform: str, person: int) -> None:
        """Count a request of a person on a platform.

        Raises:
            TooSoon: the last one was less than the cooldown ago.
        """
        if wait := await self._hit(self._person, platform, str(person)):
            raise TooSoon(wait)

    async def picture(self, platform: str, room: int) -> None:
        """Count a picture for a room of a platform.

        Raises:
            RoomFull: the room has had its pictures of this minute.
        """
        if wait := await self._hit(self._room, platform, str(room)):
            raise await self._full(wait, platform, room)

    async def message(self, platform: str, room: int, most: int) -> None:
        """Count a message to a room whose platform lets the bot send no more than `most` in any minute.

        One of them is kept for telling the room that the others are spent.

        Raises:
            RoomFull: the room has had its messages.
        """
        limit = RateLimitItemPerMinute(most - 1, namespace="messages")
        if wait := await self._counters.hit(limit, platform, str(room), exact=True):
            raise await self._full(wait, platform, room)

    async def address(self, address: IPv4Address | IPv6Address) -> None:
        """Count a picture for an address; of IPv6, for the network that it belongs to.

        Raises:
            TooMany: the address has had its pictures of this minute.
        """
        if wait := await self._hit(self._address, _site(address)):
            raise TooMany(wait)

    async def _hit(self, limit: RateLimitItem | None, *who: str) -> int:
        return await self._counters.hit(limit, *who) if limit else 0

    async def _full(self, wait: int, platform: str, room: int) -> RoomFull:
        return RoomFull(wait, first=not await self._hit(self._notice, platform, str(room)))


def _site(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), SITE), strict=False))
