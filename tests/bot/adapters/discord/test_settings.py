"""Discord's settings."""

import pytest

from tests.bot.config.test_reasons import fault
from tests.bot.conftest import finished
from tests.fakes.discord_server import TOKEN


async def test_an_address_of_the_api_that_is_none_is_exit_78() -> None:
    """A URL that cannot be one is named before anything starts."""
    code, written = await finished(DISCORD_TOKEN=TOKEN, DISCORD_API_URL="discord", DIGIT_PORT="0")
    assert code == 78
    assert "DISCORD_API_URL" in written


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("value", ["YOUR_TOKEN", "...", "…", "1234567890", "0123456789abcdef" * 2, "a..b"])
def test_what_cannot_be_a_token_of_discord_is_noticed_without_asking(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """A placeholder, an id or a client secret is a bad setting: no platform is asked about it."""
    monkeypatch.setenv("DISCORD_TOKEN", value)
    assert fault().name == "DISCORD_TOKEN"
    assert "three parts with dots between" in fault().reason
