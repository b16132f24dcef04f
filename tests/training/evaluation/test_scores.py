"""The scores: digits with a known fault show it in the column that is there for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from tests.conftest import WEIGHTS
from tests.training.conftest import METADATA
from tests.training.evaluation.conftest import REAL, first
from training.data import Digits, load
from training.evaluation import scores
from training.evaluation.classifier import load_classifier
from training.evaluation.scores import Benchmark, Scores
from training.export.onnx_file import export
from training.models.dense_gan import DenseGenerator
from training.serving import OnnxGenerator


def blurred(digits: Digits) -> Digits:
    """Each image smoothed over 5 x 5 pixels."""
    images = F.avg_pool2d(digits.images[:, None].float(), 5, stride=1, padding=2)[:, 0]
    return Digits(images.to(torch.uint8), digits.labels)


def class_means(digits: Digits) -> Tensor:
    """The mean image of each digit, float (10, 28, 28)."""
    return torch.stack([digits.images[digits.labels == digit].float().mean(dim=0) for digit in range(10)])


def typical(digits: Digits) -> Tensor:
    """The image of each digit that is nearest to its mean, float (10, 28, 28)."""
    means = class_means(digits).flatten(1)
    distances = torch.cdist(means, digits.images.flatten(1).float())
    own = digits.labels == torch.arange(10)[:, None]
    return digits.images[distances.where(own, torch.inf).argmin(dim=1)].float()


def collapsed(digits: Digits, prototypes: Tensor) -> Digits:
    """Each image replaced by the prototype of its digit, with a little noise."""
    noise = torch.randint(0, 8, digits.images.shape, generator=torch.Generator().manual_seed(0))
    return Digits((prototypes[digits.labels] + noise).clamp(0, 255).to(torch.uint8), digits.labels)


def shuffled(digits: Digits) -> Digits:
    """Each image under another image's label."""
    return Digits(digits.images, digits.labels.roll(1))


@pytest.fixture(scope="module")
def score(reference: Benchmark) -> Callable[[Digits], Scores]:
    """Scores a set, once."""
    known: dict[int, Scores] = {}

    def score_once(digits: Digits) -> Scores:
        key = hash(digits.images.numpy().tobytes() + digits.labels.numpy().tobytes())
        if key not in known:
            known[key] = reference.score(digits)
        return known[key]

    return score_once


@pytest.fixture(scope="module")
def fresh(reference: Benchmark) -> Digits:
    """Real digits that are in neither part of the reference."""
    del reference
    return Digits(*(part[10_000:12_000] for part in vars(load(REAL, "train")).values()))


Score = Callable[[Digits], Scores]


def test_real_digits_score_as_real(reference: Benchmark, score: Score, fresh: Digits) -> None:
    """Against real digits, other real digits are near the ideal in every column."""
    found = score(fresh)
    assert found.accuracy > 0.99
    assert min(found.precision, found.recall, found.coverage) > 0.85
    assert found.density == pytest.approx(1, abs=0.2)
    assert found.centre == pytest.approx(0.29, abs=0.02)
    assert found.faint < 0.01
    assert reference.cas(fresh, 1) > 0.9


def test_blur_shows_in_the_grey_share(score: Score, fresh: Digits) -> None:
    """A blur that still reads right raises the share of grey ink, and the distance."""
    assert score(blurred(fresh)).grey > score(fresh).grey + 0.2
    assert score(blurred(fresh)).frechet > 2 * score(fresh).frechet


@pytest.mark.parametrize("prototypes", [class_means, typical])
def test_collapse_shows_in_recall_variety_tail_and_cas(
    reference: Benchmark, score: Score, fresh: Digits, prototypes: Callable[[Digits], Tensor]
) -> None:
    """One prototype a digit recalls nothing, hardly varies, is far from rare digits and teaches a classifier little."""
    images = collapsed(fresh, prototypes(fresh))
    found = score(images)
    assert found.recall < 0.05
    assert found.variety < score(fresh).variety / 3
    assert found.tail > 1.2 * score(fresh).tail
    assert reference.cas(images, 1) < 0.85


