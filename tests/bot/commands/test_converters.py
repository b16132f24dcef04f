"""Texts to values: digits in every writing, and names cut short."""

import pytest

from bot.commands import registry
from bot.commands.converters import abbreviate, complete, to_digit, to_place


@pytest.mark.parametrize("digit", ["4", "four", "Four", "FOUR", "４", "٤", "४", "4️⃣", "4\N{COMBINING ENCLOSING KEYCAP}"])
def test_a_four_is_a_four_however_it_is_written(digit: str) -> None:
    """Figures of any script, English words and keycap emoji all name the digit."""
    assert to_digit(digit) == 4


def test_a_place_has_no_minus_before_0() -> None:
    """However it is reached, the start of a walk is written in one way: its pictures have one address."""
    assert [str(share) for share in to_place("-0,-0.0004")] == ["0.0", "0.0"]


def test_a_name_that_is_cut_short_is_that_name_again() -> None:
    """Each command's, however alike two of them begin; nobody is guessed at where two would fit."""
    for name in registry.names():
        assert complete(abbreviate(name, registry.names()), registry.names()) == name
    assert complete("m", ["morph", "models"]) is None
