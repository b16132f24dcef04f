"""The networks of the five student projects that this bot grew out of, each in its own shape."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from training.networks import DIGITS

PIXELS = 28 * 28
SLOPE = 0.2
MEMORY = 0.999
"""Decay a step of what a class prior remembers of the codes that it saw."""


class DenseEncoder(nn.Module):
    """images (B, 1, 28, 28) and told (B, 0 or 10) -> mean and log-variance of the code, (B, latent_dim) each."""

    def __init__(self, told: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        self.layers = _dense([PIXELS + told, *hidden, 2 * latent_dim], nn.ReLU())

    def forward(self, images: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.layers(torch.cat([images.flatten(1), told], dim=1)).chunk(2, dim=1)
        return mean, log_variance


class DenseDecoder(nn.Module):
    """code (B, latent_dim) and told (B, 0 or 10) -> logits (B, 1, 28, 28)."""

    def __init__(self, told: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        self.layers = _dense([latent_dim + told, *hidden, PIXELS], nn.ReLU())

    def forward(self, code: Tensor, told: Tensor) -> Tensor:
        logits: Tensor = self.layers(torch.cat([code, told], dim=1))
        return logits.unflatten(1, (1, 28, 28))


class ConvEncoder(nn.Module):
    """images (B, 1, 28, 28) and told (B, 10) -> mean and log-variance of the code; the digit comes as ten planes."""

    def __init__(self, told: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        first, second = hidden
        self.layers = nn.Sequential(
            nn.Conv2d(1 + told, first, 3, stride=2, padding=1),  # (B, 32, 14, 14)
            nn.ReLU(),
            nn.Conv2d(first, second, 3, stride=2, padding=1),  # (B, 64, 7, 7)
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(second * 7 * 7, 2 * latent_dim),
        )

    def forward(self, images: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        planes = told[:, :, None, None].expand(-1, -1, 28, 28)
        mean, log_variance = self.layers(torch.cat([images, planes], dim=1)).chunk(2, dim=1)
        return mean, log_variance


class ConvDecoder(nn.Module):
    """code (B, latent_dim) and told (B, 10) -> logits (B, 1, 28, 28)."""

    def __init__(self, told: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        first, second = hidden
        self.layers = nn.Sequential(
            nn.Linear(latent_dim + told, first * 7 * 7),
            nn.ReLU(),
            nn.Unflatten(1, (first, 7, 7)),
            nn.Upsample(scale_factor=2.0),
            nn.Conv2d(first, second, 3, padding=1),  # (B, 32, 14, 14)
            nn.ReLU(),
            nn.Conv2d(second, 4, 3, padding=1),
            nn.PixelShuffle(2),  # (B, 1, 28, 28)
        )

    def forward(self, code: Tensor, told: Tensor) -> Tensor:
        logits: Tensor = self.layers(torch.cat([code, told], dim=1))
        return logits


class ClassPrior(nn.Module):
    """Where the codes of each digit lie: latent (B, L) ~ N(0, 1) and digit (B, 10) -> code (B, L).

    A running mean and covariance a digit; what is stored to draw with is the covariance's Cholesky factor.
    """

    mean: Tensor
    square: Tensor
    factor: Tensor
    seen: Tensor

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(DIGITS, dim))
        self.register_buffer("square", torch.eye(dim).repeat(DIGITS, 1, 1))
        self.register_buffer("factor", torch.eye(dim).repeat(DIGITS, 1, 1))
        self.register_buffer("seen", torch.zeros(()))

    @torch.no_grad()
    def observe(self, codes: Tensor, digit: Tensor) -> None:
        """Remember codes (B, L) of digits (B, 10), one-hot, each digit being there."""
        share = digit / digit.sum(dim=0)  # (B, 10)
        self.seen += 1
        fresh = max(1 - MEMORY, 1 / float(self.seen))
        self.mean.lerp_(share.T @ codes, fresh)
        self.square.lerp_(torch.einsum("bd,bi,bj->dij", share, codes, codes), fresh)
        covariance = self.square - self.mean[:, :, None] * self.mean[:, None, :]
        ridge = 1e-3 * torch.eye(codes.shape[1], device=codes.device)
        self.factor.copy_(torch.linalg.cholesky(covariance + ridge))

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        factor = (digit @ self.factor.flatten(1)).unflatten(1, self.factor.shape[1:])
        return digit @ self.mean + (factor @ latent[:, :, None])[:, :, 0]


class DenseGenerator(nn.Module):
    """latent (B, latent_dim) ~ N(0, 1) and digit (B, 10) -> images (B, 1, 28, 28) in -1..1."""

    def __init__(self, latent_dim: int, hidden: Sequence[int]) -> None:
        super().__init__()
        self.embedding = nn.Linear(DIGITS, DIGITS, bias=False)
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise([latent_dim + DIGITS, *hidden]):
            layers += [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.LeakyReLU(SLOPE)]
        self.layers = nn.Sequential(*layers, nn.Linear(hidden[-1], PIXELS), nn.Tanh())

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        images: Tensor = self.layers(torch.cat([latent, self.embedding(digit)], dim=1))
        return images.unflatten(1, (1, 28, 28))


class DenseDiscriminator(nn.Module):
    """images (B, 1, 28, 28) and digit (B, 10) -> logits (B,); the digit is embedded as large as the image."""

    def __init__(self, hidden: Sequence[int], dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Linear(DIGITS, PIXELS, bias=False)
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise([2 * PIXELS, *hidden]):
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(SLOPE), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*layers, nn.Linear(hidden[-1], 1))

    def forward(self, images: Tensor, digit: Tensor) -> Tensor:
        logits: Tensor = self.layers(torch.cat([images.flatten(1), self.embedding(digit)], dim=1))
        return logits.squeeze(1)


def _dense(widths: Sequence[int], activation: nn.Module) -> nn.Sequential:
    """Dense layers of these widths, with the activation between them."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), activation]
    return nn.Sequential(*layers[:-1])
