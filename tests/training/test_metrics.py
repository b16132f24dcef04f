"""The measures, on clouds whose answers are known, and on digits with a known fault."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import linalg
from torch import Tensor
from torch.nn import functional as F

from training import evaluate, metrics
from training.data import Digits, load
from training.evaluate import Scores, Yardstick
from training.judge import load_judge

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


def cloud(count: int, seed: int, dim: int = 8) -> Tensor:
    """Standard normal points."""
    return torch.randn(count, dim, generator=torch.Generator().manual_seed(seed))


def test_frechet_distance_of_shifted_clouds_is_the_shift_squared() -> None:
    """Equal clouds are 0 apart, and moving one by (3, 4, 0, ...) puts them 25 apart."""
    points = cloud(4000, 1)
    shift = torch.tensor([3.0, 4, 0, 0, 0, 0, 0, 0])
    assert metrics.frechet_distance(points, points) == pytest.approx(0, abs=1e-6)
    assert metrics.frechet_distance(points + shift, points) == pytest.approx(25, abs=1e-3)


def test_frechet_distance_is_that_of_the_textbook() -> None:
    """The way by eigenvalues gives what the matrix square root of Heusel et al. gives."""
    one, other = cloud(500, 1) @ cloud(8, 3), cloud(600, 2) + 1
    mean, other_mean = one.double().mean(0).numpy(), other.double().mean(0).numpy()
    covariance, other_covariance = np.cov(one.double().T), np.cov(other.double().T)
    root = linalg.sqrtm(covariance @ other_covariance).real
    expected = np.sum((mean - other_mean) ** 2) + np.trace(covariance + other_covariance - 2 * root)
    assert metrics.frechet_distance(one, other) == pytest.approx(expected, rel=1e-6)


def test_equal_clouds_cover_one_another() -> None:
    """Two draws of one distribution have density near 1 and all else near 1."""
    found = metrics.manifold(cloud(3000, 1, 2), cloud(3000, 2, 2))
    assert min(found.precision, found.recall, found.coverage) > 0.95
    assert found.density == pytest.approx(1, abs=0.1)


def test_half_a_cloud_is_precise_and_covers_half() -> None:
    """What draws only one side of the truth loses recall and coverage, not precision."""
    half = cloud(6000, 1, 2)
    found = metrics.manifold(half[half[:, 0] > 0][:2500], cloud(3000, 2, 2))
    assert found.precision > 0.95
    assert 0.4 < found.recall < 0.65
    assert 0.4 < found.coverage < 0.65


def test_far_clouds_share_nothing() -> None:
    """Points somewhere else score 0 in every column."""
    found = metrics.manifold(cloud(500, 1) + 100, cloud(500, 2))
    assert (found.precision, found.recall, found.density, found.coverage) == (0, 0, 0, 0)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer does not depend on how many distances are in memory at once."""
    whole = metrics.manifold(cloud(700, 1), cloud(600, 2))
    monkeypatch.setattr(metrics, "BLOCK", 64)
    assert metrics.manifold(cloud(700, 1), cloud(600, 2)) == whole


def test_copies_are_not_authentic() -> None:
    """Copied training points score 0, fresh points of the same distribution about a half, far ones 1."""
    train = cloud(3000, 1, 2)
    radii = metrics.radii(train, 1)

    def score(points: Tensor) -> float:
        return metrics.authenticity(*metrics.nearest(points, train), radii)

    assert score(train[:500] + 1e-6) == 0
    assert 0.3 < score(cloud(1000, 2, 2)) < 0.7
    assert score(cloud(100, 3, 2) + 50) == 1


def test_grey_share_of_known_images() -> None:
    """Ink of 255 is not grey, ink of 128 is, and paper is neither."""
    images = torch.zeros(2, 28, 28, dtype=torch.uint8)
    images[0, :14], images[1, :14] = 255, 128
    assert metrics.grey_share(images[:1]) == 0
    assert metrics.grey_share(images) == 0.5
    assert metrics.grey_share(torch.zeros(1, 28, 28, dtype=torch.uint8)) == 0


