"""A real Redis or Valkey on a unix socket, to be killed, paused and started again."""

import asyncio
import signal
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import Self

from redis.asyncio import Redis

from tests import programs
from tests.waiting import until


class SlowNetwork:
    """A way to a Redis on which every answer takes its time, for as long as its context (`async with`).

    Args:
        redis: to connect to.
        folder: for a socket of its own.

    Attributes:
        url: of this way.
        delay_seconds: before each answer.
    """

    def __init__(self, redis: "RedisServer", folder: Path) -> None:
        self.delay_seconds = 0.0
        self.url = f"unix://{folder / 'slow.sock'}"
        self._near, self._far = folder / "slow.sock", redis.socket
        self._ways: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._connect, self._near)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def _connect(self, near_reader: asyncio.StreamReader, near_writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self._far)
        except OSError:  # it has been killed
            near_writer.close()
            return
        self._ways |= {
            asyncio.create_task(self._carry(near_reader, far_writer, slow=False)),
            asyncio.create_task(self._carry(far_reader, near_writer, slow=True)),
        }

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slow: bool) -> None:
        try:
            while data := await reader.read(4096):
                await asyncio.sleep(self.delay_seconds if slow else 0)
                writer.write(data)
        finally:
            writer.close()


class RedisServer:
    """A Redis whose data is gone with the process, and that is gone with its context (`async with`).

    Args:
        folder: for its socket.
        password: that it asks for, or none.

    Attributes:
        socket: path of its socket.
    """

    def __init__(self, folder: Path, password: str = "") -> None:
        self.socket = folder / "redis.sock"
        self._password = password
        self._program = programs.REDIS.path()
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    @property
    def url(self) -> str:
        """Its address, as DIGIT_REDIS_URL takes it."""
        return f"unix://{f':{self._password}@' if self._password else ''}{self.socket}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        password = ["--requirepass", self._password] if self._password else []
        self._process = await asyncio.create_subprocess_exec(
            self._program, "--port", "0", "--unixsocket", self.socket, "--save", "", *password, stdout=DEVNULL
        )
        await until(self._started)

    async def keys(self) -> dict[str, int]:
        """Every key with the seconds after which it expires; -1 is never."""
        async with Redis.from_url(self.url, decode_responses=True) as client:
            return {key: await client.ttl(key) for key in await client.keys()}

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self.socket.unlink(missing_ok=True)

    def pause(self) -> None:
        """Leave every connection open and answer none."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again."""
        self._signal(signal.SIGCONT)

    async def _started(self) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, f"{self._program} did not start"
        try:
            _, writer = await asyncio.open_unix_connection(self.socket)
        except OSError:  # the socket is there before anybody listens
            return False
        writer.close()
        return True

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