def test_accuracy_alone_is_deceived_by_collapse(score: Score, fresh: Digits) -> None:
    """Ten typical digits, repeated for ever, score better than real ones: hence the other columns."""
    assert score(collapsed(fresh, typical(fresh))).accuracy >= score(fresh).accuracy


def test_wrong_labels_show_in_the_accuracy(reference: Benchmark, score: Score, fresh: Digits) -> None:
    """Good images under wrong labels are read as something else, and mislead a classifier; the clouds stay equal."""
    images = shuffled(fresh)
    assert score(images).accuracy < 0.2
    assert reference.cas(images, 1) < 0.5
    assert score(images).precision == score(fresh).precision


def test_shifts_show_in_the_centre_spread(score: Score, fresh: Digits) -> None:
    """Digits that are moved by a pixel now and then are off the centre where MNIST has them."""
    moved = fresh.images.clone()
    moved[::2] = moved[::2].roll(1, dims=2)
    assert score(Digits(moved, fresh.labels)).centre > score(fresh).centre + 0.05


def test_copies_show_in_the_memorisation(reference: Benchmark, fresh: Digits) -> None:
    """Training images presented as new are at distance 0 from them, and none is authentic."""
    copies = reference.memorisation(first(reference.train, 2000))
    assert copies["authenticity"] == 0
    assert max(copies["nearest_pixels"], copies["nearest_features"]) < 0.01
    others = reference.memorisation(fresh)
    assert others["authenticity"] > 0.3
    assert others["nearest_pixels"] > 1


def test_draws_have_the_proportions_of_the_reference() -> None:
    """Disjoint draws share no image, and each has as many of every digit as its share of the reference."""
    train = Digits(torch.arange(1000).to(torch.uint8)[:, None, None].expand(-1, 2, 2), torch.arange(1000) % 10)
    wanted = torch.cat([torch.zeros(30), torch.arange(10)]).long()
    labels = scores.matched_labels(train.labels, wanted, 5)
    assert torch.bincount(labels, minlength=10).tolist() == [20] + [0] * 9
    numbered = Digits(torch.arange(1000)[:, None, None], torch.arange(1000) % 10)
    parts = list(scores.split(numbered, torch.arange(10).repeat_interleave(7), 5))
    seen = torch.cat([part.images.flatten() for part in parts])
    assert len(seen.unique()) == len(seen) == 350
    assert all(torch.equal(part.images.flatten() % 10, part.labels) for part in parts)


def test_a_row_has_means_and_deviations(reference: Benchmark, fresh: Digits) -> None:
    """Two draws give each score a mean and a deviation; one draw gives no deviation."""
    half = [Digits(fresh.images[part::2], fresh.labels[part::2]) for part in (0, 1)]
    row = scores.summarise(reference, half, [])
    single = [reference.score(one).recall for one in half]
    assert row["recall"] == pytest.approx(sum(single) / 2)
    assert row["sd"]["recall"] == pytest.approx(abs(single[0] - single[1]) / 2**0.5)
    assert scores.summarise(reference, half[:1], [])["sd"] == {}


def test_samples_are_those_of_the_file_and_the_seed(tmp_path: Path) -> None:
    """The same seed draws the same samples, another seed others, with the labels that were asked for."""
    export(DenseGenerator(8, (16,)), 8, tmp_path / "x.onnx", METADATA)
    generator, labels = OnnxGenerator.load(tmp_path / "x.onnx"), torch.arange(30) % 10
    first, again, other = (scores.draw(generator, labels, seed) for seed in (1, 1, 2))
    assert torch.equal(first.images, again.images)
    assert not torch.equal(first.images, other.images)
    assert torch.equal(first.labels, labels)


def test_the_model_that_ships_reads_right() -> None:
    """Of a thousand digits by the default model the classifier reads at least 98 % as what was asked for."""
    classifier, labels = load_classifier(), torch.arange(1000) % 10
    drawn = scores.draw(OnnxGenerator.load(WEIGHTS / "cgan.onnx"), labels, seed=1)
    assert int(scores.confusion(classifier, scores.features(classifier, drawn), labels).trace()) >= 980
