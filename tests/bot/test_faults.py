"""The bot on a machine that fails: disks, names, clocks, files that change under it, and clients that never finish."""

import asyncio
import contextlib
import fcntl
import json
import os
import shlex
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.bot.conftest import BotProcess, no_traceback, on_telegram, running, started
from tests.clocks import settable
from tests.conftest import ROOT, WEIGHTS
from tests.fakes.discord_server import TOKEN, DiscordServer
from tests.fakes.telegram_server import Telegram
from tests.waiting import until

HOUR = 3600
PIPE_BYTES = 4096
"""The smallest pipe that Linux makes."""
SLOW = 1000
"""Clients that never finish their request."""


async def page(bot: BotProcess, path: str) -> bytes:
    """What the page gives."""
    async with aiohttp.ClientSession() as client, client.get(bot.address + path) as answer:
        assert answer.status == 200
        return await answer.read()


@pytest.fixture
def fault(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Makes settings with which a Python runs some code before it starts."""

    def put(code: str) -> dict[str, str]:
        (tmp_path / "sitecustomize.py").write_text(code)
        return {"PYTHONPATH": f"{tmp_path}:{ROOT}"}

    return put


NO_ROOM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""


async def test_without_any_place_to_write_everything_is_served(
    fault: Callable[[str], dict[str, str]], new_telegram: Telegram
) -> None:
    """A full disk, a read-only folder, no home, no /tmp: page, Discord and Telegram are served as ever."""
    # As on a full disk no file can grow by a byte, and in /proc nobody can make one at all, root included.
    nowhere = fault(NO_ROOM) | {"HOME": "/proc/nowhere", "TMPDIR": "/proc/nowhere"}
    async with (
        DiscordServer() as discord,
        on_telegram(new_telegram, folder=Path("/proc"), **(nowhere | discord.settings)) as bot,
    ):
        await discord.online()
        assert (await page(bot, "/digit/4.png"))[:4] == b"\x89PNG"
        assert (await discord.command("digit", digit="4")).files
        await new_telegram.say("/morph 3 8")
        await new_telegram.next("sendAnimation")
        await bot.stop()
    assert not bot.events("warning", "error")


async def test_a_log_that_cannot_be_written_keeps_nobody_waiting() -> None:
    """With standard error on a full disk the page is served, and a SIGTERM ends it with 0."""
    port = free_port()
    with Path("/dev/full").open("w") as full:  # noqa: ASYNC230  it opens at once
        async with (
            started(options={"stderr": full}, DIGIT_PORT=str(port)) as process,
            aiohttp.ClientSession() as client,
        ):

            async def drawn() -> int | None:
                assert process.returncode is None
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    return (await client.get(f"http://127.0.0.1:{port}/digit/4.png")).status
                return None

            assert await until(drawn) == 200
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), timeout=30) == 0


async def test_a_log_that_nobody_reads_keeps_nobody_waiting() -> None:
    """With standard error into a pipe that is full, every picture is served, and a SIGTERM ends the bot with 0."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    port = free_port()
    try:
        async with (
            started(options={"stderr": writing}, DIGIT_PORT=str(port), DIGIT_ADDRESS_LIMIT="0") as process,
            aiohttp.ClientSession() as client,
        ):

            async def ready() -> bool:
                assert process.returncode is None
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    return (await client.get(f"http://127.0.0.1:{port}/readyz")).status == 200
                return False

            await until(ready)
            for _ in range(PIPE_BYTES // 100):
                async with client.get(f"http://127.0.0.1:{port}/digit/4.png?count=1") as answer:
                    assert answer.status == 200
            async with client.get(f"http://127.0.0.1:{port}/healthz") as answer:
                assert answer.status == 200
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), timeout=30) == 0
    finally:
        os.close(reading)
        os.close(writing)


async def test_a_bot_without_standard_error_serves() -> None:
    """Where it was closed, as with `2>&-`, the page is served, and no client reads the log."""
    port = free_port()
    command = f"exec {shlex.quote(sys.executable)} -m bot 2>&-"
    async with aiohttp.ClientSession() as client:
        process = await asyncio.create_subprocess_shell(command, cwd=ROOT, env=os.environ | {"DIGIT_PORT": str(port)})
        try:

            async def drawn() -> bytes | None:
                assert process.returncode is None
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    async with client.get(f"http://127.0.0.1:{port}/digit/4.png") as answer:
                        return await answer.read()
                return None

            picture = await until(drawn)
            assert picture is not None
            assert picture.startswith(b"\x89PNG")
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), timeout=30) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


