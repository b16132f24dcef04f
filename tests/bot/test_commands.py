"""Text to request: what people type is understood, and what is not understood is named."""

import pytest

from bot import commands
from bot.commands import (
    EmptyCommand,
    Leftover,
    MissingDigit,
    RepeatedOption,
    Topic,
    UnknownCommand,
    UnknownOption,
    parse,
    to_text,
)
from core.errors import BadRequest, InvalidCount, InvalidDigit, InvalidSeed
from core.requests import StripRequest


@pytest.mark.parametrize("digit", ["4", "four", "Four", "FOUR", "４", "٤", "४", "4️⃣", "4\N{COMBINING ENCLOSING KEYCAP}"])
def test_a_four_is_a_four_however_it_is_written(digit: str) -> None:
    """Figures of any script, English words and keycap emoji all name the digit."""
    assert parse(f"/digit {digit}") == StripRequest(4)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("/digit 4", StripRequest(4)),
        ("/digit 4 3", StripRequest(4, count=3)),
        ("/digit 4 seed=7 model=cvae count=3", StripRequest(4, count=3, seed=7, model="cvae")),
        ("/digit count=3 4", StripRequest(4, count=3)),
        ("/digit random", StripRequest(None)),
        ("/digit RANDOM seed=0", StripRequest(None, seed=0)),
        ("  /digit   0  ", StripRequest(0)),
        ("/DIGIT 9 SEED=4294967295", StripRequest(9, seed=2**32 - 1)),
        ("/digit@DigitBot 4", StripRequest(4)),
        ("/digit\t4\n", StripRequest(4)),
        ("/help", Topic.HELP),
        ("/start", Topic.HELP),
        ("/models", Topic.MODELS),
        ("/about now", Topic.ABOUT),
    ],
)
def test_what_can_be_asked(text: str, request_: commands.Request) -> None:
    """Every form that the help shows, and the ways in which people vary it."""
    assert parse(text) == request_


@pytest.mark.parametrize(
    ("text", "error", "value"),
    [
        ("/digit 10", InvalidDigit, "10"),
        ("/digit -1", InvalidDigit, "-1"),
        ("/digit 4.5", InvalidDigit, "4.5"),
        ("/digit four hundred", InvalidCount, "hundred"),
        ("/digit 😀", InvalidDigit, "😀"),
        ("/digit ½", InvalidDigit, "½"),
        ("/digit 四", InvalidDigit, "四"),
        ("/digit", MissingDigit, ""),
        ("/digit seed=7", MissingDigit, ""),
        ("/digit 4 0", InvalidCount, 0),
        ("/digit 4 11", InvalidCount, 11),
        ("/digit 4 count=many", InvalidCount, "many"),
        ("/digit 4 count=", InvalidCount, ""),
        ("/digit 4 count=1_0", InvalidCount, "1_0"),
        ("/digit 4 seed=-1", InvalidSeed, -1),
        ("/digit 4 seed=4294967296", InvalidSeed, 2**32),
        ("/digit 4 seed=abc", InvalidSeed, "abc"),
        ("/digit 4 seed=" + "9" * 5000, InvalidSeed, "9" * 5000),
        ("/digit 4 color=red", UnknownOption, "color"),
        ("/digit 4 original=1", UnknownOption, "original"),
        ("/digit 4 =7", UnknownOption, ""),
        ("/digit 4 seed=1 seed=1", RepeatedOption, "seed"),
        ("/digit 4 3 count=3", RepeatedOption, "count"),
        ("/digit 4 3 2", Leftover, "2"),
        ("/draw 4", UnknownCommand, "/draw"),
        ("4", UnknownCommand, "4"),
        ("/", UnknownCommand, "/"),
        ("", EmptyCommand, ""),
        (" \n ", EmptyCommand, " \n "),
    ],
)
def test_what_is_wrong_is_named(text: str, error: type[BadRequest], value: object) -> None:
    """A line that cannot be drawn raises the error of its kind, with the part that is wrong."""
    with pytest.raises(BadRequest) as caught:
        parse(text)
    assert type(caught.value) is error
    assert caught.value.value == value


def test_ten_megabytes_of_text_are_one_error() -> None:
    """A huge text is refused like a small one."""
    with pytest.raises(InvalidDigit):
        parse("/digit " + "9" * 10_000_000)


@pytest.mark.parametrize("digit", [None, 0, 9])
@pytest.mark.parametrize("count", [1, 5, 10])
@pytest.mark.parametrize("seed", [None, 0, 2**32 - 1])
@pytest.mark.parametrize("model", [None, "cgan", "cvae-deep"])
def test_a_request_survives_being_written_down(
    digit: int | None, count: int, seed: int | None, model: str | None
) -> None:
    """Each request has a text that is read as that request again, short enough for any platform's button."""
    request = StripRequest(digit, count, seed, model)
    text = to_text(request)
    assert parse(text) == request
    assert len(text.encode()) <= 64
