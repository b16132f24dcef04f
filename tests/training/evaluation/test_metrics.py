"""The metrics, on clouds and images whose answers are known."""

import numpy as np
import pytest
import torch
from scipy import linalg
from torch import Tensor

from training.evaluation import metrics


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
    """A model that draws one half of the distribution loses recall and coverage, not precision."""
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


def test_faint_pixels_are_those_that_nobody_sees() -> None:
    """Grey levels 1 to 7 count, 0 and 8 do not."""
    images = torch.zeros(1, 28, 28, dtype=torch.uint8)
    images[0, 0, :9] = torch.arange(9, dtype=torch.uint8)
    assert metrics.faint_share(images) == pytest.approx(7 / 784)


def test_centre_spread_is_the_deviation_of_the_shifts() -> None:
    """One dot moved by -1, 0 and 1 pixels along one axis alone; an image without ink has no centre."""
    images = torch.zeros(4, 28, 28, dtype=torch.uint8)
    for index, column in enumerate((13, 14, 15)):
        images[index, 14, column] = 200
    assert metrics.centre_spread(images) == pytest.approx(0.5)


def test_tail_distance_is_that_of_the_rarest_tenth() -> None:
    """Of twenty points the two that are called rare are measured, to their nearest generated point."""
    real = torch.zeros(20, 2)
    real[:2, 0] = torch.tensor([10.0, 20.0])
    rarity = torch.zeros(20)
    rarity[:2] = 1
    assert metrics.tail_distance(torch.tensor([[0.0, 0.0], [0.0, 3.0]]), real, rarity) == pytest.approx(15)


def test_calibration_error_of_known_confidences() -> None:
    """Right in nine of ten cases: 0 with a confidence of 0.9, and 0.1 with certainty."""
    labels = torch.tensor([0] * 9 + [1])
    sure = torch.tensor([[1.0, 0.0]]).repeat(10, 1)
    modest = torch.tensor([[0.9, 0.1]]).repeat(10, 1)
    assert metrics.calibration_error(modest, labels) == pytest.approx(0, abs=1e-6)
    assert metrics.calibration_error(sure, labels) == pytest.approx(0.1, abs=1e-6)


def test_the_kth_distance_counts_from_the_nearest() -> None:
    """On a line of points 0, 1, 2, ... the third nearest to 0 of the others is at 3, among all at 2."""
    line = torch.arange(6.0)[:, None]
    assert metrics.radii(line, 3)[0] == 3
    assert metrics.kth_distance(line[:1], line, 3)[0] == 2
