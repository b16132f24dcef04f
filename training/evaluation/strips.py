"""Scores of the strips that the bot sends, with doubtful images drawn again by rejection sampling and without.

    python -m training.evaluation.strips

prints them for several thresholds, on the validation images, and with the classifier that judges as the reader: no
other leaves fewer images in doubt.
"""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import cli, serving
from training.data import Digits, load, to_float
from training.evaluation import metrics
from training.evaluation.classifier import READ_AT_ONCE, Classifier, load_classifier
from training.evaluation.scores import Benchmark, K, features
from training.export import manifest

STRIPS, STRIP = 2000, 5
"""Strips that are drawn, 200 of each digit, and images in one."""
DOUBTED_BELOW = 0.9
"""Probability of the digit asked for, below which an image is in doubt for the classifier that judges."""
THRESHOLDS = (0.98, 0.99, serving.MIN_CONFIDENCE, 0.998)


class Counted(serving.OnnxGenerator):
    """A generator that counts the images it draws."""

    drawn = 0

    def draw(
        self, latents: NDArray[np.float32], digits: NDArray[np.float32], truncation: float = 1.0
    ) -> NDArray[np.uint8]:
        """Draw and count."""
        self.drawn += len(latents)
        return super().draw(latents, digits, truncation)


def score_strips(model: Path, reader: Path, benchmark: Benchmark) -> dict[str, float]:
    """Return the share of doubtful strips and the recall, with the reader and without, and what it costs.

    Args:
        model: the file that draws.
        reader: the file that reads.
        benchmark: its classifier shares no weights with the reader.

    Returns:
        `doubtful_strips`: share of strips with an image that the classifier reads wrong or doubts; `..._as_drawn`:
        without the reader; `..._real`: of strips of real digits. `recall`, `recall_as_drawn`. `redrawn`: images drawn
        again for each image shown.
    """
    generator = Counted.load(model)
    shown, labels = draw(generator, serving.Reader.load(reader))
    redrawn = generator.drawn / len(labels) - 1
    plain, _ = draw(generator, None)
    real = as_strips(benchmark.real)
    return {
        "doubtful_strips": doubtful(benchmark.classifier, Digits(shown, labels)),
        "doubtful_strips_as_drawn": doubtful(benchmark.classifier, Digits(plain, labels)),
        "doubtful_strips_real": doubtful(benchmark.classifier, real),
        "recall": recall(benchmark, Digits(shown, labels)),
        "recall_as_drawn": recall(benchmark, Digits(plain, labels)),
        "redrawn": redrawn,
    }


class Judge(serving.Reader):
    """The classifier that judges, as a reader.

    Args:
        classifier: reads.
    """

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    @torch.no_grad()
    def read(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probability (batch, 10) of each digit."""
        found: NDArray[np.float32] = self._classifier(to_float(torch.from_numpy(images))).softmax(dim=1).numpy()
        return found


def draw(
    generator: serving.OnnxGenerator, reader: serving.Reader | None, min_confidence: float = serving.MIN_CONFIDENCE
) -> tuple[Tensor, Tensor]:
    """Draw strips as the bot does: uint8 (N, 28, 28), and the digit of each image (N,)."""
    images, labels = [], []
    for seed in range(STRIPS // 10):
        for digit in range(10):
            # Strips of one seed would show the same latents in each digit.
            rows = partial(serving.latents, 10 * seed + digit, STRIP, generator.latent_dim)
            images.append(serving.draw_clean(generator, reader, rows, (digit,) * STRIP, 1, min_confidence)[0])
            labels += [digit] * STRIP
    return torch.from_numpy(np.concatenate(images)), torch.tensor(labels)


@torch.no_grad()
def doubtful(classifier: Classifier, images: Digits) -> float:
    """Return the share of strips of STRIP consecutive images in which the classifier doubts one."""
    found = torch.cat([classifier(to_float(part)).softmax(dim=1) for part in images.images.split(READ_AT_ONCE)])
    sure = found[torch.arange(len(images)), images.labels] >= DOUBTED_BELOW
    return float((~sure.reshape(-1, STRIP).all(dim=1)).float().mean())


def as_strips(real: Digits) -> Digits:
    """Order real digits in strips of one digit each; what is left over of a digit is dropped."""
    own = [torch.nonzero(real.labels == digit)[:, 0] for digit in range(10)]
    order = torch.cat([indices[: len(indices) // STRIP * STRIP] for indices in own])
    return Digits(real.images[order], real.labels[order])


def recall(benchmark: Benchmark, images: Digits) -> float:
    """Return the recall of these images, k = 5."""
    found = features(benchmark.classifier, images)
    return metrics.manifold(found, benchmark.real_features, K, benchmark.real_radii).recall


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores for several thresholds; returns the exit code."""
    parser = cli.Parser(prog="python -m training.evaluation.strips", description="Score strips for several thresholds.")
    parser.add_argument("--weights", type=Path, default=Path("weights"), help="default: weights")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    options = parser.parse_args(arguments)
    classifier = load_classifier()
    benchmark = Benchmark.prepare(classifier, load(options.data, "train"), load(options.data, "validation"), 1)
    default = manifest.read(options.weights)["default"]
    generator = serving.OnnxGenerator.load(options.weights / f"{default}.onnx")
    reader = serving.Reader.load(options.weights / "reader.onnx")
    readers: list[tuple[str, serving.Reader | None, float]] = [("nobody", None, 0.0)]
    readers += [("reader.onnx", reader, threshold) for threshold in THRESHOLDS]
    readers += [("the classifier that judges", Judge(classifier), DOUBTED_BELOW)]
    sys.stdout.write("| read by | drawn again below | doubtful strips | recall |\n| --- | --- | --- | --- |\n")
    for name, each, threshold in readers:
        shown = Digits(*draw(generator, each, threshold))
        scores = f"{doubtful(classifier, shown):.2%} | {recall(benchmark, shown):.3f}"
        sys.stdout.write(f"| {name} | {threshold:g} | {scores} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
