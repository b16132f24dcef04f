"""Measure how much each step of neatness changes what is drawn.

    python -m tests.benchmarks.neatness [MODEL ...]

The same latents are drawn at each neatness, on the scale of version 0.1 and on today's.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import latents
from core.catalog import Catalog, Model
from core.generator import one_hot
from core.pictures.base import MAX_NEATNESS, NATURAL, truncation

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"
COUNT, SEED = 500, 5
STEPS = range(0, MAX_NEATNESS + 1, 10)
NEIGHBOURS = 5
"""The k of density (Naeem et al., 2020, arXiv:2002.09797), here in pixels."""

Floats = NDArray[np.float32]
Scale = Callable[[int], float]


@dataclass(frozen=True)
class Measured:
    """Figures of a neatness.

    Attributes:
        truncation: that it stands for.
        change: from the step before, mean grey levels a pixel.
        variety: mean standard deviation of a pixel among the images of a digit, in grey levels.
        density: balls of natural images that an image is in, over k; 1 for images that are natural.
        accuracy: share of the images that the reader reads right; NaN without a reader.
    """

    truncation: float
    change: float
    variety: float
    density: float
    accuracy: float


def before(neat: int) -> float:
    """Return the truncation of a neatness as version 0.1 had it: a straight line on either side."""
    return 1.4 - 0.4 * neat / NATURAL if neat <= NATURAL else 1 - 0.7 * (neat - NATURAL) / NATURAL


def draw(model: Model, scale: Scale, count: int = COUNT, seed: int = SEED) -> Floats:
    """Draw the same latents at each tenth step of a scale.

    Returns:
        float32 (steps, count, 28, 28); image i is of digit i modulo 10.
    """
    generator, wanted = model.generator, one_hot(tuple(i % 10 for i in range(count)))
    rows = latents.independent(seed, count, generator.latent_dim)
    steps: Floats = np.stack([generator.draw(rows, wanted, scale(neat)) for neat in STEPS]).astype(np.float32)
    return steps


def changes(drawn: Floats) -> Floats:
    """Return by how much each step differs from the one before, (steps - 1,) in mean grey levels a pixel."""
    differences: Floats = np.abs(np.diff(drawn, axis=0)).mean(axis=(1, 2, 3))
    return differences


def unevenness(drawn: Floats) -> float:
    """Return the largest change of a step over the smallest; 1 where all steps look equal."""
    return float(changes(drawn).max() / changes(drawn).min())


def measure(model: Model, catalog: Catalog, scale: Scale = truncation) -> dict[int, Measured]:
    """Measure each tenth step of a scale.

    Args:
        model: draws.
        catalog: whose reader reads.
        scale: truncation of a neatness.
    """
    digits = np.arange(COUNT) % 10
    drawn, others = draw(model, scale), draw(model, lambda _: 1, seed=SEED + 1)[0]
    found, changed = {}, [0.0, *changes(drawn).tolist()]
    for neat, ink, change in zip(STEPS, drawn, changed, strict=True):
        images = ink.astype(np.uint8)
        variety = float(np.mean([ink[digits == digit].std(axis=0).mean() for digit in range(10)]))
        density = float(np.mean([_density(ink[digits == digit], others[digits == digit]) for digit in range(10)]))
        right = (catalog.reader.read(images).argmax(axis=1) == digits).mean() if catalog.reader else np.nan
        found[neat] = Measured(scale(neat), change, variety, density, float(right))
    return found


def _density(images: Floats, natural: Floats) -> float:
    points = natural.reshape(len(natural), -1)
    radii = np.sort(_distances(points, points), axis=1)[:, NEIGHBOURS]
    inside = _distances(images.reshape(len(images), -1), points) <= radii
    return float(inside.sum(axis=1).mean() / NEIGHBOURS)


def _distances(one: Floats, other: Floats) -> Floats:
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    distances: Floats = np.sqrt(squares.clip(0))
    return distances


def main(names: list[str]) -> int:
    """Measure and print; returns the exit code."""
    catalog = Catalog.open(WEIGHTS)
    for model in [catalog.find(name) for name in names] or catalog.models:
        for title, scale in (("version 0.1", before), ("now", truncation)):
            measured = measure(model, catalog, scale)
            sys.stdout.write(
                f"\n{model.title}, {title}: largest step over smallest {unevenness(draw(model, scale)):.2f}\n\n"
            )
            sys.stdout.write("| neat | truncation | change | variety | density | read right |\n")
            sys.stdout.write("| ---: | ---: | ---: | ---: | ---: | ---: |\n")
            for neat, each in measured.items():
                figures = f"{each.truncation:.2f} | {each.change:.2f} | {each.variety:.1f} | {each.density:.2f}"
                sys.stdout.write(f"| {neat} | {figures} | {each.accuracy:.1%} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
