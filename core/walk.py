"""A walk through the latent space: from the latents of a seed along two directions, the same ones everywhere."""

import math

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidWalk
from core.latents import stream_of

Place = tuple[float, float]
"""A place of a walk: how far along each of its two directions, -1..1."""
START: Place = (0.0, 0.0)
"""The place at which the latents are those of the seed."""
EDGE_RADIANS = math.pi / 3
"""Angle from the start to the edge: half of a latent is its own there, as in a strip that one hand writes."""
TINY = 1e-12
"""Added to lengths that may be 0."""


def check(place: Place) -> None:
    """Check a place.

    Raises:
        InvalidWalk: one of its numbers is not in -1..1.
    """
    if not all(-1 <= share <= 1 for share in place):
        raise InvalidWalk(",".join(f"{share:g}" for share in place))


def directions(seed: int, dim: int) -> NDArray[np.float64]:
    """Return the two directions of a seed's walks: (2, dim), of length 1 and at a right angle to each other."""
    # A key of three words shares no stream with the two of a latent; see `latents.random_digit`.
    first, other = stream_of(seed, 0, 2).standard_normal((2, dim))
    first /= np.linalg.norm(first)
    other -= (other * first).sum() * first
    return np.stack([first, other / (np.linalg.norm(other) + TINY)])


def move(rows: NDArray[np.float32], seed: int, place: Place) -> NDArray[np.float32]:
    """Move latents to a place of their seed's walk, each along a great circle, so that none changes its length.

    All of them turn towards the same direction, as the digits of one writer have their slant in common. The square of
    all places is mapped to a disc (Fong, 2015, arXiv:1509.06344), so that its corners are no farther than its edges;
    the way on the sphere is its exponential map.

    Args:
        rows: float32 (count, dim); row i of the result depends on row i alone.
        seed: 0..2**32 - 1, chooses the directions.
        place: at START the rows come back as they are.

    Returns:
        float32 (count, dim).
    """
    if place == START:
        return rows
    x, y = place
    disc = np.array([x * math.sqrt(1 - y * y / 2), y * math.sqrt(1 - x * x / 2)])
    step = EDGE_RADIANS * (disc[:, None] * directions(seed, rows.shape[1])).sum(axis=0)
    lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    points = rows / (lengths + TINY)
    tangents = step - (points * step).sum(axis=1, keepdims=True) * points
    angles = np.linalg.norm(tangents, axis=1, keepdims=True)
    # sinc(a / pi) is sin(a) / a, and 1 at 0.
    moved: NDArray[np.float32] = lengths * (np.cos(angles) * points + np.sinc(angles / math.pi) * tangents)
    return moved.astype(np.float32)
