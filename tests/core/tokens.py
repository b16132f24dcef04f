"""Tokens of hands."""

import numpy as np
from numpy.typing import NDArray

from core.hand import to_tokens


def to_token(hand: NDArray[np.float32], digit: int | None = None) -> str:
    """Return the token of a hand, (latent_dim,), in which no direction counts for more than another."""
    return to_tokens(hand[None], np.zeros((len(hand), 0), np.float32), digit)[0]
