"""From a seed to latent vectors, the same on every machine and whatever the batch."""

import numpy as np
from numpy.typing import NDArray

MAX_SEED = 2**32 - 1
"""The largest seed; the smallest is 0."""


def latent(seed: int, index: int, dim: int) -> NDArray[np.float32]:
    """Draw the latent vector of one image.

    NumPy freezes the stream of `RandomState` for good and of no newer generator (NEP 19), which is
    why this class and its polar method are used here.

    Args:
        seed: 0..MAX_SEED.
        index: the position of the image in its request, from 0.
        dim: the length of the vector.

    Returns:
        float32 (dim,), each value ~ N(0, 1).
    """
    stream = np.random.RandomState(np.array([seed, index], dtype=np.uint32))
    return stream.standard_normal(dim).astype(np.float32)


def latents(seed: int, count: int, dim: int) -> NDArray[np.float32]:
    """Draw the latent vectors of images 0..count-1 of a request.

    Row i depends on (seed, i) alone, so a longer request begins with the shorter one.

    Returns:
        float32 (count, dim), each value ~ N(0, 1).
    """
    return np.stack([latent(seed, index, dim) for index in range(count)])


def digit(seed: int) -> int:
    """The digit 0..9 that a request for a random one gets from its seed."""
    # A key of three words shares no stream with the two of a latent.
    return int(np.random.RandomState(np.array([seed, 0, 1], dtype=np.uint32)).randint(10))
