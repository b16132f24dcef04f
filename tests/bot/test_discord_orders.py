"""Buttons as text: what a button asks for survives, whichever process reads it."""

import pytest

from bot.adapters.discord_app.orders import Kind, Order, read_custom_id, to_custom_id
from core.requests import StripRequest


@pytest.mark.parametrize("digit", [None, 0, 9])
@pytest.mark.parametrize("count", [1, 5, 10])
@pytest.mark.parametrize("seed", [None, 0, 2**32 - 1])
@pytest.mark.parametrize("model", [None, "cvae-deep"])
@pytest.mark.parametrize(("ephemeral", "spoiler"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_button_carries_the_whole_request(
    digit: int | None, count: int, seed: int | None, model: str | None, ephemeral: bool, spoiler: bool
) -> None:
    """Each request is read as it was written, manner and all, and fits the 100 characters that Discord allows."""
    order = Order(StripRequest(digit, count, seed, model), ephemeral, spoiler)
    for kind in Kind:
        assert len(to_custom_id(kind, order.request, order)) <= 100
    assert read_custom_id(to_custom_id(Kind.AGAIN, order.request, order)) == order


def test_buttons_of_the_first_version_are_read_for_good() -> None:
    """Messages with these buttons are out there: a change that breaks this test breaks them."""
    strip = StripRequest(4, 3, 7, "cgan")
    assert read_custom_id("1:again::/digit 4") == Order(StripRequest(4))
    assert read_custom_id("1:again:es:/digit random count=3") == Order(StripRequest(None, 3), True, True)
    original = StripRequest(4, 3, 7, "cgan", original=True)
    assert read_custom_id("1:originals:s:/digit 4 count=3 seed=7 model=cgan") == Order(original, True, True)
    assert read_custom_id("1:pick::/digit random count=3 seed=7 model=cgan", ["4"]) == Order(strip)
