"""Seeds to latent vectors, the same on every machine and whatever the batch."""

import math
import threading

import numpy as np
from numpy.typing import NDArray

MAX_SEED = 2**32 - 1
"""The largest seed; the smallest is 0."""


class _Streams(threading.local):
    """A stream for each thread: making one, from the system's entropy, takes much longer than seeding it."""

    def __init__(self) -> None:
        self.own = np.random.RandomState()


_streams = _Streams()


def stream_of(*key: int) -> np.random.RandomState:
    """Return the stream of random numbers of a key; the next call in the same thread seeds it anew.

    NumPy freezes the stream of `RandomState` for good and of no newer generator (NEP 19).

    Args:
        key: words of 0..2**32 - 1; keys of another length or with another word share no stream.
    """
    _streams.own.seed(np.array(key, dtype=np.uint32))
    return _streams.own


def independent(seed: int, count: int, dim: int, attempt: int = 0, *, start: int = 0) -> NDArray[np.float32]:
    """Draw the latent vectors of images start..start+count-1 of a request.

    Row i depends on (seed, i, attempt) alone, so a longer request begins with the shorter one.

    Args:
        seed: 0..MAX_SEED.
        count: rows.
        dim: the length of a vector.
        attempt: 0 for the first vector of the stream of (seed, i), 1 for the next.
        start: index of the first image.

    Returns:
        float32 (count, dim), each value ~ N(0, 1).
    """
    rows = np.empty((count, dim), np.float32)
    for index in range(count):
        rows[index] = stream_of(seed, start + index).standard_normal((attempt + 1, dim))[attempt]
    return rows


def one_hand(
    seed: int,
    count: int,
    dim: int,
    own_share: float,
    attempt: int = 0,
    *,
    hand: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Draw the latent vectors of digits 0..count-1 as one writer would form them.

    They share a vector, which is the hand: models give equal latents an equal slant and stroke, whatever
    the digit. As with `independent`, a longer request begins with the shorter one.

    Args:
        seed: 0..MAX_SEED.
        count: rows.
        dim: the length of a vector.
        own_share: 0..1, the weight of each row's own latent; at 1 the rows share nothing.
        attempt: of the rows' own latents, as in `independent`; the hand stays.
        hand: float32 (dim,), the vector that they share, or (count, dim), one a row; None draws one from the seed.

    Returns:
        float32 (count, dim), each value ~ N(0, 1).
    """
    shared_row = independent(seed, 1, dim) if hand is None else hand
    rows = independent(seed, count, dim, attempt, start=1)
    own, shared = np.float32(own_share), np.float32(math.sqrt(1 - own_share**2))
    mixed: NDArray[np.float32] = shared * shared_row + own * rows
    return mixed


def random_digit(seed: int) -> int:
    """Return the digit 0..9 that a request for a random one gets from its seed."""
    # A key of three words shares no stream with the two of a latent.
    return int(stream_of(seed, 0, 1).randint(10))
