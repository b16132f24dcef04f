"""/hand: how to send a photo, and the number to write."""

import pytest

from bot.commands import hand, registry
from core.catalog import Catalog
from core.errors import InvalidNumber
from core.imaging.styles import Style
from core.pictures.number import NumberRequest
from tests.bot.commands.answers import answer


def test_it_has_a_place_of_its_own() -> None:
    """Between what draws and what is told, in the menus of every platform."""
    places = {command.name: command.position for command in registry.commands()}
    assert places["compare"] < places["hand"] < places["models"]


def test_it_tells_where_to_send_a_photo(catalog: Catalog) -> None:
    """On each platform in its own way."""
    text = answer("hand", catalog)
    assert "up to 6 digits" in text
    for place in ("Telegram", "Discord", "web page", "/hand 2026", str(hand.COMMAND.menu_name)):
        assert place in text


def test_the_words_behind_it_are_a_number() -> None:
    """With the options of `/number`; none is no number, and a bad one is an error once it is read."""
    read = hand.COMMAND.read_number(["20", "26", "style=ink"])
    assert read is not None
    assert read() == NumberRequest("20 26", style=Style.INK)
    assert hand.COMMAND.read_number([]) is None
    bad = hand.COMMAND.read_number(["cat"])
    assert bad is not None
    with pytest.raises(InvalidNumber):
        bad()
