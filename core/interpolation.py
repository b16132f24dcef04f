"""Interpolation of a morph: through digits and latents and back to the first, at an even pace."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.generator import Generator, one_hot

Images = NDArray[np.uint8]
Floats = NDArray[np.float32]

FRAME_MS = 40
"""A frame on the way: 25 a second."""
MOVING_MS, RESTING_MS = 2400, 800
"""A whole loop: on the way, and at its digits; each digit and each leg has an equal share."""
PROBES = 24
"""Images of a leg by which its pace is found."""
MIN_CHANGE = 1e-3
"""Added to each change, so that a leg on which nothing moves has a pace too."""


class Interpolation:
    """The frames of a loop from digit to digit and back to the first.

    Args:
        generator: the model that draws.
        digits: the digits to pass through, 0..9 each.
        latents: float32 (len(digits), latent_dim), a latent for each.
        truncation: as in `Generator.draw`.

    Attributes:
        frames: uint8 (N, 28, 28), white ink on black; the first one follows the last.
        durations_ms: of each frame.
        digits: the digit that each frame is closest to.
    """

    def __init__(self, generator: Generator, digits: Sequence[int], latents: Floats, truncation: float) -> None:
        path, legs = _Path(one_hot(tuple(digits)), latents), len(digits)
        frames = MOVING_MS // FRAME_MS // legs
        times = _even_times(self._changes(generator, path, legs, truncation), frames)
        at, weights = path.at(times)
        self.frames = generator.draw(at, weights, truncation)
        self.durations_ms = [FRAME_MS] * len(times)
        self.durations_ms[::frames] = [FRAME_MS + RESTING_MS // legs // 10 * 10] * legs
        self.digits: list[int] = weights.argmax(axis=1).tolist()

    @staticmethod
    def _changes(generator: Generator, path: "_Path", legs: int, truncation: float) -> Floats:
        """Measure the change from probe to probe, (legs, PROBES): mean grey levels a pixel."""
        probes = generator.draw(*path.at(np.arange(legs * PROBES) / PROBES), truncation).astype(np.float32)
        changes = np.abs(np.diff(probes, axis=0, append=probes[:1])).mean(axis=(1, 2))
        paces: Floats = changes.reshape(legs, PROBES) + np.float32(MIN_CHANGE)
        return paces


class _Path:
    """The way from digit to digit at times 0, 1, 2, ..., and on to the first one again.

    The digit's weights are interpolated linearly. The latent follows the great circle between its ends, while its
    length goes from one to the other: on a straight line it would shorten, and few latents are as short
    (White, 2016, arXiv:1609.04468).
    """

    def __init__(self, digits: Floats, latents: Floats) -> None:
        self._digits = digits
        self._lengths = np.linalg.norm(latents, axis=1, keepdims=True)
        self._directions = latents / self._lengths

    def at(self, times: NDArray[np.floating]) -> tuple[Floats, Floats]:
        """Return latents (N, latent_dim) and digit weights (N, 10) at these times (N,)."""
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


def _even_times(changes: Floats, frames: int) -> NDArray[np.float64]:
    """Return the times of so many frames a leg, (legs * frames,), with an equal change between any two."""
    times = []
    for leg, steps in enumerate(changes):
        gone = np.concatenate([[0.0], np.cumsum(steps)])
        times.append(leg + np.interp(np.arange(frames) / frames * gone[-1], gone, np.linspace(0, 1, len(gone))))
    return np.concatenate(times)
