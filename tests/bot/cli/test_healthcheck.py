"""`healthcheck`, by its exit code: 0 only where this bot says that it is ready."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.cli.healthcheck import healthcheck
from tests.bot.conftest import finished
from tests.conftest import ROOT


@asynccontextmanager
async def serving(status: int, host: str = "127.0.0.1", path: str = "/readyz") -> AsyncIterator[str]:
    """A server that answers one path with that status, and everything else with 418; yields its port."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status if request.path == path else 418)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    yield str(runner.addresses[0][1])
    await runner.cleanup()


@pytest.mark.parametrize("status", [201, 204, 301, 404, 429, 500, 503])
async def test_a_bot_that_is_not_ready_is_unhealthy(status: int) -> None:
    """Whatever is not 200, such as the 503 of a platform out of reach, is exit code 1 and a line that tells it."""
    async with serving(status) as port:
        code, written = await finished(ROOT, "healthcheck", DIGIT_PORT=port)
    assert code == 1
    assert written.count("\n") == 1
    assert str(status) in written


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"adapters": {"discord": False, "telegram": True}, "stopping": False}, ": not connected to discord."),
        ({"adapters": {"discord": False, "telegram": False}, "stopping": False}, "to discord and telegram."),
        ({"adapters": {"discord": True}, "stopping": True}, ": the bot is stopping."),
        ({"adapters": ["discord"]}, "503."),
        ({"adapters": {}, "stopping": False}, "503."),
        ("discord", "503."),
        (None, "503."),
    ],
)
async def test_it_says_which_platform_is_out_of_reach(
    state: object, reason: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads Docker's record of health checks reads what to look at; another program's answer says nothing."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(state, status=503)

    app = web.Application()
    app.router.add_get("/readyz", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("DIGIT_PORT", str(runner.addresses[0][1]))
    assert await asyncio.to_thread(healthcheck) == 1
    await runner.cleanup()
    assert capsys.readouterr().err.endswith(f"{reason}\n")


@pytest.mark.parametrize(
    ("listens", "host"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("::1", "::1"), ("::", "::")],  # noqa: S104
)
async def test_it_finds_the_bot_wherever_it_listens(listens: str, host: str) -> None:
    """With IPv4 or IPv6, one address or all of them, a ready bot is exit code 0 and not a word."""
    async with serving(200, listens) as port:
        assert await finished(ROOT, "healthcheck", DIGIT_HOST=host, DIGIT_PORT=port) == (0, "")


async def test_it_finds_the_bot_at_the_port_of_a_cloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where PORT names the port, as clouds do, the bot and its health check take the same one."""
    async with serving(200) as port:
        monkeypatch.delenv("DIGIT_PORT", raising=False)
        monkeypatch.setenv("PORT", port)
        assert await asyncio.to_thread(healthcheck) == 0
    assert capsys.readouterr().err == ""


async def test_it_asks_whether_the_bot_is_ready_not_whether_it_lives() -> None:
    """A process that lives but cannot answer commands is unhealthy."""
    async with serving(200, path="/healthz") as port:
        code, _ = await finished(ROOT, "healthcheck", DIGIT_PORT=port)
    assert code == 1


@pytest.mark.parametrize("said", [b"", b"hello\r\n\r\n", b"HTTP/1.1 two hundred\r\n\r\n"])
async def test_another_program_is_unhealthy(said: bytes) -> None:
    """What speaks no HTTP, or hangs up, is exit code 1 and one line."""

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = str(server.sockets[0].getsockname()[1])
        code, written = await finished(ROOT, "healthcheck", DIGIT_PORT=port)
    assert (code, written.count("\n")) == (1, 1)


async def test_a_bot_that_hangs_is_unhealthy() -> None:
    """A bot that takes the connection and never answers is given up on, before Docker gives up on the check."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = str(server.sockets[0].getsockname()[1])
        code, written = await finished(ROOT, "healthcheck", DIGIT_PORT=port)
    assert (code, written.count("\n")) == (1, 1)
