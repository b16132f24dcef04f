"""Buttons as text: what a button asks for survives, whichever process reads it."""

from dataclasses import replace

import pytest

from bot.adapters.discord_app.orders import LONGEST, Kind, Order, read_custom_id, to_custom_id
from core.requests import CompareRequest, DrawRequest, Form, MorphRequest, NumberRequest, StripRequest, Style

REQUESTS = [
    StripRequest(None, 10, model="cvae-deep"),
    StripRequest(0, 1),
    NumberRequest("12345678901234567890 +++++", model="cvae-conv"),
    NumberRequest("007"),
    MorphRequest((3, 8, 3, 8, 3, 8), model="cvae-conv"),
    MorphRequest((4,)),
    CompareRequest(None, ("cgan", "vae", "cvae", "cvae-deep", "cvae-conv", "cgan-mlp")),
    CompareRequest(9),
]


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("seed", [None, 0, 2**32 - 1])
@pytest.mark.parametrize(("style", "neat"), [(Style.CHALK, 50), (Style.TRANSPARENT, 100)])
@pytest.mark.parametrize(("ephemeral", "spoiler"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_button_carries_the_whole_request(
    request_: DrawRequest, seed: int | None, style: Style, neat: int, ephemeral: bool, spoiler: bool
) -> None:
    """Each request is read as it was written, manner and all, and fits the 100 characters that Discord allows."""
    order = Order(replace(request_, seed=seed, style=style, neat=neat), ephemeral, spoiler)
    for kind in Kind:
        assert len(written(kind, order)) <= LONGEST
    assert read_custom_id(written(Kind.AGAIN, order)) == order


def test_a_button_is_brief_only_where_it_must_be() -> None:
    """Names are cut short where there is no room: of all that is written, those alone can ever become ambiguous."""
    strip = StripRequest(4, seed=7, style=Style.INK)
    assert written(Kind.AGAIN, Order(strip)) == "1:again::/digit 4 seed=7 style=ink"
    number = NumberRequest("1" * 20 + "." * 6, seed=2**32 - 1, model="cvae-conv", style=Style.TRANSPARENT, neat=100)
    line = "/n 11111111111111111111...... se=4294967295 m=cvae-conv st=t n=100"
    assert written(Kind.ORIGINALS, Order(number)) == f"1:originals::{line}"


def test_what_does_not_fit_is_not_written() -> None:
    """A model whose name fills a button leaves no room for a request."""
    request = StripRequest(4, model="m" * LONGEST)
    assert to_custom_id(Kind.AGAIN, request, Order(request)) is None


def test_buttons_of_the_first_version_are_read_for_good() -> None:
    """Messages with these buttons are out there: a change that breaks this test breaks them."""
    strip = StripRequest(4, 3, seed=7, model="cgan")
    assert read_custom_id("1:again::/digit 4") == Order(StripRequest(4))
    assert read_custom_id("1:again:e:/digit 4 count=3") == Order(StripRequest(4, 3), ephemeral=True)
    assert read_custom_id("1:again:es:/digit random count=3") == Order(StripRequest(None, 3), True, True)
    original = replace(strip, form=Form.ORIGINAL)
    assert read_custom_id("1:originals:s:/digit 4 count=3 seed=7 model=cgan") == Order(original, True, True)
    assert read_custom_id("1:pick::/digit random count=3 seed=7 model=cgan", ["4"]) == Order(strip)
    number = NumberRequest("20 26", seed=7, model="cgan", style=Style.TRANSPARENT, neat=80)
    assert read_custom_id("1:again::/n 20 26 se=7 m=cgan st=t n=80") == Order(number)
    archive = MorphRequest((3, 8), seed=7, model="vae", neat=80, form=Form.ARCHIVE)
    assert read_custom_id("1:archive::/mor 3 8 se=7 mo=vae n=80") == Order(archive, ephemeral=True)
    compared = CompareRequest(4, ("cgan", "vae"), style=Style.INK)
    assert read_custom_id("1:pick::/c random m=cgan,vae st=i", ["4"]) == Order(compared)


def written(kind: Kind, order: Order) -> str:
    """The button that asks for that very order."""
    assert isinstance(order.request, DrawRequest)
    custom_id = to_custom_id(kind, order.request, order)
    assert custom_id is not None
    return custom_id
