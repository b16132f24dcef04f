"""The whole bot as a process of its own."""

import asyncio
import json
import re
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import i18n
from tests import constants
from tests.bot.processes import PIPES, Forked, start
from tests.conftest import ROOT
from tests.fakes.discord_server import DiscordServer
from tests.fakes.redis_server import RedisServer
from tests.fakes.telegram_server import HOST, TOKEN, Telegram, telegram_server

PEOPLE = count(1)
GROUPS = count(-1001, -1)
POLLING: dict[str, str] = {}
WEBHOOK = {"TELEGRAM_WEBHOOK_URL": HOST + "/telegram"}
ADDRESS = re.compile(r"http://\S+:\d+")
NO_PAUSE = constants.replacing(supervisor__MIN_LIFETIME_SECONDS=0)
"""Where all tokens are refused the bot ends at once, and not after five seconds."""
SHORT_LEASE = constants.replacing(
    limits__claims__LEASE_SECONDS=0.3,
    limits__claims__RENEWAL_SECONDS=0.1,
    adapters__telegram__update_queue__LEASE_SECONDS=0.3,
)
"""What a killed replica was at goes to another one at once, and not after a second and a half."""


@dataclass
class BotProcess:
    """A running bot: where it listens, and what it has written so far.

    Attributes:
        address: of its web page, such as http://127.0.0.1:40123.
        lines: every line of its standard error but the start message.
        start: that message, a line of JSON.
    """

    process: Process | Forked
    address: str
    lines: list[str] = field(default_factory=list)
    start: list[str] = field(default_factory=list)
    reader: "asyncio.Task[None] | None" = None

    def events(self, *levels: str) -> list[str]:
        """What it has logged at these levels."""
        lines = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [line["event"] for line in lines if line["level"] in levels]

    def requests(self) -> list[dict[str, Any]]:
        """What it has recorded of each request, in the order of the answers."""
        lines = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [line for line in lines if line["event"] == "request"]

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code; everything written is in `lines` then."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for the end without a signal, as a second one would cut it short; return the exit code."""
        code = await asyncio.wait_for(self.process.wait(), timeout=30)
        if self.reader is not None:
            await self.reader
        return code


@asynccontextmanager
async def running(
    folder: Path = ROOT, code: int = 0, module: str = "bot", **settings: str
) -> AsyncIterator[BotProcess]:
    """Start `python -m bot` on a free port, with metrics, and with these settings; it must stop with that exit code."""
    settings = {"DIGIT_PORT": "0", "DIGIT_METRICS": "true"} | settings
    async with started(folder, module=module, **settings) as process:
        assert process.stderr is not None
        bot = BotProcess(process, "")
        while not bot.address:
            line = (await asyncio.wait_for(process.stderr.readline(), timeout=30)).decode()
            assert line, f"the bot did not start: {bot.lines}"
            found = ADDRESS.search(line)
            bot.address = found.group() if found else ""
            (bot.start if found else bot.lines).append(line)
        bot.reader = asyncio.create_task(_collect(process.stderr, bot.lines))
        try:
            yield bot
        except Exception as error:
            if process.returncode is not None:
                error.add_note(f"the bot had ended with {process.returncode}: {''.join(bot.lines[-20:])}")
            raise
        assert await bot.stop() == code, bot.lines


@asynccontextmanager
async def on_discord(server: DiscordServer, **settings: str) -> AsyncIterator[BotProcess]:
    """Start the bot with a token of that Discord, and wait until it is there."""
    async with running(**(server.settings | settings)) as bot:
        await server.online(bot.address)
        yield bot


@asynccontextmanager
async def on_telegram(
    telegram: Telegram, code: int = 0, folder: Path = ROOT, *, english: bool = True, **settings: str
) -> AsyncIterator[BotProcess]:
    """Start the bot with a token of that Telegram, which finds it at HOST; nobody has to wait between two pictures.

    Args:
        telegram: the server.
        code: exit code.
        folder: working directory.
        english: whether English is all it speaks: menus in twelve languages are a hundred calls at each start.
        settings: environment variables.
    """
    given = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "DIGIT_COOLDOWN": "0", "DIGIT_CHAT_LIMIT": "0"}
    given |= settings
    if english:
        given |= constants.replacing(settings, i18n__FOLDER="no catalogs")
    async with running(folder, code, **given) as bot:
        telegram.bot = bot.address
        yield bot


@asynccontextmanager
async def started(
    folder: Path = ROOT, *arguments: str, options: Mapping[str, Any] = PIPES, module: str = "bot", **settings: str
) -> AsyncIterator[Process | Forked]:
    """Start the bot's command line without waiting for it; whatever becomes of the test, it does not outlive it.

    Args:
        folder: working directory.
        arguments: of the command line.
        options: of `asyncio.create_subprocess_exec`.
        module: that is the bot, unless constants are replaced.
        settings: environment variables, `tests.constants.replacing` among them.
    """
    module = "tests.constants" if constants.VARIABLE in settings else module
    process = await start(module, arguments, folder, settings, options)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def finished(folder: Path = ROOT, *arguments: str, **settings: str) -> tuple[int, str]:
    """Run the bot's command line to its end; returns the exit code and what it wrote to standard error."""
    async with started(folder, *arguments, **settings) as process:
        _, written = await asyncio.wait_for(process.communicate(), timeout=60)
    assert process.returncode is not None
    return process.returncode, written.decode()


def no_traceback(written: str, secret: str) -> None:
    """Nothing in a log that an operator would take for a fault of the program, and no token."""
    assert "Traceback" not in written
    assert secret not in written


async def _collect(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode())


@pytest.fixture(scope="module")
def way() -> dict[str, str]:
    """The settings of the way on which updates come; the tests of the adapter choose it."""
    return POLLING


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram_and_bot(way: dict[str, str]) -> AsyncIterator[tuple[Telegram, BotProcess]]:
    """One Telegram and one bot for all tests here: each has people and groups of its own."""
    async with telegram_server() as telegram, on_telegram(telegram, DIGIT_PUBLIC_URL=HOST, **way) as bot:
        await telegram.next(*(["setWebhook"] if way else ["getUpdates"]))
        yield telegram, bot
        await bot.stop()
    assert not [line for line in bot.lines if '"error"' in line or "Traceback" in line]


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(telegram_and_bot: tuple[Telegram, BotProcess]) -> AsyncIterator[Telegram]:
    """Telegram, with nothing said and nothing waiting."""
    telegram, _ = telegram_and_bot
    await telegram.until(lambda: not telegram.pending)
    telegram.calls.clear()
    yield telegram


@pytest.fixture
def alice() -> int:
    """Somebody who has not met the bot before."""
    return next(PEOPLE)


@pytest.fixture
def group() -> int:
    """A group in which nobody has spoken."""
    return next(GROUPS)


@pytest.fixture
async def new_telegram() -> AsyncIterator[Telegram]:
    """A Telegram that no bot has spoken to."""
    async with telegram_server() as telegram:
        yield telegram


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which translations are looked for."""
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    i18n.forget()
    yield tmp_path
    i18n.forget()


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RedisServer]:
    """A Redis that runs."""
    async with RedisServer(tmp_path) as server:
        await server.start()
        yield server
