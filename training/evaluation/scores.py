"""Scores of a model beside real digits: means and standard deviations over several disjoint draws.

A model is known by its ONNX interface alone. Every draw has the digits in the proportions of the reference images, real
digits included: with other proportions they would seem further from one another than they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from training import serving
from training.data import Digits, to_float
from training.evaluation import cost, metrics
from training.evaluation.classifier import READ_AT_ONCE, Classifier, SmallClassifier, accuracy, train

Row = dict[str, Any]

SEED = 2026
K = 5
"""Neighbours of precision, recall, density and coverage."""
CAS_IMAGES, CAS_EPOCHS = 20_000, 12
NEIGHBOURS = 2000
"""Images whose nearest training images are looked for in pixels."""
STRIPS, STRIP = 500, 5


@dataclass(frozen=True)
class Scores:
    """Scores of one draw; shares are 0..1.

    Attributes:
        accuracy: images that the classifier reads as the digit that was asked for.
        frechet: Frechet distance to the real images, in the classifier's features.
        precision, recall, density, coverage: with k = 5, in the same features.
        tail: mean distance of the rarest tenth of the real images to their nearest image of the draw.
        grey: pixels with ink that are neither light nor full.
        faint: pixels of grey level 1 to 7.
        centre: standard deviation of the centre of mass, in pixels.
        variety: mean distance of the images of a strip from one another, in features.
    """

    accuracy: float
    frechet: float
    precision: float
    recall: float
    density: float
    coverage: float
    tail: float
    grey: float
    faint: float
    centre: float
    variety: float


@dataclass(frozen=True)
class Benchmark:
    """Real digits and the classifier, with all that is computed of them once.

    Attributes:
        classifier: gives accuracy and features.
        train: the images that models learned from.
        real: images that no model learned from.
        labels: of every draw, in the proportions of `real`.
        cas_images: that the small classifier of the CAS learns from.
    """

    classifier: Classifier
    train: Digits
    real: Digits
    labels: Tensor
    train_features: Tensor
    real_features: Tensor
    train_radii: Tensor
    real_radii: Tensor
    rarity: Tensor
    cas_images: int = CAS_IMAGES

    @classmethod
    def prepare(
        cls, classifier: Classifier, train: Digits, real: Digits, draws: int, cas_images: int = CAS_IMAGES
    ) -> Self:
        """Compute features and radii for a comparison with `draws` disjoint draws."""
        train_features, real_features = features(classifier, train), features(classifier, real)
        return cls(
            classifier,
            train,
            real,
            matched_labels(train.labels, real.labels, draws),
            train_features,
            real_features,
            metrics.radii(train_features, 1),
            metrics.radii(real_features, K),
            metrics.kth_distance(real_features, train_features, K),
            cas_images,
        )

    def score(self, images: Digits) -> Scores:
        """Score one draw."""
        found = features(self.classifier, images)
        right = int(confusion(self.classifier, found, images.labels).trace())
        return Scores(
            accuracy=right / len(images),
            frechet=metrics.frechet_distance(found, self.real_features),
            **asdict(metrics.manifold(found, self.real_features, K, self.real_radii)),
            tail=metrics.tail_distance(found, self.real_features, self.rarity),
            grey=metrics.grey_share(images.images),
            faint=metrics.faint_share(images.images),
            centre=metrics.centre_spread(images.images),
            variety=variety(found, images.labels),
        )

    def memorisation(self, images: Digits) -> Row:
        """Return AuthPct, and the median distance to the nearest training image in pixels and in features."""
        distances, neighbours = metrics.nearest(features(self.classifier, images), self.train_features)
        chosen = torch.randperm(len(images), generator=torch.Generator().manual_seed(SEED))[:NEIGHBOURS]
        pixels, known = (part.flatten(1).float() / 255 for part in (images.images[chosen], self.train.images))
        return {
            "authenticity": metrics.authenticity(distances, neighbours, self.train_radii),
            "nearest_pixels": float(metrics.nearest(pixels, known)[0].median()),
            "nearest_features": float(distances.median()),
        }

    def cas(self, images: Digits, seed: int) -> float:
        """Classification accuracy score (Ravuri and Vinyals, 2019, arXiv:1905.10887).

        Returns:
            The accuracy on `real` of a small classifier that was trained on these images alone.
        """
        torch.manual_seed(seed)
        classifier = SmallClassifier()
        train(classifier, images, CAS_EPOCHS, seed, distorted=False)
        return accuracy(classifier, self.real)


def matched_labels(train: Tensor, real: Tensor, draws: int) -> Tensor:
    """Return labels in the proportions of `real`, as many as `draws` disjoint draws from `train` allow."""
    wanted = torch.bincount(real, minlength=10)
    scale = min(1.0, float((torch.bincount(train, minlength=10) // draws / wanted).min()))
    return torch.arange(10).repeat_interleave((wanted * scale).long())


@torch.no_grad()
def features(classifier: Classifier, digits: Digits) -> Tensor:
    """Return the classifier's features (N, 128) of images."""
    return torch.cat([classifier.features(to_float(part)) for part in digits.images.split(READ_AT_ONCE)])


