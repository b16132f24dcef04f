"""Interactions over HTTP, as Discord posts them: signed with the key of an application."""

import json
import time
from dataclasses import dataclass, field

import aiohttp
from nacl.signing import SigningKey
from yarl import URL

from tests.fakes.discord_payloads import APPLICATION, Json
from tests.waiting import until

PATH = "/discord/interactions"
MAX_CONNECTIONS = 100
"""Fewer than the bot lets one address have."""
TIMEOUT = aiohttp.ClientTimeout(total=10)
PING = {"id": "1", "application_id": APPLICATION, "type": 1, "token": "ping", "version": 1}


@dataclass
class EndpointClient:
    """The half of Discord that posts.

    Attributes:
        key: of the application.
        bot: address at which the bot listens.
        replicas: addresses of others, to which a proxy gives what was not acknowledged.
        in_turn: whether the proxy begins with another replica each time.
        statuses: of the answers to interactions, in their order; 0 where the connection broke.
    """

    key: SigningKey = field(default_factory=SigningKey.generate)
    bot: str = ""
    replicas: list[str] = field(default_factory=list)
    in_turn: bool = False
    statuses: list[int] = field(default_factory=list)

    async def __aenter__(self) -> "EndpointClient":
        connector = aiohttp.TCPConnector(limit=MAX_CONNECTIONS)
        self.session = aiohttp.ClientSession(connector=connector, timeout=TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    @property
    def public_key(self) -> str:
        """The key by which the bot knows this Discord."""
        return self.key.verify_key.encode().hex()

    def headers(self, body: bytes, age: float = 0.0) -> dict[str, str]:
        """The headers of a post that is `age` seconds old."""
        timestamp = str(int(time.time() - age))
        signature = self.key.sign(timestamp.encode() + body).signature.hex()
        return {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": timestamp}

    async def post(self, body: bytes, headers: dict[str, str], bot: str = "") -> tuple[int, bytes]:
        """Post anything; returns the status and the body of the answer."""
        headers = {"Content-Type": "application/json"} | headers
        async with self.session.post(URL(bot or self.bot) / PATH[1:], data=body, headers=headers) as response:
            return response.status, await response.read()

    async def deliver(self, interaction: Json) -> bool:
        """Post an interaction; returns whether it was acknowledged."""
        bots = [self.bot, *self.replicas]
        if self.in_turn:
            self.bot, *self.replicas = [*self.replicas, self.bot]
        for bot in bots:
            if await self._deliver(interaction, bot):
                return True
        return False

    async def _deliver(self, interaction: Json, bot: str) -> bool:
        body = json.dumps(interaction).encode()
        try:
            status, answer = await self.post(body, self.headers(body), bot)
        except (aiohttp.ClientError, TimeoutError):
            status, answer = 0, b""
        self.statuses.append(status)
        assert status != 202 or answer == b"", "an interaction is acknowledged without a body"
        return status == 202

    async def verify(self) -> None:
        """Test the endpoint as Discord does before it takes its URL; what is not signed has to be refused."""
        await until(self._ready)
        body = json.dumps(PING).encode()
        status, answer = await self.post(body, self.headers(body))
        assert (status, json.loads(answer)) == (200, {"type": 1})
        forged = self.headers(body) | {"X-Signature-Ed25519": "0" * 128}
        assert (await self.post(body, forged))[0] == 401

    async def _ready(self) -> bool:
        async with self.session.get(URL(self.bot) / "readyz") as response:
            state = await response.json()
        return bool(state["adapters"].get("discord"))
