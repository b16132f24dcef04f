"""Addresses and file names: what a link leads to is what it was made from."""

import pytest
from yarl import URL

from bot import commands, links
from bot.offers import offers
from core.catalog import Catalog
from core.drawing import draw
from core.requests import CompareRequest, DrawRequest, Form, MorphRequest, NumberRequest, StripRequest, Style


@pytest.mark.parametrize(
    ("request_", "address"),
    [
        (StripRequest(4), "/digit/4.png"),
        (StripRequest(None, 3, seed=7, form=Form.JPEG), "/digit/random.jpg?count=3&seed=7"),
        (StripRequest(4, seed=7, form=Form.ORIGINAL), "/digit/4.png?seed=7&original=1"),
        (NumberRequest("+49 30", style=Style.INK), "/number/+49%2030.png?style=ink"),
        (NumberRequest("1/2", form=Form.ARCHIVE), "/number/1%2F2.zip"),
        (MorphRequest((3, 8), neat=80), "/morph/3/8.gif?neat=80"),
        (CompareRequest(4, models=("cgan", "vae")), "/compare/4.png?models=cgan,vae"),
    ],
)
def test_an_address_says_what_is_there(request_: DrawRequest, address: str) -> None:
    """Path, ending and options of each kind of picture."""
    assert str(links.picture(request_)) == address


@pytest.mark.parametrize("line", ["/digit 4 seed=7", "/number +49 30", "/number 1/2 style=ink", "/morph 3 8"])
def test_a_page_holds_the_line(line: str) -> None:
    """A link to the page carries the whole line, whatever signs are in it."""
    url = URL("https://digits.example.org").join(links.page(commands.parse(line)))  # type: ignore[arg-type]
    assert URL(str(url)).query["q"] == line


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (StripRequest(4, seed=7), "digit-4-seed-7.png"),
        (NumberRequest("+49 30/1", seed=7), "number-49-30-1-seed-7.png"),
        (MorphRequest((3, 8), seed=7), "morph-3-8-seed-7.gif"),
        (MorphRequest((3, 8), seed=7, form=Form.ARCHIVE), "morph-3-8-seed-7-original.zip"),
        (CompareRequest(4, seed=7, form=Form.JPEG), "compare-4-seed-7.jpg"),
    ],
)
def test_a_file_has_a_plain_name(catalog: Catalog, request_: DrawRequest, name: str) -> None:
    """Letters, digits and hyphens, with the seed and the right ending."""
    assert links.file_name(draw(catalog, request_)) == name


def test_offers_keep_what_was_asked_for(catalog: Catalog) -> None:
    """Again and the digits keep model, style and neatness and drop the seed; originals are those of this picture."""
    asked = StripRequest(None, 3, seed=7, model="vae", style=Style.INK, neat=80)
    picture = draw(catalog, asked)
    found = offers(asked, picture)
    assert found.again == StripRequest(None, 3, model="vae", style=Style.INK, neat=80)
    assert found.digits[4] == StripRequest(4, 3, model="vae", style=Style.INK, neat=80)
    assert len(found.digits) == 10
    assert (found.originals.form, found.originals.seed, found.originals.neat) == (Form.ARCHIVE, 7, 80)
    assert found.originals.digits == picture.request.digits


def test_a_single_original_is_a_picture(catalog: Catalog) -> None:
    """One image comes as a PNG and several as a ZIP; numbers and morphs have no other digit to offer."""
    one, number = StripRequest(4, 1), NumberRequest("42")
    assert offers(one, draw(catalog, one)).originals.form is Form.ORIGINAL
    assert offers(number, draw(catalog, number)).originals.form is Form.ARCHIVE
    assert offers(number, draw(catalog, number)).digits == ()
