"""A real Redis or Valkey on a unix socket, to be killed, paused and started again."""

import asyncio
import signal
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import Self

from redis.asyncio import Redis

from tests import programs
from tests.waiting import until


class RedisServer:
    """A Redis whose data is gone with the process, and that is gone with its context (`async with`).

    Args:
        folder: for its socket.
        password: that it asks for, or none.
    """

    def __init__(self, folder: Path, password: str = "") -> None:
        self._socket = folder / "redis.sock"
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
        return f"unix://{f':{self._password}@' if self._password else ''}{self._socket}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        password = ["--requirepass", self._password] if self._password else []
        self._process = await asyncio.create_subprocess_exec(
            self._program, "--port", "0", "--unixsocket", self._socket, "--save", "", *password, stdout=DEVNULL
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
        self._socket.unlink(missing_ok=True)

    def pause(self) -> None:
        """Leave every connection open and answer none."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again."""
        self._signal(signal.SIGCONT)

    def _started(self) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, f"{self._program} did not start"
        return self._socket.exists()

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
