"""The bot as a process: how it starts, refuses to start, serves a crowd, and stops."""

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import shutil
import signal
import socket
import sys
import termios
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from PIL import Image

from tests.bot.conftest import ADDRESS, finished, running, started
from tests.conftest import ROOT, WEIGHTS
from tests.constants import replacing
from tests.waiting import until


def one_line(written: str, *parts: str) -> None:
    """What was written is a single line that holds `parts`, and no traceback."""
    assert written.count("\n") == 1, written
    for part in parts:
        assert part in written


async def test_it_starts_without_any_setting_and_says_where_to_look() -> None:
    """With no token the web page is the whole product, and its address is the first line."""
    async with running() as bot, aiohttp.ClientSession() as client:
        response = await client.get(bot.address + "/digit/4.png")
        assert response.status == 200
        assert (await response.read())[:4] == b"\x89PNG"


async def test_log_lines_are_json_where_nobody_watches() -> None:
    """Without a terminal each request is one JSON line with how it ended, and no word that was typed."""
    async with running() as bot, aiohttp.ClientSession() as client:
        await client.get(bot.address + "/digit/4.png?seed=7")
        await client.get(bot.address + "/digit/44.png")
        await bot.stop()
        drawn, refused = [json.loads(line) for line in bot.lines if line.startswith("{")]
    assert (drawn["event"], drawn["command"], drawn["seed"], drawn["level"]) == ("request", "digit", 7, "info")
    assert (refused["event"], refused["outcome"], refused["level"]) == ("request", "bad_request", "info")
    assert "44" not in {str(value) for value in refused.values()}


async def test_the_start_message_in_a_container_is_json_with_an_address_to_open() -> None:
    """All that the bot writes there is JSON, and 0.0.0.0, which no browser opens, is the address of this machine."""
    async with running(DIGIT_HOST="0.0.0.0", DIGIT_LOG_LEVEL="ERROR") as bot, aiohttp.ClientSession() as client:  # noqa: S104
        assert (await client.get(bot.address + "/healthz")).status == 200
    (start,) = map(json.loads, bot.start)
    assert start["event"] == "serving"
    assert start["address"] == bot.address
    assert bot.address.startswith("http://127.0.0.1:")


async def test_a_misspelt_setting_is_a_warning_in_the_log() -> None:
    """The bot starts all the same, and says before anything else what nobody reads."""
    async with running(DIGIT_CHAT_LIMITS="1") as bot:
        pass
    assert bot.events("warning") == ["DIGIT_CHAT_LIMITS is no setting: did you mean DIGIT_CHAT_LIMIT?"]


async def test_sighup_changes_nothing() -> None:
    """A bot that is told to reload goes on drawing, and the log says what to do instead."""
    async with running() as bot, aiohttp.ClientSession() as client:
        bot.process.send_signal(signal.SIGHUP)
        await until(lambda: bot.events("info"))
        assert (await client.get(bot.address + "/digit/4.png")).status == 200
        assert await bot.stop() == 0
    assert "SIGHUP" in bot.events("info")[0]
    assert "restart" in bot.events("info")[0]


async def test_a_terminal_that_closes_ends_nothing() -> None:
    """Started in a terminal that is closed then, the bot goes on drawing, though its log has nowhere to go."""
    terminal, inside = pty.openpty()
    options = {
        **dict.fromkeys(("stdin", "stdout", "stderr"), inside),
        "start_new_session": True,
        # Without this it would be no terminal of the process's, and closing it no signal.
        "preexec_fn": lambda: fcntl.ioctl(inside, termios.TIOCSCTTY, 0),
    }
    async with started(options=options, DIGIT_PORT="0") as process, aiohttp.ClientSession() as client:
        os.close(inside)
        written = ""
        while written.count("\n") < 3 or not (found := ADDRESS.search(written)):
            # A process that ends closes the terminal, and the read fails.
            read = asyncio.to_thread(os.read, terminal, 4096)
            written += (await asyncio.wait_for(read, timeout=30)).decode()
        os.close(terminal)
        assert [found.group(), "Ctrl+C" in written] == [written.splitlines()[0], True]
        for _ in range(3):
            assert (await client.get(found.group() + "/digit/4.png")).status == 200
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), timeout=30) == 0


