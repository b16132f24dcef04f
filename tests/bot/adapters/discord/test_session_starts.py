"""Session starts: the connections of a day last for the day."""

import pytest
from structlog.testing import capture_logs

from bot.adapters.discord.session_starts import are_few
from tests.bot.adapters.discord.in_process import drawing_with
from tests.fakes.discord_server import DiscordServer
from tests.fakes.generators import GatedGenerator, serving


@pytest.mark.parametrize(("left", "few"), [(1000, False), (100, False), (99, True), (0, True), (-1, True)])
def test_a_tenth_of_a_day_is_few(left: int, few: bool) -> None:
    """A tenth is kept for the rest of the day."""
    assert are_few(left, {"total": 1000}) is few


@pytest.mark.parametrize("remaining", [3, 1, 0])
async def test_the_last_connections_are_spread(remaining: int) -> None:
    """A bot that has used up its connections waits until some are there again, and says so; then it serves."""
    discord = DiscordServer()
    discord.rest.starts |= {"remaining": remaining, "reset_after": 100}
    with capture_logs() as lines:
        async with drawing_with(serving(GatedGenerator(), queue=1), discord) as server:
            assert server.gateway.identifies == 1
    (line,) = [line for line in lines if line["log_level"] == "warning"]
    assert (line["left"], line["event"]) == (remaining, "few connections to discord are left for today")


async def test_with_plenty_left_nobody_waits() -> None:
    """A bot with connections to spare connects without a word."""
    with capture_logs() as lines:
        async with drawing_with(serving(GatedGenerator(), queue=1)) as server:
            assert server.gateway.online
    assert [line for line in lines if line["log_level"] == "warning"] == []
