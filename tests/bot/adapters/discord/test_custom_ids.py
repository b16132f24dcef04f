"""Buttons as text: the request of a button survives, whichever process or version reads it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.discord import custom_ids
from bot.adapters.discord.custom_ids import MAX_CHARACTERS, Kind
from bot.adapters.discord.display import Display
from bot.commands.base import Request, TextRequest
from bot.commands.errors import Outdated
from bot.conversation import urls
from core.imaging.styles import Style
from core.pictures.base import PictureRequest
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest

RECORDED = json.loads((Path(__file__).parent / "custom_ids.json").read_text())
"""Buttons that version 1.0 sent, each with the URL of the picture that it brought, and the display of that."""
HAND = "FhdInVH8KQRqFbtqqZeCWW"
REQUESTS = [
    StripRequest(None, 10, model="cvae-deep"),
    StripRequest(0, 1),
    NumberRequest("12345678901234567890 +++++", model="cvae-conv"),
    NumberRequest("007"),
    MorphRequest((3, 8, 3, 8, 3, 8), model="cvae-conv"),
    MorphRequest((4,)),
    CompareRequest(None, ("cgan", "vae", "cvae", "cvae-deep", "cvae-conv", "cgan-mlp")),
    CompareRequest(9),
    StripRequest(None, 10, hand=HAND),
    NumberRequest("2026", hand=HAND),
    MorphRequest((3, 8, 3, 8), model="cgan", hand=HAND),
]


@pytest.mark.parametrize("button", RECORDED, ids=[each["custom_id"] for each in RECORDED])
def test_buttons_of_older_versions_are_read_for_good(button: dict[str, object]) -> None:
    """Messages with these buttons are out there: a change that breaks this test breaks them."""
    custom_id, values = str(button["custom_id"]), button["values"]
    assert isinstance(values, list)
    assert str(urls.picture_url(custom_ids.read(custom_id, values))) == button["url"]
    assert custom_ids.read_display(custom_id) == Display(bool(button["ephemeral"]), bool(button["spoiler"]))


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("seed", [None, 0, 2**32 - 1])
@pytest.mark.parametrize(("style", "neat"), [(Style.CHALK, 50), (Style.TRANSPARENT, 100)])
@pytest.mark.parametrize("display", [Display(), Display(True), Display(spoiler=True), Display(True, True)])
def test_a_button_carries_the_whole_request(
    request_: PictureRequest, seed: int | None, style: Style, neat: int, display: Display
) -> None:
    """Each request is read as it was written, with its display, and fits the 100 characters that Discord allows."""
    request = replace(request_, seed=seed, style=style, neat=neat)
    for kind in Kind:
        assert len(written(kind, request, display)) <= MAX_CHARACTERS
    custom_id = written(Kind.AGAIN, request, display)
    assert (custom_ids.read(custom_id), custom_ids.read_display(custom_id)) == (request, display)


@pytest.mark.parametrize("request_", [*REQUESTS, TextRequest("help")])
def test_a_suggestion_carries_its_line(request_: Request) -> None:
    """A suggested line may ask for a picture or for a text."""
    custom_id = custom_ids.write(Kind.LINE, request_, Display())
    assert custom_id is not None
    assert custom_ids.read(custom_id) == request_


def test_a_button_is_brief_only_where_it_must_be() -> None:
    """Names are cut short only where there is no room: a cut name can become ambiguous in a later version."""
    strip = StripRequest(4, seed=7, style=Style.INK)
    assert written(Kind.AGAIN, strip) == "1:again::/digit 4 seed=7 style=ink"
    number = NumberRequest("1" * 20 + "." * 6, seed=2**32 - 1, model="cvae-conv", style=Style.TRANSPARENT, neat=100)
    line = "/n 11111111111111111111...... se=4294967295 m=cvae-conv st=t n=100"
    assert written(Kind.ORIGINALS, number) == f"1:originals::{line}"


def test_a_button_that_would_be_too_long_is_not_written() -> None:
    """A model whose name fills a button leaves no room for a request."""
    assert custom_ids.write(Kind.AGAIN, StripRequest(4, model="m" * MAX_CHARACTERS), Display()) is None


@pytest.mark.parametrize(
    ("custom_id", "values"),
    [
        ("0:again::/digit 4", ()),
        ("2:again::/digit 4", ()),
        ("1:erase::/digit 4", ()),
        ("1:again::/digit 44", ()),
        ("1:again::/digit 4 seed=-1", ()),
        ("1:again::/help", ()),
        ("1:line::/digt 4", ()),
        ("1:again:", ()),
        ("1:pick::/digit 4", ()),
        ("1:pick::/digit 4", ("4", "5")),
        ("1:pick::/digit 4", ("44",)),
        ("1:pick::/number 2026", ("4",)),
        ("digit_again_4", ()),
        ("\n", ()),
        ("x" * 100, ()),
    ],
)
def test_a_forged_button_is_outdated(custom_id: str, values: Sequence[str]) -> None:
    """A text that this version does not write is refused by name, and its display can be read all the same."""
    with pytest.raises(Outdated):
        custom_ids.read(custom_id, values)
    assert custom_ids.read_display(custom_id) == Display()


def written(kind: Kind, request: PictureRequest, display: Display | None = None) -> str:
    """Return the button of a request."""
    custom_id = custom_ids.write(kind, request, display or Display())
    assert custom_id is not None
    return custom_id
