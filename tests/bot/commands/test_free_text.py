"""Free text: what people type without knowing the commands is understood, or answered with what they probably meant."""

import pytest

from bot.commands import free_text
from bot.commands.base import Request, TextRequest
from bot.commands.errors import MisspelledCommand, UnknownCommand
from bot.commands.free_text import read
from bot.commands.parser import parse
from core.errors import BadRequest
from core.imaging.styles import Style
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("4", StripRequest(4)),
        ("four", StripRequest(4)),
        ("4️⃣", StripRequest(4)),
        ("4 3", StripRequest(4, 3)),
        ("4 seed=7 style=ink", StripRequest(4, seed=7, style=Style.INK)),
        ("random", StripRequest(None)),
        ("digit 4", StripRequest(4)),
        ("Digit@DigitBot 4", StripRequest(4)),
        ("/4", StripRequest(4)),
        ("2026", NumberRequest("2026")),
        ("2026 neat=80", NumberRequest("2026", neat=80)),
        ("2026-11-20", NumberRequest("2026-11-20")),
        ("24/12/2026", NumberRequest("24/12/2026")),
        ("+49 30 1234", NumberRequest("+49 30 1234")),
        ("4 12", NumberRequest("4 12")),
        ("3-8", MorphRequest((3, 8))),
        ("3 - 8", MorphRequest((3, 8))),
        ("3 to 8", MorphRequest((3, 8))),
        ("three to Eight seed=7", MorphRequest((3, 8), seed=7)),
        ("3 bis 8", MorphRequest((3, 8))),
        ("tres a ocho", MorphRequest((3, 8))),
        ("3到8", MorphRequest((3, 8))),
        ("٣ إلى ٨", MorphRequest((3, 8))),
        ("morph 3 до 8", MorphRequest((3, 8))),
        ("3 → 8 → 1", MorphRequest((3, 8, 1))),
        ("4!", StripRequest(4)),
        ("Seven.", StripRequest(7)),
        ("2026 ?", NumberRequest("2026")),
        ("٤؟", StripRequest(4)),
        ("४।", StripRequest(4)),
        ("3-3", NumberRequest("3-3")),
        ("12-30", NumberRequest("12-30")),
        ("help", TextRequest("help")),
        ("  models ", TextRequest("models")),
        ("/digit 4 count=3", StripRequest(4, 3)),
    ],
)
def test_what_people_type_is_understood(text: str, request_: Request) -> None:
    """A digit, a number, a date, a morph, or a command without its slash needs nothing else."""
    assert read(text) == request_


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/digt 4", "/digit 4"),
        ("digt 4 3", "/digit 4 count=3"),
        ("/mroph 3-8", "/morph 3 8"),
        ("/numbr@DigitBot 2026", "/number 2026"),
        ("hlep", "/help"),
        ("comapre", "/compare 4"),
        ("/draw 4", "/digit 4"),
        ("/m 3 8", "/morph 3 8"),
        ("/m", "/models"),
        ("please draw a 4", "/digit 4"),
        ("can you write seven?", "/digit 7"),
        ("please write 2026 style=ink", "/number 2026 style=ink"),
        ("draw a 4, please!", "/digit 4"),
        ("from 3 to 8", "/morph 3 8"),
        ("draw a seven in ink", "/digit 7"),
        ("please " * 12 + "4", "/digit 4"),
        ("a four", "/digit 4"),
        ("a", "/about"),
    ],
)
def test_a_misspelled_command_is_offered_as_it_was_meant(text: str, meant: str) -> None:
    """The offer keeps the words that it can draw, and is a line that works in any case."""
    with pytest.raises(MisspelledCommand) as caught:
        read(text)
    assert caught.value.meant == meant
    assert parse(meant)


def test_a_sentence_has_twelve_words_at_most() -> None:
    """Behind its first; of a longer text no part is drawn."""
    with pytest.raises(UnknownCommand):
        read("please " * 13 + "4")


@pytest.mark.parametrize("words", ["4 ", "3 to 8 ", "please "])
def test_a_long_text_is_not_searched(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 4,000 characters one look at every part would hold up everybody else for seconds."""
    looks = []
    look = free_text._command_for
    monkeypatch.setattr(free_text, "_command_for", lambda words: looks.append(words) or look(words))
    with pytest.raises(UnknownCommand):
        read("xyz " + words * (4000 // len(words)))
    assert len(looks) == 1


@pytest.mark.parametrize("text", ["hello", "hi", "thanks!", "-", "/", "½", "m" * 4000])
def test_small_talk_is_no_command(text: str) -> None:
    """Nothing is made of words that are close to no command."""
    with pytest.raises(UnknownCommand) as caught:
        read(text)
    assert not isinstance(caught.value, MisspelledCommand)


@pytest.mark.parametrize(
    ("text", "command"), [("4 please", "digit"), ("2026 please", "number"), ("1" * 21, "number"), ("4 neat", "digit")]
)
def test_the_error_is_that_of_the_command_that_was_meant(text: str, command: str) -> None:
    """A digit or a number with more behind it gets the hint of its command."""
    with pytest.raises(BadRequest) as caught:
        read(text)
    assert caught.value.command == command
