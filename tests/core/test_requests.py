"""Requests check themselves."""

import dataclasses

import pytest

from core.errors import InvalidCount, InvalidDigit, InvalidSeed
from core.requests import StripRequest


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
        assert StripRequest(digit, count, seed).seed == seed


def test_a_request_cannot_change() -> None:
    """What was checked once stays checked."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        StripRequest(4).digit = 40  # type: ignore[misc]
