"""The start: in the right order, stopped at any moment, refused without a fuss, and not too often."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from tests.bot.conftest import NO_PAUSE, finished, on_telegram, running, started
from tests.conftest import ROOT
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import TOKEN, Telegram
from tests.waiting import until


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord."""
    async with DiscordServer() as server:
        yield server


def tokens(discord: DiscordServer, telegram: Telegram) -> dict[str, str]:
    """Good tokens of both."""
    return discord.settings | {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}


@pytest.mark.parametrize("fault", [{"DIGIT_WEIGHTS": "/no/such/folder"}, {"DIGIT_MODEL": "gpt"}, {"DIGIT_PORT": "x"}])
async def test_what_cannot_serve_calls_nobody(
    discord: DiscordServer, new_telegram: Telegram, fault: dict[str, str]
) -> None:
    """Models and settings come first: a bot that cannot draw costs no login, however often it starts."""
    code, _ = await finished(**(tokens(discord, new_telegram) | {"DIGIT_PORT": "0"} | fault))
    assert code == 78
    assert (discord.rest.calls, new_telegram.calls) == ([], [])


async def test_a_taken_port_calls_nobody(discord: DiscordServer, new_telegram: Telegram) -> None:
    """A second copy of the bot on one port leaves the platforms to the first."""
    async with running() as first:
        port = first.address.rpartition(":")[2]
        code, written = await finished(**tokens(discord, new_telegram), DIGIT_PORT=port)
    assert (code, written.count("\n")) == (78, 1)
    assert (discord.rest.calls, new_telegram.calls) == ([], [])


async def test_a_refused_token_costs_one_login_and_no_connection(discord: DiscordServer) -> None:
    """Discord counts connections, a thousand a day, and a token that it refuses never gets that far."""
    code, _ = await finished(**(discord.settings | NO_PAUSE | {"DISCORD_TOKEN": "no.such.token", "DIGIT_PORT": "0"}))
    assert code == 69
    assert len(discord.rest.calls) == 1
    assert (discord.gateway.tries, discord.gateway.identifies) == (0, 0)


async def test_a_refused_start_serves_the_page_until_it_ends(discord: DiscordServer) -> None:
    """Whatever restarts it asks Discord only so often; until then the page draws, and a SIGTERM ends it with 0."""
    async with (
        running(**(discord.settings | {"DISCORD_TOKEN": "no.such.token"})) as bot,
        aiohttp.ClientSession() as client,
    ):
        await until(lambda: bot.events("error"))
        assert (await client.get(bot.address + "/digit/4.png")).status == 200
        assert (await client.get(bot.address + "/readyz")).status == 503
        assert await bot.stop() == 0
    assert len(discord.rest.calls) == 1


@pytest.mark.parametrize(("left", "connects"), [(1000, True), (102, True), (100, False), (1, False), (0, False)])
async def test_the_last_connections_of_a_day_are_not_spent_at_once(
    discord: DiscordServer, left: int, connects: bool
) -> None:
    """After a night of crashes the bot waits before it connects, says so, and goes on drawing on its page."""
    discord.rest.starts |= {"remaining": left, "reset_after": 80_000_000}
    async with running(**discord.settings) as bot, aiohttp.ClientSession() as client:
        if connects:
            await discord.online()
        await until(lambda: connects or bot.events("warning"))
        assert (await client.get(bot.address + "/digit/4.png")).status == 200
        await bot.stop()
    assert discord.gateway.identifies == int(connects)
    assert len(bot.events("warning")) == int(not connects)
    assert "Traceback" not in "".join(bot.lines)


async def test_connections_that_are_left_are_spread_over_the_day(discord: DiscordServer) -> None:
    """The wait is a share of the time until there are new ones, so that it ends: of a moment, a moment."""
    discord.rest.starts |= {"remaining": 0, "reset_after": 1}
    async with running(**discord.settings):
        await discord.online()


class Door:
    """A file that a program cannot get past: whoever opens it waits for us, and then for what we never write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)

    @asynccontextmanager
    async def reached(self) -> AsyncIterator[None]:
        """Wait until somebody reads, and keep them waiting."""
        opened = -1

        def somebody_reads() -> bool:
            nonlocal opened
            with suppress(OSError):
                opened = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            return opened >= 0

        await until(somebody_reads)
        try:
            yield
        finally:
            os.close(opened)


BEFORE_MODELS = """
import sys
def wait(event, arguments):
    if event == "open" and str(arguments[0]).endswith("manifest.json"):
        open('{door}').read()
