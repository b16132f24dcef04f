"""A real redis-server on a unix socket, to be killed, paused and started again."""

import asyncio
import signal
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

from redis.asyncio import Redis

SERVER = "redis-server"
"""Debian's package of that name has it. Where it is missing the tests fail."""


class RedisServer:
    """A Redis whose data is gone with the process.

    Args:
        folder: for its socket.
        password: that it asks for, or none.
    """

    def __init__(self, folder: Path, password: str = "") -> None:
        self._socket = folder / "redis.sock"
        self._password = password
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """Its address, as DIGIT_REDIS_URL takes it."""
        return f"unix://{f':{self._password}@' if self._password else ''}{self._socket}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        password = ["--requirepass", self._password] if self._password else []
        self._process = await asyncio.create_subprocess_exec(
            SERVER, "--port", "0", "--unixsocket", self._socket, "--save", "", *password, stdout=DEVNULL
        )
        while not self._socket.exists():
            assert self._process.returncode is None, "redis-server did not start"
            await asyncio.sleep(0.01)

    async def keys(self) -> dict[str, int]:
        """Every key with the seconds after which it expires; -1 is never."""
        async with Redis.from_url(self.url, decode_responses=True) as client:
            return {key: await client.ttl(key) for key in await client.keys()}

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._socket.unlink(missing_ok=True)

    def pause(self) -> None:
        """Leave every connection open and answer none."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
