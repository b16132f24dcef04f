"""A hand's token: short, of a plain alphabet, and near to the latent that it stands for."""

import re

import numpy as np
import pytest

from core import latents
from core.catalog import Catalog
from core.errors import InvalidHand
from core.generator import DIGITS, Generator
from core.hand import (
    MAX_CHARACTERS,
    check,
    digit_latents,
    from_seed_and_token,
    from_token,
    mean_hand,
    shares,
    to_tokens,
)
from tests.core.tokens import to_token
from tests.golden.weights import make

DIM = 8
"""Length of a latent of the small network."""


def test_a_token_is_22_characters_of_base64url() -> None:
    """It fits a URL, a custom_id and callback data."""
    for row in latents.independent(1, 50, 64):
        assert re.fullmatch(r"[A-Za-z0-9_-]{22}", to_token(row))


def test_a_token_stays_near_its_latent() -> None:
    """The correlation of a normal vector with its token's is that of the best quantiser of four levels."""
    rows = latents.independent(2, 200, 64)
    read = np.stack([from_token(to_token(row), 64) for row in rows])
    assert np.mean([np.corrcoef(row, back)[0, 1] for row, back in zip(rows, read, strict=True)]) > 0.93
    assert (read**2).mean(axis=1).tolist() == pytest.approx([1] * 200, rel=1e-3)


@pytest.mark.parametrize("latent_dim", [1, 4, 8, 20, 63, 64, 65, 100, 118])
def test_a_token_is_read_as_it_was_written(latent_dim: int) -> None:
    """Whatever the length of a latent: the token of what a token says is the same token."""
    for digit in (None, *range(DIGITS)):
        token = to_token(latents.independent(3, 1, latent_dim)[0], digit)
        check(token)
        assert len(token) <= MAX_CHARACTERS
        assert to_token(from_token(token, latent_dim), digit) == token


def test_a_token_says_nothing_but_a_direction() -> None:
    """Twice as long a latent is the same hand."""
    (row,) = latents.independent(4, 1, 64)
    assert to_token(row) == to_token(2 * row)


def test_a_token_of_today_is_read_for_good() -> None:
    """What is out in the world keeps its meaning: the signs and sizes of its first values are these."""
    levels = from_token("EbEbEbEbEbEbEbEbEbEbEb", 64)
    assert (levels[:8] / levels[0]).tolist() == pytest.approx([1, 0.3, -0.3, -1, 1, 0.3, 1, 0.3], abs=0.001)


def test_a_latent_that_is_too_long_has_no_token() -> None:
    """119 values do not fit 40 characters."""
    with pytest.raises(ValueError, match="119"):
        to_token(np.ones(119, np.float32))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "EAAA!",
        "E" * 41,
        "EA.",
        "EA.100",
        "EA.07",
        "EA.-1",
        "EA.5.5",
        ".5",
        "AAAA",
        "wAAA",
        "-AAA",
        "E AA",
        "Ä" * 22,
        "EA==",
        "ＥＡＡＡ",
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    """Another alphabet, another head, nothing, or too much."""
    with pytest.raises(InvalidHand) as caught:
        check(token)
    assert caught.value.value == token
    with pytest.raises(InvalidHand):
        from_token(token, 64)


def test_a_token_of_another_length_is_refused() -> None:
    """The latent of another model is no hand of this one."""
    token = to_token(latents.independent(5, 1, 64)[0])
    for wrong in (token[:-1], token + "A"):
        check(wrong)
        with pytest.raises(InvalidHand):
            from_token(wrong, 64)


def test_the_hand_of_several_digits_is_their_mean_direction() -> None:
    """Each counts alike, however long its latent, and the mean is as long as a typical one."""
    one, other = latents.independent(6, 2, 64)
    mean = mean_hand(np.stack([one, 9 * other]))
    assert np.corrcoef(mean, one)[0, 1] == pytest.approx(np.corrcoef(mean, other)[0, 1], abs=0.05)
    assert float((mean**2).mean()) == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize("digit", [None, 4])
