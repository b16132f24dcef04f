"""Rate limits for a person, a chat and an address, and for the bot's own messages in a chat."""

from ipaddress import IPv4Address, IPv6Address, ip_network

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond

from bot.limits.storage import LimitStorage
from core.errors import TryLater

IPV6_NETWORKS = {64: 1, 48: 4}
"""Bits of the IPv6 networks that are limited, and how many times the limit of an address each has.

A household or a server has all addresses of a /64, and a customer may have a /48: 65,536 of them.
"""


STEPS_PER_PICTURE = 4
"""Steps of a walk for each picture a minute of an address: 40 a second at the default of 600.

They are counted apart. Somebody who drags across the page's pad asks for 25 a second and looks at one of them; counted
as pictures they would take all from the person and from everybody behind the same address within half a minute. What
they cost the machine others do not feel: it is shared equally among addresses (`core.fair_queue`).
"""


class RateLimited(TryLater):
    """A limit is reached.

    Attributes:
        repeated: whether the person or the chat has been told so within the window.
    """

    def __init__(self, retry_after: int, *, repeated: bool = False) -> None:
        super().__init__(retry_after)
        self.repeated = repeated


class CooldownActive(RateLimited):
    """The person's last request was less than the cooldown ago."""

    outcome = "too_soon"


class AddressLimited(RateLimited):
    """The address has had all pictures of this minute."""

    outcome = "too_many"


class ChatLimited(RateLimited):
    """The chat has had all pictures or messages of this minute."""

    outcome = "room_full"


class RateLimits:
    """Counts requests and refuses those beyond a limit; a refused one costs nobody else anything.

    Args:
        storage: counts hits.
        cooldown: seconds between two requests of a person.
        chat_limit: pictures a minute in a chat.
        address_limit: pictures a minute for an address. Each of the three may be 0, which is off.
    """

    def __init__(
        self, storage: LimitStorage, *, cooldown: int = 0, chat_limit: int = 0, address_limit: int = 0
    ) -> None:
        self._storage = storage
        self._person = RateLimitItemPerSecond(1, cooldown, "person") if cooldown else None
        self._person_notice = RateLimitItemPerSecond(1, cooldown, "person_notice") if cooldown else None
        self._chat = RateLimitItemPerMinute(chat_limit, namespace="chat") if chat_limit else None
        self._address_limit = address_limit
        self._notice = RateLimitItemPerMinute(1, namespace="notice")

    async def person(self, platform: str, person: int, *, quiet: bool = False) -> None:
        """Count a picture for a person on a platform.

        Args:
            platform: its name.
            person: their id.
            quiet: whether a refusal is no message in a chat, so that a later one is still told there.

        Raises:
            CooldownActive: the last one was less than the cooldown ago.
        """
        if wait := await self._hit(self._person, platform, str(person)):
            repeated = not quiet and await self._hit(self._person_notice, platform, str(person))
            raise CooldownActive(wait, repeated=bool(repeated))

    async def chat(self, platform: str, chat: int, cost: int = 1) -> None:
        """Count a picture for a chat of a platform.

        Args:
            platform: its name.
            chat: its id.
            cost: pictures that it counts as, at most all of a minute.

        Raises:
            ChatLimited: the chat has had its pictures of this minute.
        """
        if wait := await self._hit(self._chat, platform, str(chat), cost=cost):
            raise await self._chat_limited(wait, platform, chat)

    async def message(self, platform: str, chat: int, max_messages: int) -> None:
        """Count a message to a chat whose platform lets the bot send no more than `max_messages` in any minute.

        One of them is kept for telling the chat that the others are spent.

        Raises:
            ChatLimited: the chat has had its messages.
        """
        limit = RateLimitItemPerMinute(max_messages - 1, namespace="messages")
        if wait := await self._storage.hit(limit, platform, str(chat), exact=True):
            raise await self._chat_limited(wait, platform, chat)

    async def address(self, address: IPv4Address | IPv6Address, cost: int = 1, *, steps: bool = False) -> None:
        """Count a picture for an address; of IPv6, for its networks.

        Args:
            address: of the client.
            cost: pictures that it counts as, at most all of a minute.
            steps: whether it is a step of a walk, which has a limit of its own.

        Raises:
            AddressLimited: the address has had its pictures of this minute.
        """
        if not self._address_limit:
            return
        namespace, each = (
            ("step", STEPS_PER_PICTURE * self._address_limit) if steps else ("address", self._address_limit)
        )
        for network, share in networks(address).items():
            limit = RateLimitItemPerMinute(share * each, namespace=namespace)
            if wait := await self._hit(limit, network, cost=cost):
                raise AddressLimited(wait)

    async def notice(self, platform: str, chat: int) -> bool:
        """Count a notice to a chat; return whether the chat has had one within the last minute."""
        return bool(await self._hit(self._notice, platform, str(chat)))

    async def _hit(self, limit: RateLimitItem | None, *key: str, cost: int = 1) -> int:
        return await self._storage.hit(limit, *key, cost=min(cost, limit.amount)) if limit else 0

    async def _chat_limited(self, wait: int, platform: str, chat: int) -> ChatLimited:
        return ChatLimited(wait, repeated=await self.notice(platform, chat))


def networks(address: IPv4Address | IPv6Address) -> dict[str, int]:
    """Return the networks that are limited with an address, the smallest first, and the share of each in limits."""
    if isinstance(address, IPv4Address):
        return {str(address): 1}
    return {str(ip_network((int(address), bits), strict=False)): share for bits, share in IPV6_NETWORKS.items()}


def network(address: IPv4Address | IPv6Address) -> str:
    """Return the network that counts as one address."""
    return next(iter(networks(address)))