sys.addaudithook(wait)
"""
"""Waits at a door before the manifest is opened."""


def asleep(process_id: int) -> bool:
    """Tell whether a process waits for something; where there is no /proc to see it in, True."""
    state = Path(f"/proc/{process_id}/stat")
    # Such as: 4711 (python) S 4710 ...
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "S"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("moment", ["settings", "models"])
async def test_a_signal_before_the_page_is_up_ends_it(
    tmp_path: Path, discord: DiscordServer, moment: str, number: int
) -> None:
    """Stopped while it reads settings or models it ends with 0, has said nothing, called nobody and left nothing."""
    door = Door(tmp_path / "door")
    settings = discord.settings | {"DIGIT_PORT": "0"}
    if moment == "settings":
        settings["TELEGRAM_TOKEN_FILE"] = str(door.path)
    else:  # where a pipe is refused
        (tmp_path / "sitecustomize.py").write_text(BEFORE_MODELS.format(door=door.path))
        settings["PYTHONPATH"] = f"{tmp_path}:{ROOT}"
    folder = tmp_path / "folder"
    folder.mkdir()
    async with started(folder, **settings) as process, door.reached():
        await until(lambda: asleep(process.pid))
        process.send_signal(number)
        told, complaints = await asyncio.wait_for(process.communicate(), timeout=30)
    assert (process.returncode, told, complaints) == (0, b"", b"")
    assert discord.rest.calls == []
    assert list(folder.iterdir()) == []


async def test_a_signal_while_it_connects_ends_it(discord: DiscordServer, new_telegram: Telegram) -> None:
    """Stopped while both platforms keep it waiting, it ends with 0 and without a traceback."""
    new_telegram.hold("getMe")
    discord.gateway.up = False
    async with on_telegram(new_telegram, **discord.settings) as bot:
        await discord.gateway.until(lambda: discord.gateway.tries)
        await new_telegram.until(lambda: new_telegram.called("getMe"))
        assert await bot.stop() == 0
    assert "Traceback" not in "".join(bot.lines)


async def test_a_bot_that_stops_says_that_it_is_not_ready(new_telegram: Telegram) -> None:
    """From the SIGTERM on /readyz is 503, so that nobody sends more; /healthz is 200 while it finishes its work."""
    release = new_telegram.hold("sendPhoto")
    async with on_telegram(new_telegram) as bot, aiohttp.ClientSession() as client:
        await new_telegram.say("/digit 4")
        await new_telegram.until(lambda: new_telegram.called("sendPhoto"))
        assert await readiness(client, bot.address) == (200, False)
        bot.process.send_signal(signal.SIGTERM)
        await until(lambda: _stops(client, bot.address))
        assert await readiness(client, bot.address) == (503, True)
        assert (await client.get(bot.address + "/healthz")).status == 200
        release.set()
        assert await bot.ended() == 0
    assert len(new_telegram.done("sendPhoto")) == 1


async def _stops(client: aiohttp.ClientSession, address: str) -> bool:
    return await readiness(client, address) != (200, False)


async def readiness(client: aiohttp.ClientSession, address: str) -> tuple[int, bool]:
    """What /readyz says: its status, and whether the bot is stopping."""
    async with client.get(address + "/readyz") as answer:
        return answer.status, (await answer.json())["stopping"]


@pytest.mark.parametrize("place", ["environment", ".env", "file", "secret"])
async def test_the_health_check_asks_where_the_bot_listens(tmp_path: Path, place: str) -> None:
    """Wherever the port stands, both read the same."""
    async with running() as bot:
        port = bot.address.rpartition(":")[2]
        settings = {"DIGIT_SECRETS_DIR": str(tmp_path)}
        if place == "environment":
            settings["DIGIT_PORT"] = port
        elif place == ".env":
            (tmp_path / ".env").write_text(f"DIGIT_PORT={port}\n")
        elif place == "file":
            (tmp_path / "port").write_text(port + "\n")
            settings["DIGIT_PORT_FILE"] = str(tmp_path / "port")
        else:
            (tmp_path / "digit_port").write_text(port + "\n")
        assert await finished(tmp_path, "healthcheck", **settings) == (0, "")
    assert (await finished(tmp_path, "healthcheck", **settings))[0] == 1


@pytest.mark.parametrize("port", ["http", "65536", "-1"])
async def test_a_health_check_of_no_port_is_one_line(tmp_path: Path, port: str) -> None:
    """A port that is none is told without a traceback."""
    code, written = await finished(tmp_path, "healthcheck", DIGIT_PORT=port)
    assert (code, written.count("\n")) == (1, 1)


async def test_the_health_check_is_light(tmp_path: Path) -> None:
    """It runs every half minute on small machines: it loads neither the settings' library nor any of the bot's."""
    heavy = {"pydantic", "pydantic_settings", "aiohttp", "asyncio", "numpy", "onnxruntime", "bot.config.settings"}
    probe = f"import sys, bot.cli.main as m; m.main(['healthcheck']); assert not {heavy} & set(sys.modules)"
    (tmp_path / ".env").write_text("DIGIT_PORT=1\n")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", probe, cwd=tmp_path, env=environment)
    assert await process.wait() == 0
