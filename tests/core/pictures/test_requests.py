"""Requests check themselves."""

import dataclasses

import pytest

from core.errors import (
    EqualNeighbours,
    InvalidCount,
    InvalidDigit,
    InvalidHand,
    InvalidMorph,
    InvalidNeatness,
    InvalidNumber,
    InvalidSeed,
    NumberTooLong,
)
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest


@pytest.mark.parametrize("digit", [-1, 10, 400])
def test_only_ten_digits_exist(digit: int) -> None:
    """A request for a digit outside 0..9 cannot be made, and the error holds the value."""
    with pytest.raises(InvalidDigit) as caught:
        StripRequest(digit)
    assert caught.value.value == digit


@pytest.mark.parametrize("count", [0, 11, -5])
def test_a_strip_has_one_to_ten_images(count: int) -> None:
    """A request for no image or for eleven cannot be made."""
    with pytest.raises(InvalidCount):
        StripRequest(4, count=count)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_has_32_bits(seed: int) -> None:
    """A request with a seed outside 0..2**32 - 1 cannot be made."""
    with pytest.raises(InvalidSeed):
        StripRequest(4, seed=seed)


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_the_ends_of_the_ranges_are_in_them(seed: int) -> None:
    """The least and the greatest value of each part can be asked for."""
    for digit, count in ((0, 1), (9, 10)):
        assert StripRequest(digit, count, seed=seed).seed == seed


def test_a_request_cannot_change() -> None:
    """What was checked once stays checked."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        StripRequest(4).digit = 40  # type: ignore[misc]


@pytest.mark.parametrize("neat", [-1, 101])
def test_neatness_goes_from_0_to_100(neat: int) -> None:
    """A request that is wilder than wild or tidier than tidy cannot be made."""
    with pytest.raises(InvalidNeatness):
        MorphRequest((3, 8), neat=neat)


@pytest.mark.parametrize("text", ["", " ", "-", "12a", "1%", "٤", "1\n2"])
def test_a_number_has_a_digit_and_no_strange_sign(text: str) -> None:
    """Digits in ASCII, the marks that can be drawn, and spaces; adapters bring other scripts into that form."""
    with pytest.raises(InvalidNumber):
        NumberRequest(text)


@pytest.mark.parametrize("text", ["1" * 21, "1 " * 13 + "1"])
def test_a_number_has_an_end(text: str) -> None:
    """Neither 21 digits nor 27 characters."""
    with pytest.raises(NumberTooLong):
        NumberRequest(text)


def test_the_longest_numbers_are_numbers() -> None:
    """Twenty digits, and 26 characters."""
    assert len(NumberRequest("1" * 20 + " " * 6).digits) == 20


@pytest.mark.parametrize(
    ("digits", "error"),
    [((), InvalidMorph), ((1, 2) * 3 + (1,), InvalidMorph), ((3, 3), EqualNeighbours), ((3, 10), InvalidDigit)],
)
def test_a_morph_needs_somewhere_to_go(digits: tuple[int, ...], error: type[Exception]) -> None:
    """No digit, seven, or twice the same in a row is no walk."""
    with pytest.raises(error):
        MorphRequest(digits)


def test_a_comparison_is_of_a_digit() -> None:
    """As with a strip."""
    with pytest.raises(InvalidDigit):
        CompareRequest(10)


@pytest.mark.parametrize("token", ["", "x", "E" * 41, "E AA"])
def test_a_hand_is_a_token(token: str) -> None:
    """A request in a hand that is none cannot be made."""
    for make in (lambda: StripRequest(4, hand=token), lambda: NumberRequest("7", hand=token)):
        with pytest.raises(InvalidHand):
            make()
    with pytest.raises(InvalidHand):
        MorphRequest((3, 8), hand=token)
