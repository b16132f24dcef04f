"""The supervisor: what fails is started again, and a process that is refused ends, but not at once."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot import supervisor
from tests.bot.test_app import Platform, serve, serving
from tests.waiting import until


async def test_all_refused_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every platform refuses its token there is nothing to serve that the operator asked for."""
    monkeypatch.setattr(supervisor, "MIN_LIFETIME_SECONDS", 0)
    with pytest.raises(supervisor.AllRefused):
        await serve(monkeypatch, Platform("one", "refuse"), Platform("two", "refuse"), told=lambda _: None)


async def test_a_process_that_is_refused_does_not_end_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever starts it again at once asks the platforms every few seconds, and Docker's own pauses grow further."""
    assert 1 < supervisor.MIN_LIFETIME_SECONDS < 10
    clock = asyncio.get_running_loop().time
    monkeypatch.setattr(supervisor, "MIN_LIFETIME_SECONDS", 0.3)
    started = clock()
    with pytest.raises(supervisor.AllRefused):
        await serve(monkeypatch, Platform("one", "refuse"), told=lambda _: None)
    assert clock() - started >= 0.3


async def test_an_adapter_that_fails_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outage or an unforeseen fault costs a pause, not the adapter; only the fault is told with a traceback."""
    monkeypatch.setattr(supervisor.asyncio, "sleep", lambda _, sleep=asyncio.sleep: sleep(0))
    shaky = Platform("shaky", "unreachable", "break")
    with capture_logs() as lines:
        async with serving(monkeypatch, shaky):
            await until(lambda: shaky.ready)
    assert shaky.moods == []
    assert [(line["log_level"], bool(line.get("exc_info"))) for line in lines] == [("warning", False), ("error", True)]
