"""Measure models against real digits.

    python -m training.evaluate                     # every model in weights/, on the test images
    python -m training.evaluate cgan --split validation

It knows a model by its ONNX contract alone. Scores go into `weights/scores.json` and the manifest, the
table and the plots into the model card. Models and checkpoints are chosen on the validation images; the
test images are for the card.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from core import latents
from core.generator import Generator, one_hot
from training import card, cost, manifest, metrics
from training.data import Digits, Split, load, to_float
from training.judge import Judge, Student, accuracy, load_judge, train

logger = logging.getLogger(__name__)

IN_MANIFEST = ("reading", "frechet", "precision", "recall", "density", "coverage", "student")
SEED = 2026
STUDENT_IMAGES, STUDENT_EPOCHS = 20_000, 12
NEIGHBOURS = 2000
"""Images whose nearest training images are looked for in pixels."""
STRIPS, STRIP = 500, 5


@dataclass(frozen=True)
class Scores:
    """One row of the table; shares are 0..1.

    Attributes:
        reading: images that the judge reads as the digit that was asked for.
        readings: the same for each digit 0..9.
        confusions: row digit asked for, column digit read, counts.
        frechet: Frechet distance to the real images, in the judge's features.
        precision, recall, density, coverage: with k = 5, in the same features.
        student: real images that a small CNN reads right which learned from 20,000 of these alone.
        grey: pixels with ink that are neither light nor full.
        authenticity: AuthPct, images that are no copies of a training image, in features.
        nearest_pixels, nearest_features: median distance to the nearest training image.
        variety: mean distance of the images of a strip from one another, in features.
        bytes, mmac, milliseconds: size of the file, million multiply-adds an image, time for five.
    """

    reading: float
    readings: list[float]
    confusions: list[list[int]]
    frechet: float
    precision: float
    recall: float
    density: float
    coverage: float
    student: float
    grey: float
    authenticity: float
    nearest_pixels: float
    nearest_features: float
    variety: float
    bytes: int | None = None
    mmac: float | None = None
    milliseconds: float | None = None


@dataclass(frozen=True)
class Yardstick:
    """What every model is measured with: the judge, and what it makes of real digits.

    Attributes:
        train: the images that models learned from.
        real: images that none of them saw.
    """

    judge: Judge
    train: Digits
    real: Digits
    train_features: Tensor = field(init=False)
    real_features: Tensor = field(init=False)
    train_radii: Tensor = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "train_features", features(self.judge, self.train))
        object.__setattr__(self, "real_features", features(self.judge, self.real))
        object.__setattr__(self, "train_radii", metrics.radii(self.train_features, 1))

    def measure(self, images: Digits, lesson: Digits) -> Scores:
        """Measure images of known digits.

        Args:
            images: as many as there are real ones, and as many of each digit.
            lesson: images for the student, others than those.
        """
        found = features(self.judge, images)
        confusions = confusion(self.judge, found, images.labels)
        return Scores(
            reading=int(confusions.trace()) / len(images),
            readings=(confusions.diag() / confusions.sum(dim=1)).tolist(),
            confusions=confusions.tolist(),
            frechet=metrics.frechet_distance(found, self.real_features),
            **asdict(metrics.manifold(found, self.real_features)),
            student=self._teach(lesson),
            grey=metrics.grey_share(images.images),
            variety=variety(found, images.labels),
            **self.memorised(images, found),
        )

    def memorised(self, images: Digits, found: Tensor) -> dict[str, float]:
        """How near images, with their features, come to those that were learned from."""
        distances, neighbours = metrics.nearest(found, self.train_features)
        return {
            "authenticity": metrics.authenticity(distances, neighbours, self.train_radii),
            "nearest_pixels": self._nearest_pixels(images),
            "nearest_features": float(distances.median()),
        }

    def _teach(self, lesson: Digits) -> float:
        torch.manual_seed(SEED)
        student = Student()
        train(student, lesson, STUDENT_EPOCHS, SEED, distorted=False)
        return accuracy(student, self.real)

    def _nearest_pixels(self, images: Digits) -> float:
        chosen = torch.randperm(len(images), generator=torch.Generator().manual_seed(SEED))[:NEIGHBOURS]
        pixels, known = (one.flatten(1).float() / 255 for one in (images.images[chosen], self.train.images))
        return float(metrics.nearest(pixels, known)[0].median())


@torch.no_grad()
def features(judge: Judge, digits: Digits) -> Tensor:
    """The judge's features (N, 128) of images."""
    return torch.cat([judge.features(to_float(part)) for part in digits.images.split(1000)])


