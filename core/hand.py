"""A hand as a token: a latent in a few characters, which say a way of writing, and of which digit, and nothing else.

Each value of the latent is quantised to two bits at the levels that are best for a normal distribution (Lloyd, 1957,
published 1982; Max, 1960). Its length is left out: it is always that of a typical latent. A percentage may follow it,
`TOKEN.60`: how much of the writing is this hand, the rest being one that the seed draws.

If all digits of a photo are of one kind, the latent gives that digit's form. The nine others have the same slant and
stroke; their forms are drawn from a hash of the token. Tokens are out in the world and stay readable. A token in which
a letter was changed is mostly another hand: there is no room for a checksum.
"""

import re
import zlib

import numpy as np
from numpy.typing import NDArray

from core import latents
from core.errors import InvalidHand
from core.generator import DIGITS, Generator

EVERY_DIGIT = 1
"""First four bits of a token whose latent is of all digits."""
FIRST_DIGIT = 2
"""First four bits of a token whose latent is of digit 0; 3 stands for digit 1, and 11 for digit 9."""
HEAD_BITS, VALUE_BITS, CHARACTER_BITS = 4, 2, 6
MAX_CHARACTERS = 40
"""Characters of a token: enough for latents of 118 values; one of 64 takes 22."""
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Of base64url (RFC 4648): all of it can stand in a URL."""
FORM = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_CHARACTERS}}}(\.(0|[1-9][0-9]?))?")
BOUNDS = np.array([-0.9816, 0.0, 0.9816], np.float32)
LEVELS = np.array([-1.5104, -0.4528, 0.4528, 1.5104], np.float32)
"""The quantiser of four levels for N(0, 1) with the least squared error; its correlation with the value is 0.94."""
EXACTNESS = 30.0
"""Weight of the squared error along a direction, beside that of a single value."""
FORM_WEIGHT = 0.9
"""Weight of a digit's own form, in what is neither slant nor stroke; that of the token's latent is sqrt(1 - 0.9**2)."""


def mean_hand(latents: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean direction of latents (N, latent_dim), as long as a typical latent: (latent_dim,)."""
    lengths = np.linalg.norm(latents, axis=1, keepdims=True)
    return _typical((latents / np.maximum(lengths, 1e-6)).mean(axis=0))


def to_tokens(rows: NDArray[np.float32], directions: NDArray[np.float32], digit: int | None = None) -> list[str]:
    """Write hands as tokens, with the smallest errors along some directions.

    Choose levels one value at a time, to minimise the squared error plus EXACTNESS times that along the directions.

    Args:
        rows: float32 (N, latent_dim).
        directions: float32 (latent_dim, K), orthonormal.
        digit: the digit 0..9 that the latents are of; None if they are of all.

    Raises:
        ValueError: they are too long for MAX_CHARACTERS.
    """
    wanted = np.stack([_typical(row) for row in rows])
    codes = np.searchsorted(BOUNDS, wanted)
    error = (LEVELS[codes] - wanted) @ directions
    for index, direction in enumerate(directions):
        steps = LEVELS - LEVELS[codes[:, [index]]]  # (N, 4)
        errors = error[:, None] + steps[..., None] * direction  # (N, 4, K)
        costs = (LEVELS - wanted[:, [index]]) ** 2 + EXACTNESS * (errors**2).sum(axis=2)
        codes[:, index] = costs.argmin(axis=1)
        error = errors[np.arange(len(rows)), codes[:, index]]
    return [_encode(row, digit) for row in codes]


def check(token: str) -> None:
    """Check that a text may be a token, whatever the length of its latent.

    Raises:
        InvalidHand: it is none.
    """
    if not FORM.fullmatch(token) or not EVERY_DIGIT <= _head(token) < FIRST_DIGIT + DIGITS:
        raise InvalidHand(token)


def from_seed_and_token(seed: int, token: str, generator: Generator) -> NDArray[np.float32]:
    """Return the latents of the ten digits in a token's hand, with the share of it that is left to the seed.

    Returns:
        float32 (10, latent_dim), with a mean square of about 1, or more where the pen is extreme.

    Raises:
        InvalidHand: as `from_token`.
    """
    hand = digit_latents(token, generator)
    percent = token.partition(".")[2]
    if not percent:
        return hand
    share = int(percent) / 100
    other = latents.independent(seed, 1, generator.latent_dim)
    mixed: NDArray[np.float32] = np.sqrt(share) * hand + np.sqrt(1 - share) * other
    return mixed.astype(np.float32)


def shares(token: str, count: int) -> tuple[str, ...]:
    """Return tokens from all of a hand to none of it.

    They turn by equal angles: a hand and that of a seed are as good as perpendicular.

    Args:
        token: of a hand, without a share.
        count: 2..20.
    """
    angles = np.linspace(0, np.pi / 2, count)[1:]
    return (token, *(f"{token}.{percent:.0f}" for percent in 100 * np.cos(angles) ** 2))


def digit_latents(token: str, generator: Generator) -> NDArray[np.float32]:
    """Return the latents of the ten digits in a token's hand, whatever its share.

    Args:
        token: of a hand of the generator.
        generator: the model that writes in hands.

    Returns:
        float32 (10, latent_dim), with a mean square of about 1, or more where the pen is extreme.

    Raises:
        InvalidHand: as `from_token`.
    """
    hand = from_token(token, generator.latent_dim)
    rows = hand[None].repeat(DIGITS, axis=0)
    if _head(token) == EVERY_DIGIT:
        return rows
    key = zlib.crc32(token.partition(".")[0].encode())
    # Of keys of three words, `random_digit` and `walk` have those that end in 1 and 2.
    forms = np.stack([latents.stream_of(key, digit, 3).standard_normal(len(hand)) for digit in range(DIGITS)])
    rows[:] = np.sqrt(1 - FORM_WEIGHT**2) * hand + FORM_WEIGHT * forms
    basis = generator.pen_space.basis
    rows += (hand - rows) @ basis @ basis.T
    rows[_head(token) - FIRST_DIGIT] = hand
    return rows


def from_token(token: str, latent_dim: int) -> NDArray[np.float32]:
    """Read a token, whatever its share.

    Returns:
        float32 (latent_dim,), with a mean square of 1.

    Raises:
        InvalidHand: it is no token, or one of a latent of another length.
    """
    check(token)
    code = token.partition(".")[0]
    if len(code) != -(-(HEAD_BITS + VALUE_BITS * latent_dim) // CHARACTER_BITS):
        raise InvalidHand(token)
    bits = _bits(np.array([ALPHABET.index(sign) for sign in code]), CHARACTER_BITS)
    codes = _numbers(bits[HEAD_BITS : HEAD_BITS + VALUE_BITS * latent_dim], VALUE_BITS)
    return _typical(LEVELS[codes])


def _head(token: str) -> int:
    return ALPHABET.index(token[0]) >> (CHARACTER_BITS - HEAD_BITS)


def _encode(codes: NDArray[np.intp], digit: int | None) -> str:
    """Return the token of the level of each value, (latent_dim,) 0..3."""
    head = EVERY_DIGIT if digit is None else FIRST_DIGIT + digit
    bits = [*_bits(np.array([head]), HEAD_BITS), *_bits(codes, VALUE_BITS)]
    bits += [0] * (-len(bits) % CHARACTER_BITS)
    if len(bits) > MAX_CHARACTERS * CHARACTER_BITS:
        raise ValueError(f"a latent of {len(codes)} values is too long for a token")
    return "".join(ALPHABET[index] for index in _numbers(bits, CHARACTER_BITS))


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