@pytest.fixture(scope="module")
def yardstick() -> Yardstick:
    """The judge that ships, and some of the real digits."""
    if not REAL.exists():
        pytest.skip("real MNIST is checked where it is")
    train, real = load(REAL, "train"), load(REAL, "validation")
    return Yardstick(load_judge(), first(train, 6000), first(real, 2000))


def first(digits: Digits, count: int) -> Digits:
    """The first images of a set."""
    return Digits(digits.images[:count], digits.labels[:count])


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
def score(yardstick: Yardstick) -> Callable[[Digits], Scores]:
    """Measures a set, which is also what its student learns from."""
    known: dict[int, Scores] = {}

    def measure(digits: Digits) -> Scores:
        key = hash(digits.images.numpy().tobytes() + digits.labels.numpy().tobytes())
        if key not in known:
            known[key] = yardstick.measure(digits, digits)
        return known[key]

    return measure


@pytest.fixture(scope="module")
def fresh(yardstick: Yardstick) -> Digits:
    """Real digits that are in neither part of the yardstick."""
    del yardstick
    return Digits(*(part[10_000:12_000] for part in vars(load(REAL, "train")).values()))


Score = Callable[[Digits], Scores]


def test_the_judge_reads_real_digits(yardstick: Yardstick) -> None:
    """At least 99.5 % of the real test digits are read right by the judge that ships."""
    test = load(REAL, "test")
    found = evaluate.features(yardstick.judge, test)
    assert int(evaluate.confusion(yardstick.judge, found, test.labels).trace()) >= 9950


def test_real_digits_score_as_real(score: Score, fresh: Digits) -> None:
    """Against real digits, other real digits are near the ideal in every column."""
    scores = score(fresh)
    assert scores.reading > 0.99
    assert min(scores.precision, scores.recall, scores.coverage) > 0.85
    assert scores.density == pytest.approx(1, abs=0.2)
    assert scores.student > 0.9


def test_blur_shows_in_the_grey_share(score: Score, fresh: Digits) -> None:
    """A blur that still reads right raises the share of grey ink, and the distance."""
    assert score(blurred(fresh)).grey > score(fresh).grey + 0.2
    assert score(blurred(fresh)).frechet > 2 * score(fresh).frechet


@pytest.mark.parametrize("prototypes", [class_means, typical])
def test_collapse_shows_in_recall_variety_and_student(
    score: Score, fresh: Digits, prototypes: Callable[[Digits], Tensor]
) -> None:
    """One prototype a digit recalls nothing, hardly varies and teaches a student little."""
    scores = score(collapsed(fresh, prototypes(fresh)))
    assert scores.recall < 0.05
    assert scores.variety < score(fresh).variety / 3
    assert scores.student < score(fresh).student - 0.1


def test_the_reading_alone_is_deceived_by_collapse(score: Score, fresh: Digits) -> None:
    """Ten typical digits, repeated for ever, read better than real ones: which is why the other columns are there."""
    assert score(collapsed(fresh, typical(fresh))).reading >= score(fresh).reading


def test_wrong_labels_show_in_the_reading(score: Score, fresh: Digits) -> None:
    """Good images under wrong labels are read as something else, and mislead the student; the clouds stay equal."""
    scores = score(shuffled(fresh))
    assert scores.reading < 0.2
    assert scores.student < 0.5
    assert scores.precision == score(fresh).precision


def test_copies_show_in_the_memorisation(yardstick: Yardstick, score: Score, fresh: Digits) -> None:
    """Training images handed out as one's own are at distance 0 from them, and none is authentic."""
    scores = score(first(yardstick.train, 2000))
    assert scores.authenticity == 0
    assert max(scores.nearest_pixels, scores.nearest_features) < 0.01
    assert score(fresh).authenticity > 0.3
    assert score(fresh).nearest_pixels > 1
