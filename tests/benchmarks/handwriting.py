"""Measure whether a number looks like one hand and a morph like one movement, and print it as tables.

python -m tests.benchmarks.handwriting
"""

import sys
from itertools import combinations

import numpy as np

from bot.config.loading import load, open_catalog
from core import latents
from core.catalog import Model
from core.generator import one_hot
from core.imaging.pen import measure
from core.imaging.typesetting import INKED
from core.interpolation import Interpolation
from core.pictures.morph import OWN_SHARE as MORPH_OWN_SHARE
from core.pictures.number import OWN_SHARE as NUMBER_OWN_SHARE

NUMBERS = 300
SEEDS = 5


def pens(model: Model, stray: float) -> np.ndarray:
    """Slant, stroke and height of the digits of many numbers, each holding all ten: (NUMBERS, 10, 3)."""
    found = []
    for seed in range(NUMBERS):
        rows = latents.one_hand(seed, 10, model.generator.latent_dim, stray)
        for image in model.generator.draw(rows, one_hot(tuple(range(10)))):
            pen = measure(image[None])
            found.append((pen.slant, pen.stroke, (image >= INKED).any(axis=1).sum()))
    return np.array(found, float).reshape(NUMBERS, 10, 3)


def within(values: np.ndarray) -> np.ndarray:
    """The standard deviation within a number, each digit being seen against others of its kind: (3,)."""
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    deviation: np.ndarray = np.sqrt(values.var(axis=1, ddof=1).mean(axis=0))
    return deviation


def likeness(model: Model) -> float:
    """How much two equal digits of a number differ, as a share of their ink."""
    images = [
        model.generator.draw(
            latents.one_hand(seed, 2, model.generator.latent_dim, NUMBER_OWN_SHARE), one_hot((seed % 10,) * 2)
        )
        for seed in range(NUMBERS)
    ]
    pairs = np.array(images, float)
    return float(np.abs(pairs[:, 0] - pairs[:, 1]).sum() / pairs.mean(axis=1).sum())


def grey(frames: np.ndarray) -> np.ndarray:
    """The share of ink that is grey, which is how blurred an image is."""
    ink = frames.astype(float) / 255
    seen: np.ndarray = ((ink > 0.1) & (ink < 0.9)).sum(axis=(1, 2)) / np.maximum((ink > 0.1).sum(axis=(1, 2)), 1)
    return seen


def morphs(model: Model, stray: float) -> tuple[float, float, float, float]:
    """Over all pairs of digits: mean and greatest change of a frame, and the grey at the ends and half-way."""
    changes, ends, middles = [], [], []
    for seed in range(SEEDS):
        for pair in combinations(range(10), 2):
            walk = Interpolation(
                model.generator, pair, latents.one_hand(seed, 2, model.generator.latent_dim, stray), 1.0
            )
            frames = walk.frames.astype(float)
            changes.append(np.abs(np.diff(frames, axis=0, append=frames[:1])).mean(axis=(1, 2)))
            leg = len(frames) // 2
            greys = grey(walk.frames)
            ends.append(greys[[0, leg]].mean())
            middles.append(greys[leg // 2])
    return float(np.mean(changes)), float(np.max(changes)), float(np.mean(ends)), float(np.mean(middles))


def main() -> int:
    """Measure and print; returns the exit code."""
    models = open_catalog(load({}).settings).models
    lines = [
        "Deviation within a number, as a share of that among all digits of a kind; drawn apart it is 1.",
        "",
        "| model | slant | stroke | height | two equal digits differ by, of their ink |",
        "| --- | --- | --- | --- | --- |",
    ]
    for model in models:
        together = " | ".join(f"{value:.2f}" for value in within(pens(model, NUMBER_OWN_SHARE)))
        lines.append(f"| {model.name} | {together} | {likeness(model):.2f} |")
    lines += [
        "",
        f"Morphs of all 45 pairs, {SEEDS} seeds; changes from frame to frame in grey levels of 255 a pixel.",
        "",
        "| model | rows share | mean change | greatest change | grey ink at the ends | half-way |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for model in models:
        for name, stray in (("a hand", MORPH_OWN_SHARE), ("nothing", 1.0)):
            figures = " | ".join(f"{value:.2f}" for value in morphs(model, stray))
            lines.append(f"| {model.name} | {name} | {figures} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
