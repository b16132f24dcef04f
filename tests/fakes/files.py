"""Files that a platform hands out over HTTP, whole or with a fault."""

import asyncio
import hashlib
from contextlib import suppress

from aiohttp import web


class Files:
    """Files by the digest of their content.

    Attributes:
        contents: each file by its name.
        served: the names that were asked for, in order.
        fault: of each answer: `cut` and `slow` end after the half, `endless` never ends, `moved` leads to another
            host, `gone` is no file; empty for none.
        release: set once a slow file may go on.
    """

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.served: list[str] = []
        self.fault = ""
        self.release = asyncio.Event()

    def add(self, content: bytes) -> str:
        """Add a file; returns its name."""
        name = hashlib.sha256(content).hexdigest()
        self.contents[name] = content
        return name

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer with the file whose name ends the path."""
        name = request.path.rpartition("/")[2]
        self.served.append(name)
        content = self.contents.get(name)
        if content is None or self.fault == "gone":
            raise web.HTTPNotFound
        if self.fault == "moved":
            raise web.HTTPFound(f"http://localhost:{request.url.port}{request.path}")
        if not self.fault:
            return web.Response(body=content)
        return await self._serve_half(request, content)

    async def _serve_half(self, request: web.Request, content: bytes) -> web.StreamResponse:
        response = web.StreamResponse()
        if self.fault != "endless":
            response.content_length = len(content)
        await response.prepare(request)
        await response.write(content[: len(content) // 2])
        if self.fault == "slow":
            await self.release.wait()
        with suppress(ConnectionResetError):
            while self.fault == "endless":
                await response.write(content)
        assert request.transport is not None
        request.transport.close()
        return response
