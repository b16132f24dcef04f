"""The client library as it is set up: what is tried again, for how long, and what that rests on."""

import asyncio
import inspect
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace

import pytest
import structlog
from telegram import ReplyParameters
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, BaseRateLimiter, _aioratelimiter
from telegram.request import _baserequest

from bot.adapters.telegram import client
from bot.adapters.telegram.flood_control import MAX_FLOODED_CHATS
from bot.adapters.telegram.server_clock import ServerClock
from bot.telemetry import logs
from tests.fakes.telegram_server import TOKEN, Telegram
from tests.waiting import until


@pytest.fixture
async def connected(new_telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[client.Client]:
    """A connected client, which waits for nothing before it tries again."""
    monkeypatch.setattr(client, "FIRST_RETRY_SECONDS", 0)
    connected, _ = client.create(TOKEN, new_telegram.url + "/", ServerClock())
    await connected.initialize()
    yield connected
    await connected.shutdown()


async def send(connected: client.Client, chat: int) -> None:
    """Answer a message that is gone by now."""
    reply = ReplyParameters(1, allow_sending_without_reply=True)
    await connected.bot.send_message(chat, "4", reply_parameters=reply)


async def test_an_answer_is_sent_again_after_a_fault_of_the_network(
    new_telegram: Telegram, connected: client.Client
) -> None:
    """Three faults are waited out, a fourth one is told."""
    for faults in (client.MAX_NETWORK_RETRIES, client.MAX_NETWORK_RETRIES + 1):
        new_telegram.calls.clear()
        for _ in range(faults):
            new_telegram.refuse("sendMessage", 502, "Bad Gateway")
        if faults == client.MAX_NETWORK_RETRIES:
            await send(connected, 1)
        else:
            with pytest.raises(NetworkError):
                await send(connected, 1)
        assert len(new_telegram.called("sendMessage")) == client.MAX_NETWORK_RETRIES + 1


async def test_connecting_is_not_tried_again_here(new_telegram: Telegram, connected: client.Client) -> None:
    """A fault while connecting is left to the adapter, which starts over as a whole."""
    new_telegram.refuse("deleteWebhook", 502, "Bad Gateway")
    with pytest.raises(NetworkError):
        await connected.bot.delete_webhook()
    assert len(new_telegram.called("deleteWebhook")) == 1


async def test_a_refused_answer_is_not_sent_again(new_telegram: Telegram, connected: client.Client) -> None:
    """What Telegram does not take once it takes never."""
    new_telegram.refuse("sendMessage", 400, "Bad Request: chat not found")
    with pytest.raises(TelegramError):
        await send(connected, 1)
    assert len(new_telegram.called("sendMessage")) == 1


async def test_a_long_flood_silences_nobody_else(new_telegram: Telegram, connected: client.Client) -> None:
    """Told to wait for an hour in one chat, the client gives answers there up without a call; others go out at once."""
    new_telegram.refuse("sendMessage", 429, "Too Many Requests: retry after 3600", retry_after=3600)
    for _ in range(2):
        with pytest.raises(RetryAfter, match="Flood control"):
            await send(connected, 1)
    await send(connected, 2)
    assert [call["chat_id"] for call in new_telegram.called("sendMessage")] == [1, 2]


async def test_a_flood_wait_holds_its_own_chat_alone(new_telegram: Telegram, connected: client.Client) -> None:
    """A chat is answered once Telegram's seconds are over, others meanwhile, and the operator reads it in one line."""
    new_telegram.refuse("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
    with structlog.testing.capture_logs() as lines:
        held = asyncio.create_task(send(connected, 1))
        await until(lambda: lines)
        await send(connected, 2)
        await held
    assert [call["chat_id"] for call in new_telegram.done("sendMessage")] == [2, 1]
    assert [(line["seconds"], line["whole_bot"]) for line in lines] == [(1, False)]


async def test_a_flood_wait_of_the_whole_bot_is_kept(new_telegram: Telegram, connected: client.Client) -> None:
    """After refusals in five chats in a row no other chat is called either."""
    for chat in range(1, MAX_FLOODED_CHATS + 1):
        new_telegram.refuse("sendMessage", 429, "Too Many Requests: retry after 3600", retry_after=3600)
        with pytest.raises(RetryAfter):
            await send(connected, chat)
    with pytest.raises(RetryAfter):
        await send(connected, 99)
    assert [call["chat_id"] for call in new_telegram.called("sendMessage")] == [1, 2, 3, 4, 5]


async def test_a_poll_that_is_refused_for_a_while_is_not_repeated_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause after a refused poll is as long as Telegram says."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(client, "asyncio", SimpleNamespace(sleep=sleep))
    await client.Outage().wait(RetryAfter(40))
    assert pauses == [40]


async def test_an_answer_to_a_group_that_has_moved_follows_it(new_telegram: Telegram, connected: client.Client) -> None:
    """A group that has become a supergroup under another number gets its answer there."""
    new_telegram.refuse("sendMessage", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)
    await send(connected, -5)
    assert [call["chat_id"] for call in new_telegram.called("sendMessage")] == [-5, -1009]


async def test_each_try_of_an_outage_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at the end of the log reads that Telegram is out of reach, why, and when it is tried again."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(client, "asyncio", SimpleNamespace(sleep=sleep))
    with structlog.testing.capture_logs() as lines:
        outage = client.Outage()
        for reason in ("timed out", "timed out", "refused"):
            await outage.wait(TelegramError(reason))
        outage.end()
        outage.end()
    assert [(line["log_level"], line.get("reason"), line.get("retry_seconds")) for line in lines] == [
        ("warning", "timed out", 1),
        ("warning", "timed out", 2),
        ("warning", "refused", 4),
        ("info", None, None),
    ]
    assert pauses == [1, 2, 4]


def test_the_limiter_has_the_librarys_signature() -> None:
    """What is overridden still exists, with the same parameters: a new version of the library is noticed here."""
    ours, theirs = (inspect.signature(kind.process_request).parameters for kind in (client.RateLimiter, AIORateLimiter))
    assert list(ours) == list(theirs) == list(inspect.signature(BaseRateLimiter.process_request).parameters)


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """What a test sets up for the whole process is taken back."""
    handlers, level, hook = logging.root.handlers[:], logging.root.level, sys.excepthook
    yield
    sys.excepthook = hook
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("logging_as_it_was")
def test_the_librarys_loggers_have_the_names_that_are_silenced() -> None:
    """Loggers whose tracebacks the adapter replaces by a line are found under the library's own names."""
    logs.configure("DEBUG")
    for module in (_aioratelimiter, _baserequest):
        assert module._LOGGER.getEffectiveLevel() == logging.CRITICAL
