"""The way of a morph: through digits and latents and back to the first, at an even pace."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.generator import Generator, one_hot

Images = NDArray[np.uint8]
Floats = NDArray[np.float32]

FRAME = 40
"""Milliseconds of a frame on the way: 25 a second."""
MOVING, RESTING = 2400, 800
"""Milliseconds of a whole walk: on the way, and at its digits; each digit and each leg has an equal share."""
PROBES = 24
"""Images of a leg by which its pace is found."""
STILL = 1e-3
"""Added to each change, so that a leg on which nothing moves has a pace too."""


class Walk:
    """A walk from digit to digit and back to the first.

    Args:
        generator: the model that draws.
        stations: the digits to pass through.
        latents: float32 (len(stations), latent_dim), a latent for each.
        spread: as `Generator.draw` has it.

    Attributes:
        frames: uint8 (N, 28, 28), white ink on black; after the last one the first one follows.
        milliseconds: for which each of them is shown.
        digits: the digit that each of them is closest to.
    """

    def __init__(self, generator: Generator, stations: Sequence[int], latents: Floats, spread: float) -> None:
        path, legs = _Path(one_hot(tuple(stations)), latents), len(stations)
        frames = MOVING // FRAME // legs
        times = _evenly(self._changes(generator, path, legs, spread), frames)
        at, digits = path.at(times)
        self.frames = generator.draw(at, digits, spread)
        self.milliseconds = [FRAME] * len(times)
        self.milliseconds[::frames] = [FRAME + RESTING // legs // 10 * 10] * legs
        self.digits = digits.argmax(axis=1).tolist()

    @staticmethod
    def _changes(generator: Generator, path: "_Path", legs: int, spread: float) -> Floats:
        """How much changes from probe to probe, (legs, PROBES): mean grey levels a pixel."""
        probes = generator.draw(*path.at(np.arange(legs * PROBES) / PROBES), spread).astype(np.float32)
        changes = np.abs(np.diff(probes, axis=0, append=probes[:1])).mean(axis=(1, 2))
        paces: Floats = changes.reshape(legs, PROBES) + np.float32(STILL)
        return paces


class _Path:
    """From station to station at times 0, 1, 2, ..., and on to the first one again.

    The digit goes straight. The latent goes along the great circle between its ends, while its length goes from
    one to the other: on a straight way it would shorten, and few latents are as short (White, 2016, arXiv:1609.04468).
    """

    def __init__(self, digits: Floats, latents: Floats) -> None:
        self._digits = digits
        self._lengths = np.linalg.norm(latents, axis=1, keepdims=True)
        self._directions = latents / self._lengths

    def at(self, times: NDArray[np.floating]) -> tuple[Floats, Floats]:
        """Latents (N, latent_dim) and digits (N, 10) at these times (N,)."""
        start = times.astype(int) % len(self._digits)
        end = (start + 1) % len(self._digits)
        share = (times % 1)[:, None]
        digits = (1 - share) * self._digits[start] + share * self._digits[end]
        one, other = self._directions[start], self._directions[end]
        angle = np.arccos((one * other).sum(axis=1, keepdims=True).clip(-1, 1))
        # As the angle goes to 0, sin(s a) / sin(a) goes to s.
        weights = [np.where(angle > 1e-4, np.sin(s * angle) / np.sin(angle + 1e-9), s) for s in (1 - share, share)]
        lengths = (1 - share) * self._lengths[start] + share * self._lengths[end]
        latents = lengths * (weights[0] * one + weights[1] * other)
        return latents.astype(np.float32), digits.astype(np.float32)


def _evenly(changes: Floats, frames: int) -> NDArray[np.float64]:
    """Times of so many frames a leg, between any two of which equally much changes, (legs * frames,)."""
    times = []
    for leg, steps in enumerate(changes):
        gone = np.concatenate([[0.0], np.cumsum(steps)])
        times.append(leg + np.interp(np.arange(frames) / frames * gone[-1], gone, np.linspace(0, 1, len(gone))))
    return np.concatenate(times)