async def test_the_public_address_reaches_the_page() -> None:
    """What other sites show of a link comes from the address that the operator has set."""
    async with running(DIGIT_PUBLIC_URL="https://example.org/digits") as bot, aiohttp.ClientSession() as client:
        page = await (await client.get(bot.address)).text()
    assert 'property="og:image" content="https://example.org/digits/digit/4.png' in page


async def test_sigterm_answers_every_request() -> None:
    """Of 100 requests at a SIGTERM each has its picture or, if it was read too late, 503; the exit code is 0."""
    sent: list[object] = []

    async def note(*about: object) -> None:
        sent.append(about)

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(note)
    everybody = {"connector": aiohttp.TCPConnector(limit=0), "trace_configs": [trace]}
    # However slow the machine is, no connection is cut.
    async with running(**replacing(app__DRAIN_SECONDS=25)) as bot, aiohttp.ClientSession(**everybody) as client:

        async def ask(digit: int) -> bytes | None:
            async with client.get(f"{bot.address}/digit/{digit}.png") as response:
                body = await response.read()
                assert response.status == 200 or response.headers["Retry-After"]
                assert response.status in (200, 503)
                return body if response.status == 200 else None

        requests = [asyncio.create_task(ask(i % 10)) for i in range(100)]
        await asyncio.wait(requests, return_when=asyncio.FIRST_COMPLETED)
        await until(lambda: len(sent) == len(requests))
        assert await bot.stop() == 0
        answers = await asyncio.gather(*requests)
    pictures = [answer for answer in answers if answer is not None]
    assert len(set(pictures)) == len(pictures) > 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_idle_bot_stops_at_once(number: int) -> None:
    """A signal ends it with exit code 0 and no traceback, an open connection notwithstanding."""
    async with running() as bot:
        url = urlsplit(bot.address)
        _, writer = await asyncio.open_connection(url.hostname, url.port)
        assert await bot.stop(number) == 0
        writer.close()
    assert not [line for line in bot.lines if "Traceback" in line]


