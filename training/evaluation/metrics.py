"""Measures of a generator, on features and pixels of its images and of real ones.

Distances between two clouds of features follow Heusel et al., 2017 (arXiv:1706.08500), and
Naeem et al., 2020 (arXiv:2002.09797); memorisation follows Alaa et al., 2022 (arXiv:2102.08921).
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import linalg
from torch import Tensor

from training.data import centre_of_mass

BLOCK = 2000
"""Rows whose distances to everything else are in memory at once."""


FAINT = 8
"""Grey level, of 255, below which ink cannot be seen."""


@dataclass(frozen=True)
class Manifold:
    """Overlap of two clouds of features, each 0..1 but density.

    Attributes:
        precision: share of generated points inside a ball around a real one.
        recall: share of real points inside a ball around a generated one.
        density: how many balls of real points a generated point is in, over k; 1 for equal clouds.
        coverage: share of real points with a generated one inside their ball.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def frechet_distance(generated: Tensor, real: Tensor) -> float:
    """Squared 2-Wasserstein distance of the normal distributions with the clouds' means and covariances.

    Args:
        generated: (N, D) features.
        real: (M, D) features.
    """
    mean, covariance = _moments(generated)
    other_mean, other_covariance = _moments(real)
    # The trace of the root of a product is the sum of the roots of its eigenvalues.
    roots = np.sqrt(np.abs(linalg.eigvals(covariance @ other_covariance).real))
    distance = np.square(mean - other_mean).sum() + np.trace(covariance + other_covariance) - 2 * roots.sum()
    return float(distance)


def manifold(generated: Tensor, real: Tensor, k: int = 5, real_radii: Tensor | None = None) -> Manifold:
    """Precision, recall, density and coverage, with balls that reach to the k-th neighbour.

    Args:
        generated: (N, D) features.
        real: (M, D) features.
        k: neighbours; a point is not its own.
        real_radii: (M,), where `radii(real, k)` is known already.
    """
    if real_radii is None:
        real_radii = radii(real, k)
    generated_radii = radii(generated, k)
    inside = torch.zeros(len(generated))
    recalled = torch.zeros(len(real), dtype=torch.bool)
    nearest = torch.full((len(real),), torch.inf)
    for start in range(0, len(generated), BLOCK):
        part = slice(start, start + BLOCK)
        distances = torch.cdist(generated[part], real)  # (BLOCK, M)
        inside[part] = (distances <= real_radii).sum(dim=1).float()
        recalled |= (distances <= generated_radii[part, None]).any(dim=0)
        nearest = torch.minimum(nearest, distances.amin(dim=0))
    return Manifold(
        precision=float((inside > 0).float().mean()),
        recall=float(recalled.float().mean()),
        density=float(inside.mean() / k),
        coverage=float((nearest <= real_radii).float().mean()),
    )


def radii(points: Tensor, k: int) -> Tensor:
    """Return the distance (N,) of each of (N, D) points to its k-th neighbour among the others."""
    return kth_distance(points, points, k + 1)


def kth_distance(points: Tensor, others: Tensor, k: int) -> Tensor:
    """Return the distance (N,) of each of (N, D) points to its k-th nearest of (M, D) others."""
    parts = points.split(BLOCK)
    return torch.cat([torch.cdist(part, others).topk(k, dim=1, largest=False).values[:, k - 1] for part in parts])


def nearest(points: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Return the distance (N,) from each of (N, D) points to the closest of (M, D) others, and which one it is (N,)."""
    found = [torch.cdist(part, others).min(dim=1) for part in points.split(BLOCK)]
    return torch.cat([one.values for one in found]), torch.cat([one.indices for one in found])


def authenticity(distances: Tensor, neighbours: Tensor, train_radii: Tensor) -> float:
    """Return AuthPct, the share of generated points that are no copies, 0..1.

    A point counts as a copy when it is closer to its nearest training point than that one is to any
    other training point. Fresh real digits are the row to compare with: they are near, too.

    Args:
        distances: (N,), to the nearest training point.
        neighbours: (N,), which one that is.
        train_radii: (M,), from each training point to its nearest other.
    """
    return float((distances > train_radii[neighbours]).float().mean())


def grey_share(images: Tensor) -> float:
    """Return the share of pixels with ink that are neither light nor full, 0..1: it rises with blur.

    Args:
        images: uint8 (N, 28, 28).
    """
    ink = images[images > 25]
    return float((ink < 230).float().mean()) if len(ink) else 0.0


def faint_share(images: Tensor) -> float:
    """Return the share of all pixels whose grey level is 1 to 7: invisible, but not to a classifier.

    Args:
        images: uint8 (N, 28, 28).
    """
    return float(((images > 0) & (images < FAINT)).float().mean())


def centre_spread(images: Tensor) -> float:
    """Return the standard deviation of the centre of mass, in pixels, averaged over both axes.

    MNIST centres digits by their centre of mass, to the pixel.

    Args:
        images: uint8 (N, 28, 28); images without ink are left out.
    """
    ink = images[(images > 0).flatten(1).any(dim=1)].double()
    return float(centre_of_mass(ink).std(dim=0).mean())


def tail_distance(generated: Tensor, real: Tensor, rarity: Tensor) -> float:
    """Return the mean distance from the rarest tenth of the real points to their nearest generated one.

    Args:
        generated: (N, D) features.
        real: (M, D) features.
        rarity: (M,), larger for rarer points: the distance to the k-th neighbour among other real ones.
    """
    rarest = real[rarity.topk(max(1, len(real) // 10)).indices]
    return float(nearest(rarest, generated)[0].mean())


def calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Return the expected calibration error (Guo et al., 2017, arXiv:1706.04599), 0..1.

    Args:
        probabilities: (N, C), rows that sum to 1.
        labels: (N,), 0..C - 1.
        bins: of equal width in confidence.
    """
    confidence, predicted = probabilities.max(dim=1)
    correct = (predicted == labels).float()
    index = (confidence * bins).long().clamp(max=bins - 1)
    gaps = torch.zeros(bins).index_add_(0, index, correct - confidence)
    return float(gaps.abs().sum() / len(labels))


def _moments(points: Tensor) -> tuple[np.ndarray, np.ndarray]:
    values = points.double().numpy()
    return values.mean(axis=0), np.cov(values, rowvar=False)
