"""Hands on the way from one to another, as tokens."""

import math

import numpy as np

from core import latents
from core.hand import from_token, to_token


def blend(token: str, seed: int, latent_dim: int, count: int) -> tuple[str, ...]:
    """Return hands from a token's to the one that a seed draws, in which a number of that seed is written.

    They turn by equal angles: the two directions are as good as perpendicular.

    Args:
        token: of the first hand.
        seed: 0..2**32 - 1, of the last hand.
        latent_dim: length of a hand.
        count: at least 2, the two ends included.

    Raises:
        InvalidHand: the text is no token of such a hand.
    """
    own, (other,) = from_token(token, latent_dim), latents.independent(seed, 1, latent_dim)
    angles = np.linspace(0, math.pi / 2, count)[1:].tolist()
    turned = [math.cos(angle) * own + math.sin(angle) * other for angle in angles]
    return (token, *(to_token(hand.astype(np.float32)) for hand in turned))
