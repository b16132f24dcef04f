"""Measures of a generator, on features and pixels of its images and of real ones.

Distances between two clouds of features follow Heusel et al., 2017 (arXiv:1706.08500), and
Naeem et al., 2020 (arXiv:2002.09797); memorisation follows Alaa et al., 2022 (arXiv:2102.08921).
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import linalg
from torch import Tensor

BLOCK = 2000
"""Rows whose distances to everything else are in memory at once."""


@dataclass(frozen=True)
class Manifold:
    """How two clouds lie in one another, each 0..1 but density.

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


def manifold(generated: Tensor, real: Tensor, k: int = 5) -> Manifold:
    """Precision, recall, density and coverage, with balls that reach to the k-th neighbour.

    Args:
        generated: (N, D) features.
        real: (M, D) features.
        k: neighbours; a point is not its own.
    """
    real_radii, generated_radii = radii(real, k), radii(generated, k)
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
    """The distance (N,) of each of (N, D) points to its k-th neighbour among the others."""
    found = [torch.cdist(part, points).topk(k + 1, dim=1, largest=False).values[:, k] for part in points.split(BLOCK)]
    return torch.cat(found)


def nearest(points: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """The distance (N,) from each of (N, D) points to the closest of (M, D) others, and which one it is (N,)."""
    found = [torch.cdist(part, others).min(dim=1) for part in points.split(BLOCK)]
    return torch.cat([one.values for one in found]), torch.cat([one.indices for one in found])


def authenticity(distances: Tensor, neighbours: Tensor, train_radii: Tensor) -> float:
    """AuthPct: the share of generated points that are no copies, 0..1.

    A point counts as a copy when it is closer to its nearest training point than that one is to any
    other training point. Fresh real digits are the row to compare with: they are near, too.

    Args:
        distances: (N,), to the nearest training point.
        neighbours: (N,), which one that is.
        train_radii: (M,), from each training point to its nearest other.
    """
    return float((distances > train_radii[neighbours]).float().mean())


def grey_share(images: Tensor) -> float:
    """The share of pixels with ink that are neither light nor full, 0..1: a gauge of blur.

    Args:
        images: uint8 (N, 28, 28).
    """
    ink = images[images > 25]
    return float((ink < 230).float().mean()) if len(ink) else 0.0


def _moments(points: Tensor) -> tuple[np.ndarray, np.ndarray]:
    values = points.double().numpy()
    return values.mean(axis=0), np.cov(values, rowvar=False)
