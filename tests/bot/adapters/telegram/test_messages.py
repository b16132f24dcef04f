"""Messages: what people typed stays text, captions are short enough, and Telegram takes every picture."""

import pytest
from telegram.constants import MessageLimit

from bot.adapters.telegram.messages import quote_entities, utf16_length
from bot.commands import parser
from bot.text import MAX_QUOTED, Example, Quote, Text, compose
from core.catalog import Catalog
from core.pictures.base import PictureRequest, draw
from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_server import Telegram

LONGEST = "12-34-56-78-90-12-34-56-78"
"""A number of as many characters as there may be."""


def drawing(line: str) -> PictureRequest:
    """The request that a line makes."""
    asked = parser.parse(line)
    assert isinstance(asked, PictureRequest)
    return asked


@pytest.mark.parametrize(
    "line",
    [
        *(f"/digit 4 {count}" for count in range(1, 11)),
        *("/number 1", "/number " + "1" * 20, f"/number {LONGEST}", "/number 1" + "/" * 25),
        *("/compare 4", "/compare 4 models=vae"),
    ],
)
def test_telegram_takes_a_picture_of_any_size(catalog: Catalog, line: str) -> None:
    """One image or thirty, the picture keeps to Telegram's limits for a photo."""
    picture = draw(catalog, drawing(line))
    assert rules.check_photo(picture.data) == (picture.width, picture.height)


@pytest.mark.parametrize("line", ["/morph 4", "/morph 3 8", "/morph 1 2 3 4 5 6"])
def test_telegram_takes_a_morph_of_any_length(catalog: Catalog, line: str) -> None:
    """Through one digit or six, the GIF is an animation."""
    picture = draw(catalog, drawing(line))
    width, height, _ = rules.check_animation(picture.data)
    assert (width, height) == (picture.width, picture.height)


@pytest.mark.parametrize("word", ["4", "x" * 50, "😀😀@durov", "a”b", "“", "😀" * 30])
def test_a_quote_is_marked_where_it_stands(word: str) -> None:
    """Each quote is code from its first character to its last, wherever it stands, as Telegram counts."""
    text = compose("😀 {value}, or “{value}”: {example}", value=Quote(word), example=Example("/digit 4"))
    entities = quote_entities(text)
    shown = [_slice(str(text), entity.offset, entity.length) for entity in entities]
    assert shown == 2 * [Quote(word).shown]
    assert {entity.type for entity in entities} == {"code"}


def test_an_empty_quote_has_no_entity() -> None:
    """`count=` quotes nothing, and Telegram refuses an entity without length."""
    assert quote_entities(Text(("not ", Quote(""), "."))) == []


def test_quotation_marks_in_a_text_are_no_quote() -> None:
    """Only a person's own words are code, not what a sentence or a translation puts into quotation marks."""
    assert quote_entities(Text(("Type “/digit 4” – ", Example("/digit 4")))) == []


@pytest.mark.parametrize(("text", "short"), [("x" * 1024, True), ("x" * 1025, False), ("😀" * 513, False)])
def test_a_caption_is_as_long_as_telegram_counts(text: str, short: bool) -> None:
    """What would not fit under an image is said without it."""
    assert (utf16_length(text) <= MessageLimit.CAPTION_LENGTH) is short


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "word",
    [
        *("*bold*_it_", "<b>fat</b>", "[a](tg://durov)", "@durov_himself", "😀😀@durov", "https://a.org", "#tag"),
        *("שלום@durov", "”@durov_x", "9" * 4089),
    ],
)
async def test_what_people_type_stays_text(telegram: Telegram, alice: int, group: int, word: str) -> None:
    """An argument is shown as it was typed: no markup, no link, and nobody is mentioned."""
    await telegram.say(f"/digit {word}", user=alice, chat=group)
    message = (await telegram.next("sendMessage")).result
    assert f"“{word[:MAX_QUOTED]}" in message["text"]
    assert {entity["type"] for entity in message["entities"]} == {"code"}


def _slice(text: str, offset: int, length: int) -> str:
    """A part of a text in UTF-16."""
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")
