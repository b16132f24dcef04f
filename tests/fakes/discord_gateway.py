"""Gateway v10: hello, heartbeats, identify, dispatch, resume; and closing on whatever Discord closes on."""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.discord_payloads import APPLICATION, GUILD_ID, Json, user

DISPATCH, HEARTBEAT, RECONNECT, INVALID, HELLO, ACK = 0, 1, 7, 9, 10, 11
LARGEST = 4096
"""Bytes of what a client may send."""
MOST = 120
"""Events that a client may send in a minute; here, on a connection."""
IDENTIFY_EVERY = 5.0
"""Seconds between two identifies, where max_concurrency is 1."""


class Close(Exception):
    """The server closes the connection with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Connection:
    """A WebSocket that a client has opened.

    Attributes:
        due: the time by which its next heartbeat has to come.
        sent: how many events it has sent.
    """

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    due: float
    sent: int = 0

    async def send(self, op: int, data: object = None, **more: object) -> None:
        """Send a payload; a client that has gone is none of our business."""
        with contextlib.suppress(ConnectionError):
            await self.socket.send_json({"op": op, "d": data} | more)


@dataclass
class Session:
    """What outlives a connection: the events, for those that come back."""

    shard: int
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    sequence: int = 0
    events: "deque[Json]" = field(default_factory=lambda: deque(maxlen=2000))
    connection: Connection | None = None

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event, or keep it for a RESUME."""
        self.sequence += 1
        self.events.append({"t": event, "s": self.sequence, "data": data})
        if self.connection is not None:
            await self.connection.send(DISPATCH, **self.events[-1])

    async def replay(self, connection: Connection, seen: int) -> None:
        """Send what came after `seen`, in its order, and then go on with this connection."""
        while missed := [event for event in self.events if event["s"] > seen]:
            for event in missed:
                await connection.send(DISPATCH, **event)
                seen = event["s"]
        self.connection = connection