@torch.no_grad()
def confusion(classifier: Classifier, found: Tensor, labels: Tensor) -> Tensor:
    """Return counts (10, 10): row the digit that was asked for, column the digit that is read in the features."""
    read = classifier.head(found).argmax(dim=1)
    return torch.bincount(10 * labels + read, minlength=100).reshape(10, 10)


def variety(found: Tensor, labels: Tensor) -> float:
    """Return the mean distance between the images of a strip, over strips of five of each digit."""
    strips = []
    for digit in range(10):
        own = found[labels == digit][: STRIPS // 10 * STRIP]
        strips += own[: len(own) // STRIP * STRIP].split(STRIP)
    return float(torch.stack([torch.pdist(strip).mean() for strip in strips]).mean())


def draw(generator: serving.OnnxGenerator, labels: Tensor, seed: int) -> Digits:
    """Draw an image of each label with the model file itself."""
    latents = serving.latents(seed, len(labels), generator.latent_dim)
    parts = [
        generator.draw(latents[start : start + 500], serving.one_hot(tuple(labels[start : start + 500].tolist())))
        for start in range(0, len(labels), 500)
    ]
    return Digits(torch.from_numpy(np.concatenate(parts)), labels)


def score_real(benchmark: Benchmark, draws: int, cas_draws: int) -> Row:
    """Return the row that no model should be expected to beat: disjoint splits of the real training digits.

    They would be copies of themselves, so memorisation is that of real digits that no model learned from.
    """
    splits = list(split(benchmark.train, benchmark.labels, draws))
    balanced = torch.arange(benchmark.cas_images) % 10
    lessons = [choose(benchmark.train, balanced, SEED + i) for i in range(cas_draws)]
    return summarise(benchmark, splits, lessons) | benchmark.memorisation(benchmark.real)


def score_model(benchmark: Benchmark, path: Path, draws: int, cas_draws: int) -> Row:
    """Return the row of one model file, with what it costs."""
    generator = serving.OnnxGenerator.load(path)
    images = [draw(generator, benchmark.labels, SEED + i) for i in range(draws)]
    balanced = torch.arange(benchmark.cas_images) % 10
    lessons = [draw(generator, balanced, SEED + draws + i) for i in range(cas_draws)]
    costs = {
        "bytes": path.stat().st_size,
        "mmac": cost.multiply_adds(path),
        "milliseconds": cost.milliseconds(generator),
    }
    return summarise(benchmark, images, lessons) | benchmark.memorisation(images[0]) | costs


def summarise(benchmark: Benchmark, draws: Sequence[Digits], lessons: Sequence[Digits]) -> Row:
    """Return the mean of each score over the draws, with its standard deviation under `sd`."""
    scores = [benchmark.score(images) for images in draws]
    values = {one.name: [getattr(each, one.name) for each in scores] for one in fields(Scores)}
    values["cas"] = [benchmark.cas(lesson, SEED + i) for i, lesson in enumerate(lessons)]
    means = {name: fmean(numbers) for name, numbers in values.items() if numbers}
    return means | {"sd": {name: stdev(numbers) for name, numbers in values.items() if len(numbers) > 1}}


def split(digits: Digits, labels: Tensor, parts: int) -> Iterator[Digits]:
    """Cut disjoint sets with these labels out of a larger set."""
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(SEED))
    by_label = [order[digits.labels[order] == digit] for digit in range(10)]
    counts = torch.bincount(labels, minlength=10).tolist()
    for part in range(parts):
        chosen = [own[part * count : (part + 1) * count] for own, count in zip(by_label, counts, strict=True)]
        indices = torch.cat(chosen)
        yield Digits(digits.images[indices], digits.labels[indices])


def choose(digits: Digits, labels: Tensor, seed: int) -> Digits:
    """Choose images with these labels at random, none twice."""
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    counts = torch.bincount(labels, minlength=10).tolist()
    indices = torch.cat([order[digits.labels[order] == digit][:count] for digit, count in enumerate(counts)])
    return Digits(digits.images[indices], digits.labels[indices])
