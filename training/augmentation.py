"""Augmentation for classifiers."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def distort(images: Tensor) -> Tensor:
    """Rotate by up to 12 degrees, stretch by up to 12 %, shear a little and shift by up to 2 pixels.

    Args:
        images: (B, 1, 28, 28) in -1..1.
    """
    b = len(images)
    angle, shear, *rest = (torch.rand(6, b) * 2 - 1).unbind()
    angle, shear = angle * math.radians(12), shear * 0.15
    stretch_x, stretch_y = 1 + rest[0] * 0.12, 1 + rest[1] * 0.12
    row_x = torch.stack([stretch_x * angle.cos(), stretch_x * (shear - angle.sin()), rest[2] * 2 / 14], dim=1)
    row_y = torch.stack([stretch_y * angle.sin(), stretch_y * angle.cos(), rest[3] * 2 / 14], dim=1)
    grid = F.affine_grid(torch.stack([row_x, row_y], dim=1), list(images.shape), align_corners=False)
    # Sampling pads with zeros, which is grey in -1..1.
    return F.grid_sample(images + 1, grid.to(images.device), align_corners=False) - 1
