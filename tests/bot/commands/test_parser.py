"""Text to request: what people type is understood, and what is not understood is named."""

from dataclasses import replace

import pytest

from bot.commands import registry
from bot.commands.base import Request, TextRequest
from bot.commands.errors import (
    EmptyCommand,
    MissingDigit,
    MissingDigits,
    MissingNumber,
    MissingValue,
    NumberForDigit,
    RepeatedOption,
    UnexpectedWord,
    UnknownCommand,
    UnknownOption,
    UnknownStyle,
)
from bot.commands.parser import parse, write
from core.errors import (
    BadRequest,
    EqualNeighbours,
    InvalidCount,
    InvalidDigit,
    InvalidHand,
    InvalidMorph,
    InvalidNeatness,
    InvalidNumber,
    InvalidSeed,
    InvalidWalk,
    NumberTooLong,
)
from core.imaging.styles import Style
from core.pictures.base import PictureRequest
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest

HAND = "FhdInVH8KQRqFbtqqZeCWW"
"""The token of a hand."""


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
        ("\u2068/digit 4\u2069", StripRequest(4)),
        ("/digit 4 model=X", StripRequest(4, model="X")),
        ("/digit أربعة", StripRequest(4)),
        ("/digit İKİ", StripRequest(2)),
        ("/morph drei 八", MorphRequest((3, 8))),
        ("/digit 4 style=ink neat=80", StripRequest(4, style=Style.INK, neat=80)),
        ("/digit 4 STYLE=Transparent", StripRequest(4, style=Style.TRANSPARENT)),
        ("/d 4 c=3 se=7 m=vae st=b n=0", StripRequest(4, 3, seed=7, model="vae", style=Style.BLUEPRINT, neat=0)),
        (f"/digit 4 hand={HAND}", StripRequest(4, hand=HAND)),
        (f"/d 4 h={HAND}", StripRequest(4, hand=HAND)),
        (f"/number 2026 seed=7 hand={HAND}", NumberRequest("2026", seed=7, hand=HAND)),
        (f"/morph 3 8 hand={HAND}", MorphRequest((3, 8), hand=HAND)),
        (f"/digit 4 hand={HAND}.60", StripRequest(4, hand=f"{HAND}.60")),
        ("/digit 4 seed=7 walk=0.3,-0.5", StripRequest(4, seed=7, walk=(0.3, -0.5))),
        ("/d 4 w=-1,.25", StripRequest(4, walk=(-1, 0.25))),
        ("/digit 4 walk=0.333333333,-0.001", StripRequest(4, walk=(0.33, 0))),
        ("/digit 4 walk=0,-0.0", StripRequest(4)),
        ("/number 2026", NumberRequest("2026")),
        ("/number 007", NumberRequest("007")),
        ("/number 2026-11-20 seed=7", NumberRequest("2026-11-20", seed=7)),
        ("/number  +49   30 1234", NumberRequest("+49 30 1234")),
        ("/number seed=7 12:30 model=vae", NumberRequest("12:30", seed=7, model="vae")),
        ("/number ٤٢", NumberRequest("42")),
        ("/number " + "1" * 20, NumberRequest("1" * 20)),
        ("/morph 3 8", MorphRequest((3, 8))),
        ("/morph three 8️⃣ neat=80", MorphRequest((3, 8), neat=80)),
        ("/morph 2026", MorphRequest((2, 0, 2, 6))),
        ("/morph 3-8", MorphRequest((3, 8))),
        ("/morph 3, 8", MorphRequest((3, 8))),
        ("/morph 3 to 8 to 1 seed=7", MorphRequest((3, 8, 1), seed=7)),
        ("/morph 4", MorphRequest((4,))),
        ("/compare 4", CompareRequest(4)),
        ("/compare random seed=7 style=ink", CompareRequest(None, seed=7, style=Style.INK)),
        ("/compare 4 model=vae", CompareRequest(4, names=("vae",))),
        ("/compare 4 models=vae,cgan", CompareRequest(4, names=("vae", "cgan"))),
        ("/help", TextRequest("help")),
        ("/he", TextRequest("help")),
        ("/h", TextRequest("help")),
        ("/hand 2026", TextRequest("hand")),
        ("/start", TextRequest("help")),
        ("/models", TextRequest("models")),
        ("/about now", TextRequest("about")),
    ],
)
def test_what_can_be_asked(text: str, request_: Request) -> None:
    """Every form that the help shows, and the ways in which people vary it."""
    assert parse(text) == request_


