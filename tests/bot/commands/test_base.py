"""The pictures that a command offers after its picture: another one, another digit, the untouched images."""

import pytest

from bot.commands import registry
from core.catalog import Catalog
from core.imaging.styles import Style
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.bot.commands.answers import answer


def test_offers_keep_the_request(catalog: Catalog) -> None:
    """Again and the digits keep model, style and neatness and drop the seed; originals are those of this picture."""
    asked = StripRequest(None, 3, seed=7, model="vae", style=Style.INK, neat=80)
    picture = draw(catalog, asked)
    command = registry.command_for(asked)
    again = command.again(asked)
    assert again == StripRequest(None, 3, model="vae", style=Style.INK, neat=80)
    choices = dict(command.choices(again))
    assert choices["4"] == StripRequest(4, 3, model="vae", style=Style.INK, neat=80)
    assert list(choices) == [str(digit) for digit in range(10)]
    originals = command.originals(asked, picture)
    assert (originals.form, originals.seed, originals.neat, originals.style) == (Form.ARCHIVE, 7, 80, Style.CHALK)
    assert originals.digits == picture.request.digits


@pytest.mark.parametrize(
    ("asked", "form", "choices"),
    [
        (StripRequest(4, 1), Form.ORIGINAL, 10),
        (StripRequest(4, 2), Form.ARCHIVE, 10),
        (CompareRequest(4), Form.ARCHIVE, 10),
        (NumberRequest("42"), Form.ARCHIVE, 0),
        (MorphRequest((3, 8)), Form.ARCHIVE, 0),
    ],
)
def test_a_single_original_is_a_picture(catalog: Catalog, asked: PictureRequest, form: Form, choices: int) -> None:
    """One image comes as a PNG and several as a ZIP; numbers and morphs have no other digit to offer."""
    command = registry.command_for(asked)
    assert command.originals(asked, draw(catalog, asked)).form is form
    assert len(command.choices(asked)) == choices


def test_an_option_can_be_left_out() -> None:
    """The request without an option is the one that never named it."""
    asked = StripRequest(4, 3, seed=7, style=Style.INK)
    command = registry.command_for(asked)
    without = {option.name: command.without_option(asked, option) for option in command.options}
    assert without["count"] == StripRequest(4, seed=7, style=Style.INK)
    assert without["seed"] == StripRequest(4, 3, style=Style.INK)
    assert without["model"] == asked


@pytest.mark.parametrize("name", ["help", "models", "about", "hand"])
def test_each_command_that_draws_nothing_has_a_text(name: str, catalog: Catalog) -> None:
    """/help, /models, /about and /hand answer."""
    assert len(answer(name, catalog)) > 40