class Gateway:
    """The gateway of one application.

    Args:
        token: the one that it knows.
        shards: how many it wants the application to have.
        heartbeat: seconds between two heartbeats.

    Attributes:
        url: where it listens.
        up: whether it answers at all.
        tries: connections that were tried, while down too.
        sessions: by their id.
        closes: the code with which each connection ended, as the client sent it or as we did.
        heartbeats, resumes, identifies: how many came.
        presence: what the last identify said about it.
        intents: the kinds of events that the last identify asked for.
    """

    def __init__(self, token: str, shards: int, heartbeat: float) -> None:
        self.token = token
        self.shards = shards
        self.heartbeat = heartbeat
        self.url = ""
        self.up = True
        self.tries = 0
        self.sessions: dict[str, Session] = {}
        self.closes: list[int | None] = []
        self.heartbeats = 0
        self.resumes = 0
        self.identifies = 0
        self.presence: Json = {}
        self.intents: int | None = None
        self._identified = float("-inf")
        self._changed = asyncio.Condition()

    async def until(self, fact: Callable[[], object]) -> None:
        """Wait until something about this gateway is true."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: bool(fact())), timeout=60)

    def session(self, shard: int) -> Session:
        """The live session of a shard."""
        return next(session for session in self.sessions.values() if session.shard == shard)

    @property
    def online(self) -> bool:
        """Whether each shard has a session and is connected."""
        return len({session.shard for session in self._connected()}) == self.shards

    async def ask_to_reconnect(self) -> None:
        """Send op 7 to everybody, as Discord does before it restarts a node."""
        for connection in self._connections():
            await connection.send(RECONNECT)

    async def invalidate(self) -> None:
        """Forget every session and say that none can be resumed."""
        connections = self._connections()
        self.sessions.clear()
        for connection in connections:
            await connection.send(INVALID, data=False)

    def drop(self) -> None:
        """Cut every connection, as a broken network does."""
        for connection in self._connections():
            connection.transport.abort()

    def later(self) -> None:
        """Let the time go by in which nobody may identify again."""
        self._identified = float("-inf")

    def silence(self) -> None:
        """Stop reading: whoever says goodbye gets no reply."""
        for connection in self._connections():
            connection.transport.pause_reading()

    def _connected(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.connection is not None]

    def _connections(self) -> list[Connection]:
        return [session.connection for session in self.sessions.values() if session.connection is not None]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve a connection until it ends."""
        self.tries += 1
        await self._notify()
        if not self.up:
            return web.Response(status=503)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            return web.Response(status=400)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert request.transport is not None
        await self._serve(Connection(socket, request.transport, self._due()))
        return socket

    async def _serve(self, connection: Connection) -> None:
        session = None
        try:
            await connection.send(HELLO, {"heartbeat_interval": int(self.heartbeat * 1000)})
            while session is None:
                session = await self._greet(connection)
            while True:
                await self._listen(connection)
        except Close as close:
            self.closes.append(close.code)
            await connection.socket.close(code=close.code)
        finally:
            if session is not None and session.connection is connection:
                session.connection = None
            await self._notify()

    async def _greet(self, connection: Connection) -> Session | None:
        payload = await self._next(connection)
        match payload["op"]:
            case 1:
                return await self._beat(connection)
            case 2:
                return await self._identify(connection, payload["d"])
            case 6:
                return await self._resume(connection, payload["d"])
        raise Close(4003)

    async def _listen(self, connection: Connection) -> None:
        payload = await self._next(connection)
        match payload["op"]:
            case 1:
                await self._beat(connection)
            case 2 | 6:
                raise Close(4005)
            case 3:
                self.presence = payload["d"]
            case _:
                raise Close(4001)

    async def _next(self, connection: Connection) -> Json:
        try:
            async with asyncio.timeout_at(connection.due):
                message = await connection.socket.receive()
        except TimeoutError:
            raise Close(4009) from None
        if message.type is not WSMsgType.TEXT:
            raise Close(connection.socket.close_code or 1006)
        if len(message.data) > LARGEST:
            raise Close(4002)
        payload: Json = json.loads(message.data)
        connection.sent += payload["op"] != HEARTBEAT
        if connection.sent > MOST:
            raise Close(4008)
        return payload

    async def _beat(self, connection: Connection) -> None:
        self.heartbeats += 1
        connection.due = self._due()
        await connection.send(ACK)
        await self._notify()

    def _due(self) -> float:
        return asyncio.get_running_loop().time() + 2 * self.heartbeat

    async def _identify(self, connection: Connection, data: Json) -> Session:
        self.identifies += 1
        now = asyncio.get_running_loop().time()
        early, self._identified = now - self._identified < IDENTIFY_EVERY, now
        self._check(data)
        if early:
            await connection.send(INVALID, data=False)
            raise Close(4000)
        self.presence = data.get("presence", {})
        self.intents = data["intents"]
        shard = data["shard"][0]
        self.sessions = {id_: session for id_, session in self.sessions.items() if session.shard != shard}
        session = Session(shard, connection=connection)
        self.sessions[session.id] = session
        await session.dispatch("READY", self._ready(session))
        await self._notify()
        return session

    def _check(self, data: Json) -> None:
        if data["token"] != self.token:
            raise Close(4004)
        if not isinstance(data.get("intents"), int) or not data.get("properties"):
            raise Close(4013)
        shard, shards = data["shard"]
        if shards != self.shards or not 0 <= shard < shards:
            raise Close(4010)

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": user(APPLICATION, bot=True),
            "guilds": [{"id": GUILD_ID, "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, self.shards],
            "application": {"id": APPLICATION, "flags": 0},
        }

    async def _resume(self, connection: Connection, data: Json) -> Session:
        self.resumes += 1
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token:
            raise Close(4004)
        if session is None:
            await connection.send(INVALID, data=False)
            raise Close(4000)
        if data["seq"] > session.sequence:
            raise Close(4007)
        await session.replay(connection, data["seq"])
        await session.dispatch("RESUMED", {})
        await self._notify()
        return session

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
