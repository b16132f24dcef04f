"""Hands on the way from a person's to the bot's."""

import numpy as np
import pytest

from core import latents
from core.blending import blend
from core.errors import InvalidHand
from core.hand import from_token, to_token

DIM = 64


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the cosine of the angle between two hands."""
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_each_step_is_nearer_to_the_other_hand(seed: int) -> None:
    """It begins with the very token, leaves it step by step, and ends where the seed's own hand is.

    The first step is a small one, and may be less than a token can tell.
    """
    own = latents.independent(99, 1, DIM)[0]
    token, (other,) = to_token(own), latents.independent(seed, 1, DIM)
    hands = blend(token, seed, DIM, 9)
    assert (hands[0], len(set(hands[1:]))) == (token, 8)
    steps = [from_token(hand, DIM) for hand in hands]
    assert all(np.diff([likeness(step, from_token(token, DIM)) for step in steps]) <= 0)
    assert all(np.diff([likeness(step, other) for step in steps]) >= 0)
    assert likeness(steps[-1], other) > 0.9


def test_a_text_that_is_no_hand_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(InvalidHand):
        blend("cat", 7, DIM, 9)
