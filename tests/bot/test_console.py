"""Console messages: the operator reads where the bot is, and how to bring the platforms in."""

import pytest

from bot import console
from core.catalog import Catalog

TOKENS = {"Discord": "DISCORD_TOKEN", "Telegram": "TELEGRAM_TOKEN"}


def welcome(address: str, catalog: Catalog, chats: list[str]) -> str:
    """The line about a bot that serves these platforms."""
    return console.welcome(address, catalog, chats, {title: TOKENS[title] for title in TOKENS if title not in chats})


@pytest.mark.parametrize("chats", [[], ["Discord"]])
def test_the_operator_reads_what_is_served_and_what_could_be(catalog: Catalog, chats: list[str]) -> None:
    """One line names the address, and the platforms or, where there is none, the settings that bring them."""
    line = welcome("http://127.0.0.1:8080", catalog, chats)
    assert "\n" not in line
    assert "http://127.0.0.1:8080" in line
    assert ("DISCORD_TOKEN" in line) == (not chats)


def test_the_banner_tells_what_is_on_and_what_could_be(catalog: Catalog) -> None:
    """The operator reads which platforms are being connected, and for each other one the setting that it lacks."""
    alone = welcome("http://127.0.0.1:1", catalog, [])
    assert "Set DISCORD_TOKEN to serve Discord too. Set TELEGRAM_TOKEN to serve Telegram too." in alone
    one = welcome("http://127.0.0.1:1", catalog, ["Telegram"])
    assert "Connecting to Telegram. Set DISCORD_TOKEN to serve Discord too." in one
    both = welcome("http://127.0.0.1:1", catalog, list(TOKENS))
    assert "Connecting to Discord and Telegram." in both
    assert "Set " not in both
