"""A hand as a token: a latent in a few characters, which say nothing but a way of writing.

Each value of the latent is quantised to two bits at the levels that are best for a normal distribution (Lloyd, 1957,
published 1982; Max, 1960). Its length is left out: it is always that of a typical latent. A percentage may follow it,
`TOKEN.60`: how much of the writing is this hand, the rest being one that the seed draws.
"""

import re

import numpy as np
from numpy.typing import NDArray

from core import latents
from core.errors import InvalidHand

VERSION = 1
"""Version of the code, the token's first four bits; tokens are out in the world and stay readable."""
VERSION_BITS, VALUE_BITS, CHARACTER_BITS = 4, 2, 6
MAX_CHARACTERS = 40
"""Characters of a token: enough for latents of 118 values; one of 64 takes 22."""
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Of base64url (RFC 4648): all of it can stand in a URL."""
FORM = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_CHARACTERS}}}(\.(0|[1-9][0-9]?))?")
BOUNDS = np.array([-0.9816, 0.0, 0.9816], np.float32)
LEVELS = np.array([-1.5104, -0.4528, 0.4528, 1.5104], np.float32)
"""The quantiser of four levels for N(0, 1) with the least squared error; its correlation with the value is 0.94."""


def mean_hand(latents: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean direction of latents (N, latent_dim), as long as a typical latent: (latent_dim,)."""
    lengths = np.linalg.norm(latents, axis=1, keepdims=True)
    return _typical((latents / np.maximum(lengths, 1e-6)).mean(axis=0))


def to_token(hand: NDArray[np.float32]) -> str:
    """Write a latent (latent_dim,) as a token.

    Raises:
        ValueError: it is too long for MAX_CHARACTERS.
    """
    codes = np.searchsorted(BOUNDS, _typical(hand))
    bits = [*_bits(np.array([VERSION]), VERSION_BITS), *_bits(codes, VALUE_BITS)]
    bits += [0] * (-len(bits) % CHARACTER_BITS)
    if len(bits) > MAX_CHARACTERS * CHARACTER_BITS:
        raise ValueError(f"a latent of {len(hand)} values is too long for a token")
    return "".join(ALPHABET[index] for index in _numbers(bits, CHARACTER_BITS))


def check(token: str) -> None:
    """Check that a text may be a token, whatever the length of its latent.

    Raises:
        InvalidHand: it is none of this version.
    """
    found = FORM.fullmatch(token)
    if not found or ALPHABET.index(token[0]) >> (CHARACTER_BITS - VERSION_BITS) != VERSION:
        raise InvalidHand(token)


def from_seed_and_token(seed: int, token: str, latent_dim: int) -> NDArray[np.float32]:
    """Read a token, and draw the share of the hand that it leaves to the seed.

    Returns:
        float32 (latent_dim,), with a mean square of about 1.

    Raises:
        InvalidHand: as `from_token`.
    """
    hand = from_token(token, latent_dim)
    percent = token.partition(".")[2]
    if not percent:
        return hand
    share = int(percent) / 100
    (other,) = latents.independent(seed, 1, latent_dim)
    mixed: NDArray[np.float32] = np.sqrt(share) * hand + np.sqrt(1 - share) * other
    return mixed.astype(np.float32)


def from_token(token: str, latent_dim: int) -> NDArray[np.float32]:
    """Read a token, whatever its share.

    Returns:
        float32 (latent_dim,), with a mean square of 1.

    Raises:
        InvalidHand: it is no token, or one of a latent of another length.
    """
    check(token)
    code = token.partition(".")[0]
    if len(code) != -(-(VERSION_BITS + VALUE_BITS * latent_dim) // CHARACTER_BITS):
        raise InvalidHand(token)
    bits = _bits(np.array([ALPHABET.index(sign) for sign in code]), CHARACTER_BITS)
    codes = _numbers(bits[VERSION_BITS : VERSION_BITS + VALUE_BITS * latent_dim], VALUE_BITS)
    return _typical(LEVELS[codes])


def _typical(hand: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale a vector to a mean square of 1, about that of a latent ~ N(0, 1)."""
    scaled: NDArray[np.float32] = (hand / np.sqrt((hand**2).mean() + 1e-12)).astype(np.float32)
    return scaled


def _bits(numbers: NDArray[np.intp], width: int) -> list[int]:
    """Return the bits of numbers, each in `width` bits, the highest first."""
    shifts = np.arange(width)[::-1]
    bits: list[int] = ((numbers[:, None] >> shifts) & 1).ravel().tolist()
    return bits


def _numbers(bits: list[int], width: int) -> list[int]:
    """Return the numbers of `width` bits each; the way back from `_bits`."""
    powers = 1 << np.arange(width)[::-1]
    numbers: list[int] = (np.array(bits).reshape(-1, width) @ powers).tolist()
    return numbers