async def test_clients_that_hang_up_harm_nobody() -> None:
    """Fifty clients that go away before their picture comes leave no error in the log and the bot drawing."""
    async with running() as bot, aiohttp.ClientSession() as client:
        url = urlsplit(bot.address)
        for _ in range(50):
            _, writer = await asyncio.open_connection(url.hostname, url.port)
            writer.write(b"GET /digit/4.png HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await writer.drain()
            writer.transport.abort()
        async with client.get(bot.address + "/digit/4.png") as response:
            assert response.status == 200
        await bot.stop()
    assert not [line for line in bot.lines if '"error"' in line or "Traceback" in line]


async def test_nonsense_on_the_wire_harms_nobody() -> None:
    """Bytes that are no HTTP are answered or dropped, and nothing above INFO is logged."""
    async with running() as bot, aiohttp.ClientSession() as client:
        url = urlsplit(bot.address)
        for nonsense in (
            b"\x00" * 100,
            b"GET\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * 20_000 + b"\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection(url.hostname, url.port)
            writer.write(nonsense)
            writer.write_eof()
            with contextlib.suppress(ConnectionError):
                await reader.read()
            writer.close()
        async with client.get(bot.address + "/healthz") as response:
            assert response.status == 200
        await bot.stop()
    assert not [line for line in bot.lines if '"level": "info"' not in line and line.startswith("{")]


async def test_a_port_in_use_is_one_line_and_exit_78() -> None:
    """The operator reads which port is taken and which setting moves it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, written = await finished(DIGIT_PORT=port)
    assert code == 78
    one_line(written, "DIGIT_PORT", f"port {port} of 127.0.0.1 is in use: try DIGIT_PORT={int(port) + 1}")


async def test_an_address_of_another_machine_is_one_line_and_exit_78() -> None:
    """An address that this machine does not have is named with its setting."""
    code, written = await finished(DIGIT_HOST="192.0.2.1", DIGIT_PORT="0")
    assert code == 78
    one_line(written, "DIGIT_HOST", "192.0.2.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGIT_PORT", "http"),
        ("DIGIT_QUEUE", "0"),
        ("DIGIT_LOG_LEVEL", "x"),
        ("DIGIT_MODEL", "gpt"),
        ("DIGIT_REDIS_URL", "redis://localhost:x"),
    ],
)
async def test_a_bad_setting_is_one_line_and_exit_78(name: str, value: str) -> None:
    """A setting that cannot be used is named, without a traceback."""
    code, written = await finished(**({"DIGIT_PORT": "0"} | {name: value}))
    assert code == 78
    one_line(written, name)


@pytest.mark.parametrize("damage", ["missing folder", "missing model", "altered", "cut short", "no model"])
async def test_bad_weights_are_one_line_and_exit_78(tmp_path: Path, damage: str) -> None:
    """Weights that are missing, altered, cut short or something else are named by their path."""
    folder = tmp_path / "weights"
    if damage != "missing folder":
        shutil.copytree(WEIGHTS, folder)
        model = folder / "cgan.onnx"
        content = model.read_bytes()
        model.unlink()
        if damage == "altered":
            model.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        elif damage == "cut short":
            model.write_bytes(content[: len(content) // 2])
        elif damage == "no model":
            model.write_bytes(b"hello")
    code, written = await finished(DIGIT_WEIGHTS=str(folder), DIGIT_PORT="0")
    assert code == 78
    one_line(written, str(folder))


async def test_draw_works_from_any_folder(tmp_path: Path) -> None:
    """`draw` writes the same strip as the page gives for that seed, wherever it is called from."""
    code, _ = await finished(tmp_path, "draw", "7", "--count", "10", "--seed", "1", "--out", "seven.png")
    assert code == 0
    async with running() as bot, aiohttp.ClientSession() as client:
        response = await client.get(bot.address + "/digit/7.png?count=10&seed=1")
        assert await response.read() == (tmp_path / "seven.png").read_bytes()


async def test_a_strip_of_ten_begins_with_the_strip_of_five(tmp_path: Path) -> None:
    """The first five of `--count 10` are those of `--count 5`."""
    for count in ("5", "10"):
        await finished(tmp_path, "draw", "7", "--count", count, "--seed", "1", "--out", f"{count}.png")
    five, ten = (Image.open(tmp_path / f"{count}.png").convert("L") for count in ("5", "10"))
    # The last pixels before the cut are smoothed with what lies beyond it.
    width = five.width - 30
    assert five.crop((0, 0, width, five.height)).tobytes() == ten.crop((0, 0, width, ten.height)).tobytes()


async def test_draw_names_its_file_by_itself(tmp_path: Path) -> None:
    """Without `--out` the file is named for its digit and seed."""
    code, written = await finished(tmp_path, "draw", "7", "--seed", "1")
    assert code == 0
    assert "digit-7-seed-1.png" in written
    assert (tmp_path / "digit-7-seed-1.png").exists()


@pytest.mark.parametrize(
    "arguments", [("eleven",), ("4", "--count", "0"), ("4", "--seed", "x"), ("4", "--model", "gpt")]
)
async def test_draw_refuses_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A bad digit or option is one sentence and exit code 64, and no file."""
    code, written = await finished(tmp_path, "draw", *arguments)
    assert code == 64
    one_line(written, "python -m bot draw 4")
    assert list(tmp_path.iterdir()) == []


async def test_draw_that_cannot_write_says_so(tmp_path: Path) -> None:
    """A folder that does not exist is named, with exit code 73."""
    code, written = await finished(tmp_path, "draw", "4", "--out", "no/such/four.png")
    assert code == 73
    one_line(written, "no/such/four.png")


async def test_healthcheck_tells_a_running_bot_from_none() -> None:
    """Exit code 0 while the bot serves, 1 and a sentence when nobody listens."""
    async with running() as bot:
        port = str(urlsplit(bot.address).port)
        assert (await finished(ROOT, "healthcheck", DIGIT_PORT=port))[0] == 0
    code, written = await finished(ROOT, "healthcheck", DIGIT_PORT=port)
    assert code == 1
    one_line(written, port)


async def test_serving_imports_nothing_that_it_does_not_need() -> None:
    """Neither torch nor training is needed to draw and serve, and no platform's library until it has a token."""
    unneeded = {"torch", "torchvision", "training", "discord", "telegram", "httpx", "redis"}
    probe = f"import sys, bot.app; assert not {unneeded} & set(sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", probe, cwd=ROOT)
    assert await process.wait() == 0
