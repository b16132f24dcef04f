"""deploy/swarm/haproxy.cfg, read by HAProxy itself, in front of replicas that refuse."""

import asyncio
import re
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests import programs
from tests.conftest import ROOT
from tests.waiting import until

FILE = ROOT / "deploy" / "swarm" / "haproxy.cfg"
POSTS = 60


class Replica:
    """A replica of the bot, as far as the proxy sees it.

    Attributes:
        refuses: whether it is about to stop, and the proxy has not noticed yet.
        posts: that it has, and holds until `answer` is set.
    """

    def __init__(self, *, refuses: bool) -> None:
        self.refuses = refuses
        self.posts = 0
        self.answer = asyncio.Event()

    def server(self) -> TestServer:
        """Return its server."""
        app = web.Application()
        app.add_routes([web.get("/{ready}", self._ready), web.post("/discord/interactions", self._post)])
        return TestServer(app)

    async def _ready(self, _: web.Request) -> web.Response:
        return web.Response()

    async def _post(self, request: web.Request) -> web.Response:
        await request.read()
        if self.refuses:
            return web.Response(status=503)
        self.posts += 1
        await self.answer.wait()
        return web.Response(status=202)


@asynccontextmanager
async def proxy(folder: Path, replicas: Sequence[Replica]) -> AsyncIterator[aiohttp.ClientSession]:
    """Run HAProxy in front of replicas, which it finds by address and not by name; yields a client of it."""
    path, way = folder / "haproxy.cfg", folder / "proxy.sock"
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(replica.server()) for replica in replicas]
        lines = "\n".join(f"    server digit{server.port} 127.0.0.1:{server.port}" for server in servers)
        text = FILE.read_text().replace(" resolvers docker init-addr none", "")
        text = re.sub("    server-template .*", lines, text)
        path.write_text(re.sub("bind .*", f"bind unix@{way}", text))
        process = await asyncio.create_subprocess_exec(programs.HAPROXY.path(), "-db", "-f", path, stdout=DEVNULL)
        try:
            await until(way.exists)
            connector = aiohttp.UnixConnector(str(way), limit=0)
            yield await stack.enter_async_context(aiohttp.ClientSession("http://bot", connector=connector))
        finally:
            process.terminate()
            await process.wait()


async def test_replicas_that_refuse_cost_nobody_a_post(tmp_path: Path) -> None:
    """While two replicas of four refuse everything and the others are busy, these get every post."""
    replicas = [Replica(refuses=number < 2) for number in range(4)]
    async with proxy(tmp_path, replicas) as client:

        async def post() -> int:
            async with client.post("/discord/interactions", data=b"{}") as response:
                return response.status

        posts = [asyncio.create_task(post()) for _ in range(POSTS)]
        await until(lambda: sum(replica.posts for replica in replicas) + sum(task.done() for task in posts) == POSTS)
        for replica in replicas:
            replica.answer.set()
        assert await asyncio.gather(*posts) == POSTS * [202]
