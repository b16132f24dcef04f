"""A hand's token: short, of a plain alphabet, and near to the latent that it stands for."""

import re

import numpy as np
import pytest

from core import latents
from core.errors import InvalidHand
from core.hand import MAX_CHARACTERS, check, from_seed_and_token, from_token, mean_hand, to_token


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
    token = to_token(latents.independent(3, 1, latent_dim)[0])
    check(token)
    assert len(token) <= MAX_CHARACTERS
    assert to_token(from_token(token, latent_dim)) == token


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
        "IAAA",
        "E AA",
        "Ä" * 22,
        "EA==",
        "ＥＡＡＡ",
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    """Another alphabet, another version, nothing, or too much."""
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


def test_a_share_of_a_hand_lies_between_it_and_the_seeds() -> None:
    """From the bot's own hand to one's own, step by step, each as long as a typical latent."""
    (hand,), seed = latents.independent(8, 1, 64), 3
    token, (drawn,) = to_token(hand), latents.independent(seed, 1, 64)
    tokens = [*(f"{token}.{percent}" for percent in (0, 25, 50, 75)), token]
    shares = [from_seed_and_token(seed, one, 64) for one in tokens]
    np.testing.assert_allclose(shares[0], drawn, rtol=1e-5)
    assert np.array_equal(shares[-1], from_token(token, 64))
    near = [float(np.corrcoef(share, hand)[0, 1]) for share in shares]
    assert near == sorted(near)
    assert all(0.5 < (share**2).mean() < 1.6 for share in shares)
