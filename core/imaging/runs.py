"""Connected components of a mask, found by its runs: the pixels in a row that are set without a gap."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a mask, from top to bottom and from left to right.

    Attributes:
        rows, starts, ends: (N,) each; a run goes from column `start` to the one before `end`.
        shape: of the mask.
    """

    rows: Integers
    starts: Integers
    ends: Integers
    shape: tuple[int, int]

    @classmethod
    def of(cls, mask: Mask) -> Self:
        """Find the runs of a mask (H, W)."""
        height, width = mask.shape
        edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8).ravel())
        stride = width + 2
        (starts,), (ends,) = np.nonzero(edges == 1), np.nonzero(edges == -1)
        return cls((starts + 1) // stride, (starts + 1) % stride - 1, (ends + 1) % stride - 1, (height, width))

    @property
    def lengths(self) -> Integers:
        """Pixels of each."""
        return self.ends - self.starts

    def only(self, chosen: Mask) -> Self:
        """Return the runs for which `chosen` (N,) is true."""
        return type(self)(self.rows[chosen], self.starts[chosen], self.ends[chosen], self.shape)

    def widened(self, pixels: int) -> Self:
        """Return longer runs, which may overlap."""
        starts, ends = np.maximum(self.starts - pixels, 0), np.minimum(self.ends + pixels, self.shape[1])
        return type(self)(self.rows, starts, ends, self.shape)

    def mask(self) -> Mask:
        """Return the mask (H, W) that has these runs."""
        steps = np.zeros((self.shape[0], self.shape[1] + 1), np.int16)
        np.add.at(steps, (self.rows, self.starts), 1)
        np.add.at(steps, (self.rows, self.ends), -1)
        found: Mask = np.cumsum(steps, axis=1)[:, :-1] > 0
        return found

    def labels(self) -> Integers:
        """Number the connected components, corners being connections: (N,), 0..count-1."""
        upper, lower = self._neighbours()
        labels = np.arange(len(self.rows))
        while True:
            before = labels.copy()
            least = np.minimum(labels[upper], labels[lower])
            np.minimum.at(labels, labels[upper], least)
            np.minimum.at(labels, labels[lower], least)
            labels = labels[labels]
            if np.array_equal(before, labels):
                return np.unique(labels, return_inverse=True)[1]

    def _neighbours(self) -> tuple[Integers, Integers]:
        """Return the indices of each two runs that touch, the upper one and the one in the row below it."""
        stride = self.shape[1] + 2
        first, last = self.rows * stride + self.starts, self.rows * stride + self.ends
        # Runs of the next row that end at or behind the start, and start at or before the end, of this one.
        begin = np.searchsorted(last, first + stride, "left")
        stop = np.searchsorted(first, last + stride, "right")
        counts = np.maximum(stop - begin, 0)
        upper = np.repeat(np.arange(len(first)), counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return upper, np.repeat(begin, counts) + within


@dataclass(frozen=True, slots=True)
class Components:
    """The connected components of a mask.

    Attributes:
        runs: of the mask.
        labels: (N,) the component of each run.
        left, right, top, bottom: (C,) the box around each, `right` and `bottom` being outside.
        areas: (C,) pixels.
    """

    runs: Runs
    labels: Integers
    left: Integers
    right: Integers
    top: Integers
    bottom: Integers
    areas: Integers

    @classmethod
    def of(cls, mask: Mask) -> Self:
        """Find the components of a mask (H, W)."""
        runs = Runs.of(mask)
        labels = runs.labels()
        count = int(labels.max(initial=-1)) + 1
        left, top = np.full(count, mask.shape[1]), np.full(count, mask.shape[0])
        right, bottom = np.zeros(count, np.int64), np.zeros(count, np.int64)
        np.minimum.at(left, labels, runs.starts)
        np.maximum.at(right, labels, runs.ends)
        np.minimum.at(top, labels, runs.rows)
        np.maximum.at(bottom, labels, runs.rows + 1)
        areas = np.bincount(labels, runs.lengths, count).astype(np.int64)
        return cls(runs, labels, left, right, top, bottom, areas)

    @property
    def widths(self) -> Integers:
        """Width of each box."""
        return self.right - self.left

    @property
    def heights(self) -> Integers:
        """Height of each box."""
        return self.bottom - self.top

    def mask(self, chosen: Mask) -> Mask:
        """Return the mask (H, W) of the components for which `chosen` (C,) is true."""
        return self.runs.only(chosen[self.labels]).mask()