LOOK_UP = """
import socket, sys, threading
look_up = socket.getaddrinfo
def find(host, *more, **options):
    name = host.decode() if isinstance(host, bytes) else str(host)
    if not name.endswith(".invalid"):
        return look_up(host, *more, **options)
    sys.stderr.write(f"looking up {name}\\n")
    ENDING
socket.getaddrinfo = find
"""
UNKNOWN = LOOK_UP.replace("ENDING", 'raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")')
HANGING = LOOK_UP.replace("ENDING", "threading.Event().wait()")
HOSTS = ("discord.invalid", "telegram.invalid")
NOWHERE = {
    "DISCORD_TOKEN": TOKEN,
    "DISCORD_API_URL": "http://discord.invalid/api/v10",
    "TELEGRAM_TOKEN": "1:x",
    "TELEGRAM_API_URL": "http://telegram.invalid",
}


async def looked_up(bot: BotProcess, times: int) -> None:
    """Wait until the bot has looked up each platform so often."""
    await until(lambda: all(bot.lines.count(f"looking up {host}\n") >= times for host in HOSTS), seconds=60)


async def test_without_names_the_page_is_served(fault: Callable[[str], dict[str, str]]) -> None:
    """Platforms whose names do not resolve are tried again and again; each try costs a line, and none the page."""
    async with running(**(NOWHERE | fault(UNKNOWN))) as bot:
        await looked_up(bot, 3)
        assert await page(bot, "/digit/4.png")
        assert await bot.stop() == 0
    outages = {"cannot reach its platform, and keeps trying", "not connected to Telegram, and keep trying"}
    assert set(bot.events("warning", "error")) == outages
    assert len(bot.events("warning")) >= 2 * len(HOSTS)
    no_traceback("".join(bot.lines), TOKEN)


async def test_a_name_server_that_hangs_does_not_hold_up_the_end(fault: Callable[[str], dict[str, str]]) -> None:
    """While the platforms' names are being looked up for ever, the page is served, and a SIGTERM ends it with 0."""
    async with running(**(NOWHERE | fault(HANGING))) as bot:
        await looked_up(bot, 1)
        assert await page(bot, "/digit/4.png")
        assert await bot.stop() == 0


async def test_a_clock_that_jumps_stops_nobody(tmp_path: Path, new_telegram: Telegram) -> None:
    """Set an hour ahead, an hour back and right again, the bot goes on answering on every platform."""
    clock = tmp_path / "clock"
    clock.write_text("+0")
    jumping = settable(clock)
    async with DiscordServer() as discord, on_telegram(new_telegram, **(jumping | discord.settings)) as bot:
        await discord.online()
        for turn, ahead in enumerate((HOUR, -HOUR, 0)):
            clock.write_text(f"{ahead:+}")
            assert await page(bot, "/digit/4.png")
            assert (await discord.command("digit", digit="4")).files
            await new_telegram.say("/digit 4")
            await new_telegram.next("sendPhoto", after=turn)
            await until(lambda ahead=ahead: abs(newest(bot) - time.time() - ahead) < HOUR / 4)
        await bot.stop()
    assert not bot.events("warning", "error")


def newest(bot: BotProcess) -> float:
    """The time of the last line of the log, as the bot's clock had it."""
    line = next(json.loads(line) for line in reversed(bot.lines) if line.startswith("{"))
    return datetime.fromisoformat(line["timestamp"]).timestamp()


async def test_models_that_change_under_a_running_bot_do_not_matter(tmp_path: Path) -> None:
    """Overwritten, cut short and deleted while the bot runs, its models draw what they have drawn before."""
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    paths = ("/compare/4.png?seed=7", "/morph/3/8.gif?seed=7", "/curve.png", "/models")
    async with running(DIGIT_WEIGHTS=str(folder)) as bot:
        before = [await page(bot, path) for path in paths]
        for file in folder.iterdir():
            if file.is_file():
                file.write_bytes(b"")
        assert [await page(bot, path) for path in paths] == before
        shutil.rmtree(folder)
        assert [await page(bot, path) for path in paths] == before
        await bot.stop()
    assert not bot.events("warning", "error")


FEW_FILES = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 8192))
"""


async def test_clients_that_never_finish_cost_nobody_else_anything(fault: Callable[[str], dict[str, str]]) -> None:
    """With a thousand clients that send a byte now and then, others are answered, and each costs a few kilobytes."""
    # As on a system that gives a process few to begin with, and more if it asks.
    async with running(**fault(FEW_FILES)) as bot:
        url = urlsplit(bot.address)
        await page(bot, "/digit/4.png")
        before = memory(bot)
        # Each address has so many connections, and the bot a thousand in all for those of other machines.
        addresses = [(f"127.0.0.{2 + client * 8 // SLOW}", 0) for client in range(SLOW)]
        clients = [await asyncio.open_connection(url.hostname, url.port, local_addr=each) for each in addresses]
        for byte in b"GET / HTTP/1.1\r\nA: a":
            for _, writer in clients:
                writer.write(bytes([byte]))
            assert await page(bot, "/digit/4.png")
        assert memory(bot) - before < 32 * SLOW
        for _, writer in clients:
            writer.transport.abort()
        await bot.stop()
    assert not bot.events("warning", "error")


def memory(bot: BotProcess) -> int:
    """Kilobytes that the bot holds."""
    status = Path(f"/proc/{bot.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
