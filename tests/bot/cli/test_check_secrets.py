"""`check` on the wrong answers: whatever a platform's address leads to, it is a line each, without a token in it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.bot.conftest import started
from tests.conftest import ROOT
from tests.fakes.discord_server import TOKEN as DISCORD
from tests.fakes.telegram_server import TOKEN as TELEGRAM

SECRET = TELEGRAM.partition(":")[2]
PASSWORD = "pa55word"  # noqa: S105
Answer = Callable[[str], bytes]
"""From the path that was asked for, token and all, to the bytes of an answer."""


def answer(body: str = "", status: str = "200 OK", **headers: str) -> bytes:
    """An answer of HTTP."""
    headers = {"Content-Type": "application/json", "Connection": "close", "Content-Length": str(len(body))} | headers
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", body]).encode()


ANSWERS: dict[str, Answer] = {
    "nothing": lambda _: b"",
    "no HTTP": lambda path: f"{path}\r\n\r\n".encode(),
    "a page": lambda path: answer(f"<html>{path}</html>", Content_Type="text/html"),
    "no JSON": lambda path: answer(path),
    "a list": lambda path: answer(f'["{path}"]'),
    "brackets without end": lambda _: answer("[" * 100_000),
    "the address for a name": lambda path: answer(
        f'{{"name": "{path}", "id": "{path}", "result": {{"username": "{path}"}}}}'
    ),
    "another charset": lambda path: answer(path, Content_Type="application/json; charset=klingon"),
    "an error": lambda path: answer(path, f"500 {path}"),
    "a way in circles": lambda path: answer("", "302 Found", Location=path),
    "a way to nowhere": lambda path: answer("", "302 Found", Location=f"http://nowhere.invalid{path}"),
    "a way that is none": lambda path: answer("", "302 Found", Location=f"ftp://[{path}"),
    "a date that is none": lambda path: answer("{}", Date=path),
    "a date of another age": lambda _: answer("{}", Date="Mon, 01 Jan 99999999999999999999 00:00:00 GMT"),
    "half an answer": lambda path: answer(path, Content_Length="100000"),
    "what is not compressed": lambda path: answer(path, Content_Encoding="gzip"),
}


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """Serve one and the same answer to everything; yields the address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split()[1].decode()
        writer.write(answer(path))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())


async def check(**settings: str) -> tuple[int | None, str]:
    """Run `check` with good tokens; returns its exit code and what it wrote, once that was seen to hold no token."""
    async with started(ROOT, "check", **({"DIGIT_PORT": "0", "TELEGRAM_TOKEN": TELEGRAM} | settings)) as process:
        told, complaints = await asyncio.wait_for(process.communicate(), timeout=60)
    written = (told + complaints).decode()
    assert SECRET not in written
    assert DISCORD not in written
    assert PASSWORD not in written
    assert "Traceback" not in written
    return process.returncode, written


@pytest.mark.parametrize(("telegram", "discord"), list(zip(tuple(ANSWERS)[::2], tuple(ANSWERS)[1::2], strict=True)))
async def test_whatever_answers_in_a_platforms_place_shows_no_token(telegram: str, discord: str) -> None:
    """Each wrong answer is a warning or a name without the token, no traceback, and no reason not to start."""
    async with answering(ANSWERS[discord]) as one, answering(ANSWERS[telegram]) as other:
        code, written = await check(TELEGRAM_API_URL=other, DISCORD_TOKEN=DISCORD, DISCORD_API_URL=one)
    assert code == 0
    for setting in ("TELEGRAM_TOKEN", "DISCORD_TOKEN"):
        assert setting in written


@pytest.mark.parametrize(
    "settings",
    [
        {"TELEGRAM_API_URL": f"http://127.0.0.1:1/bot{TELEGRAM}"},
        {"TELEGRAM_API_URL": "http://127.0.0.1:1", "TELEGRAM_WEBHOOK_URL": f"https://example.org/{TELEGRAM}"},
        {"TELEGRAM_API_URL": "http://127.0.0.1:1", "DIGIT_PUBLIC_URL": f"https://example.org/?token={SECRET}"},
        {"TELEGRAM_API_URL": "http://127.0.0.1:1", "DIGIT_PUBLIC_URL": f"https://example.org/?t={TELEGRAM}"},
        {
            "TELEGRAM_API_URL": f"http://user:{PASSWORD}@127.0.0.1:1",
            "DIGIT_REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:1",
        },
        {"TELEGRAM_API_URL": "http://127.0.0.1:1", "DIGIT_PUBLIC_URL": f"http://user:{PASSWORD}@example.org"},
    ],
)
async def test_a_secret_inside_an_address_is_not_told(settings: dict[str, str]) -> None:
    """Addresses that hold the token, as many webhooks do, or a password are told with that hidden in them."""
    code, written = await check(**settings)
    assert code == 0
    assert "127.0.0.1:1" in written
    assert "[hidden]" in written