def test_a_share_of_a_hand_lies_between_it_and_the_seeds(generator: Generator, digit: int | None) -> None:
    """From the bot's own hand to one's own, step by step, each as long as a typical latent."""
    seed = 3
    tokens = shares(to_token(latents.independent(8, 1, DIM)[0], digit), 9)
    assert (len(tokens), len(set(tokens)), tokens[-1]) == (9, 9, f"{tokens[0]}.0")
    each = [from_seed_and_token(seed, token, generator) for token in tokens]
    assert np.array_equal(each[0], digit_latents(tokens[0], generator))
    np.testing.assert_allclose(each[-1], latents.independent(seed, 1, DIM).repeat(DIGITS, axis=0), rtol=1e-5)
    steps = np.linalg.norm(np.diff(each, axis=0), axis=2)
    assert (steps > 0).all()
    assert (steps.max(axis=0) < 3 * steps.min(axis=0)).all()


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    """A small network that writes in hands."""
    return Catalog.open(make(tmp_path_factory.mktemp("weights"))).find_writer(None).generator


def test_all_digits_share_a_hand_of_all(generator: Generator) -> None:
    """As in every token that was given out before tokens said of which digit they are."""
    token = to_token(latents.independent(8, 1, DIM)[0])
    assert token[0] in "EFGH"
    assert np.array_equal(digit_latents(token, generator), from_token(token, DIM)[None].repeat(DIGITS, axis=0))


@pytest.mark.parametrize("digit", range(DIGITS))
def test_a_hand_of_one_digit_keeps_its_form(generator: Generator, digit: int) -> None:
    """The nine others are slanted and thickened like it and have forms of their own: the same ones each time."""
    token = to_token(latents.independent(8, 1, DIM)[0], digit)
    each = digit_latents(token, generator)
    assert np.array_equal(each[digit], from_token(token, DIM))
    np.testing.assert_allclose(
        each @ generator.pen_space.basis, each[[digit]].repeat(10, axis=0) @ generator.pen_space.basis, atol=1e-5
    )
    assert len({row.tobytes() for row in each}) == DIGITS
    assert np.array_equal(each, digit_latents(f"{token}.50", generator))


def test_the_forms_of_a_hand_are_as_wild_as_any(generator: Generator) -> None:
    """They are as long as typical latents, and differ from hand to hand."""
    hands_ = [digit_latents(to_token(row, 4), generator) for row in latents.independent(1, 300, DIM)]
    assert np.square(hands_).mean(axis=(0, 2)) == pytest.approx(np.ones(DIGITS), abs=0.1)
    rest = np.eye(DIM) - generator.pen_space.basis @ generator.pen_space.basis.T
    forms = np.array(hands_) @ rest

    def likeness(one: np.ndarray, other: np.ndarray) -> float:
        pairs = zip(one, other, strict=True)
        return float(np.mean([a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in pairs]))

    assert likeness(forms[:, 4], forms[:, 5]) == pytest.approx(0.42, abs=0.05)
    assert likeness(forms[:, 5], forms[:, 6]) < 0.3
    assert likeness(forms[:-1, 5], forms[1:, 5]) == pytest.approx(0, abs=0.06)


def test_an_exact_token_is_nearest_along_its_directions() -> None:
    """A quantiser that looks at each value alone misses a direction of them by a third of its spread."""
    rows = latents.independent(9, 200, 64)
    exact = np.linalg.qr(latents.independent(10, 2, 64).T)[0]
    lengths = np.sqrt((rows**2).mean(axis=1, keepdims=True))

    def errors(tokens: list[str]) -> tuple[float, float]:
        error = np.stack([from_token(token, 64) for token in tokens]) - rows / lengths
        return float(np.std(error @ exact)), float(np.std(error))

    (plain, all_plain), (near, all_near) = (
        errors([to_token(row) for row in rows]),
        errors(to_tokens(rows, exact, 4)),
    )
    assert near < plain / 3
    assert all_near < 1.25 * all_plain