@pytest.mark.parametrize(
    ("text", "error", "value"),
    [
        ("/digit 10", NumberForDigit, "10"),
        ("/digit -1", NumberForDigit, "-1"),
        ("/digit 4.5", NumberForDigit, "4.5"),
        ("/digit four hundred", UnexpectedWord, "hundred"),
        ("/digit 4 neat", MissingValue, "neat"),
        ("/number 2026 Seed", MissingValue, "Seed"),
        ("/digit 😀", InvalidDigit, "😀"),
        ("/digit ½", InvalidDigit, "½"),
        ("/digit", MissingDigit, "digit"),
        ("/digit seed=7", MissingDigit, "digit"),
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
        ("/digit 4 3 2", UnexpectedWord, "2"),
        ("/digit 4 style=neon", UnknownStyle, "neon"),
        ("/digit 4 style=", UnknownStyle, ""),
        ("/digit 4 s=7", UnknownOption, "s"),
        ("/digit 4 neat=101", InvalidNeatness, 101),
        ("/digit 4 neat=tidy", InvalidNeatness, "tidy"),
        ("/digit 4 models=vae", UnknownOption, "models"),
        ("/digit 4 hand=", InvalidHand, ""),
        ("/number 2026 hand=yours", InvalidHand, "yours"),
        (f"/morph 3 8 hand={HAND}=", InvalidHand, f"{HAND}="),
        ("/morph 3 8 hand=" + "E" * 5000, InvalidHand, "E" * 5000),
        (f"/compare 4 hand={HAND}", UnknownOption, "hand"),
        ("/digit 4 walk=", InvalidWalk, ""),
        ("/digit 4 walk=0.5", InvalidWalk, "0.5"),
        ("/digit 4 walk=0.5,up", InvalidWalk, "0.5,up"),
        ("/digit 4 walk=1.5,0", InvalidWalk, "1.5,0"),
        ("/digit 4 walk=nan,inf", InvalidWalk, "nan,inf"),
        ("/digit 4 walk=1e-1,0", InvalidWalk, "1e-1,0"),
        ("/digit 4 walk=" + "9" * 5000 + ",0", InvalidWalk, "9" * 5000 + ",0"),
        ("/morph 3 8 walk=0,0.5", UnknownOption, "walk"),
        ("/number", MissingNumber, ""),
        ("/number abc", InvalidNumber, "abc"),
        ("/number -", InvalidNumber, "-"),
        ("/number " + "1" * 21, NumberTooLong, "1" * 21),
        ("/number 4 count=3", UnknownOption, "count"),
        ("/morph", MissingDigits, "morph"),
        ("/morph - to", MissingDigits, "morph"),
        ("/morph 1 2 1 2 1 2 1", InvalidMorph, 7),
        ("/morph 3 3", EqualNeighbours, 3),
        ("/morph 3 x", InvalidDigit, "x"),
        ("/morph 3 random", InvalidDigit, "random"),
        ("/compare", MissingDigit, "compare"),
        ("/compare 3 8", UnexpectedWord, "8"),
        ("/compare 4 count=3", UnknownOption, "count"),
        ("/m 3 8", UnknownCommand, "/m"),
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


def longest() -> list[PictureRequest]:
    """The longest request that each command can be asked for, with models that ship."""
    everything = {"seed": 2**32 - 1, "style": Style.TRANSPARENT, "neat": 100}
    return [
        StripRequest(None, 10, model="cvae-conv", **everything),
        NumberRequest("1" * 20 + "-" * 6, model="cvae-conv", **everything),
        MorphRequest((3, 8, 3, 8, 3, 8), model="cvae-conv", **everything),
        CompareRequest(None, names=("cgan", "vae"), **everything),
    ]


@pytest.mark.parametrize("brief", [False, True])
@pytest.mark.parametrize(
    "request_",
    [
        *longest(),
        replace(longest()[0], walk=(-0.25, -0.75)),
        *(replace(request, hand=HAND) for request in longest() if not isinstance(request, CompareRequest)),
        StripRequest(4),
        NumberRequest("0 1"),
        MorphRequest((4,)),
        CompareRequest(4),
    ],
    ids=str,
)
def test_a_request_survives_being_written_down(request_: PictureRequest, brief: bool) -> None:
    """Each request has a text that is read as that request again."""
    assert parse(write(request_, brief=brief)) == request_


@pytest.mark.parametrize("request_", longest(), ids=str)
def test_a_brief_text_fits_a_button(request_: PictureRequest) -> None:
    """Without the seed, which *Again* draws anew, or without the style, which an original has not, 62 bytes suffice."""
    again, original = replace(request_, seed=None), replace(request_, style=Style.CHALK)
    assert all(len(write(asked, brief=True).encode()) <= 62 for asked in (again, original))


def test_every_example_can_be_read() -> None:
    """The example of each command is a line of that command, and the example of each option fits it."""
    for command in registry.picture_commands():
        assert isinstance(parse(command.example), command.request)
        for option in command.options:
            assert isinstance(parse(f"{command.example} {option.name}={option.example}"), command.request)