@torch.no_grad()
def confusion(judge: Judge, found: Tensor, labels: Tensor) -> Tensor:
    """Counts (10, 10): row the digit that was asked for, column the digit that the judge reads in the features."""
    read = judge.head(found).argmax(dim=1)
    return torch.bincount(10 * labels + read, minlength=100).reshape(10, 10)


def variety(found: Tensor, labels: Tensor) -> float:
    """Mean distance between the images of a strip, over strips of five that are cut from each digit in turn."""
    strips = []
    for digit in range(10):
        own = found[labels == digit][: STRIPS // 10 * STRIP]
        strips += own[: len(own) // STRIP * STRIP].split(STRIP)
    return float(torch.stack([torch.pdist(strip).mean() for strip in strips]).mean())


def draw(generator: Generator, labels: Tensor, seed: int) -> Digits:
    """Draw an image of each label with the model file itself, 500 at a time as the bot would draw five."""
    rows = latents.independent(seed, len(labels), generator.latent_dim)
    parts = [
        generator.draw(rows[start : start + 500], one_hot(tuple(labels[start : start + 500].tolist())))
        for start in range(0, len(labels), 500)
    ]
    return Digits(torch.from_numpy(np.concatenate(parts)), labels)


def evaluate_real(yardstick: Yardstick) -> Scores:
    """The row that no model should be expected to beat: real training digits, measured like a model's.

    They would be copies of themselves: what is said of memorisation is said of the real digits nobody learned from.
    """
    order = torch.randperm(len(yardstick.train), generator=torch.Generator().manual_seed(SEED))
    images, lesson = order[: len(yardstick.real)], order[-STUDENT_IMAGES:]
    part = Digits(yardstick.train.images[images], yardstick.train.labels[images])
    scores = yardstick.measure(part, Digits(yardstick.train.images[lesson], yardstick.train.labels[lesson]))
    return replace(scores, **yardstick.memorised(yardstick.real, yardstick.real_features))


def evaluate_model(yardstick: Yardstick, path: Path) -> Scores:
    """The row of one model file."""
    generator = Generator.load(path)
    images = draw(generator, yardstick.real.labels, SEED)
    lesson = draw(generator, torch.arange(STUDENT_IMAGES) % 10, SEED + 1)
    costs = {
        "bytes": path.stat().st_size,
        "mmac": cost.multiply_adds(path),
        "milliseconds": cost.milliseconds(generator),
    }
    return Scores(**asdict(yardstick.measure(images, lesson)) | costs)


def evaluate(yardstick: Yardstick, folder: Path, names: Sequence[str]) -> dict[str, Scores]:
    """Real digits first, then each named model of a weights folder."""
    rows = {"real": evaluate_real(yardstick)}
    for name in tqdm(names, unit="model", disable=None):
        rows[name] = evaluate_model(yardstick, folder / f"{name}.onnx")
    return rows


def save(folder: Path, rows: dict[str, Scores]) -> None:
    """Write the rows to `scores.json` beside those that are there, and the main ones to the manifest."""
    path = folder / card.SCORES
    known = json.loads(path.read_text()) if path.exists() else {}
    known |= {name: asdict(scores) for name, scores in rows.items()}
    path.write_text(json.dumps(known, indent=1) + "\n")
    for name, scores in rows.items():
        if name != "real":
            manifest.set_scores(folder, name, {column: getattr(scores, column) for column in IN_MANIFEST})


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate from the command line; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description="Measure models.")
    parser.add_argument("names", nargs="*", help="models (default: every one in the manifest)")
    parser.add_argument("--weights", type=Path, default=Path("weights"), help="default: weights")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--split", choices=["validation", "test"], default="test", help="images to compare with")
    parser.add_argument("--dry-run", action="store_true", help="print the table and write nothing")
    options = parser.parse_args(arguments)
    names = options.names or [entry["name"] for entry in manifest.read(options.weights)["models"]]
    split: Split = options.split
    yardstick = Yardstick(load_judge(), load(options.data, "train"), load(options.data, split))
    rows = evaluate(yardstick, options.weights, names)
    if not options.dry_run:
        save(options.weights, rows)
        card.write(options.weights)
    logger.info(card.table({name: asdict(scores) for name, scores in rows.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
