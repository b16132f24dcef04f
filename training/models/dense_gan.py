"""The classic conditional GAN of dense layers (Mirza and Osindero, 2014, arXiv:1411.1784).

Notation: x a real image of digit y, z ~ N(0, I), G(z, y) the generator, D(x, y) the discriminator's logit,
BCE(l, t) the binary cross-entropy of a logit l with a target t.

    L_D = 1/2 (BCE(D(x, y), 1) + BCE(D(G(z, y), y), 0))
    L_G = BCE(D(G(z, y), y), 1)                              non-saturating (Goodfellow et al., 2014, arXiv:1406.2661)

The two oscillate; the generator's exponential moving average is exported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.config import Config, linear_decay
from training.models.base import (
    DIGITS,
    PIXELS,
    Batches,
    Entry,
    Losses,
    Model,
    Optimizers,
    frozen_copy,
    optimizer_step,
    update_average,
)

SLOPE = 0.2


@dataclass(frozen=True)
class DenseGanConfig(Config):
    """Numbers of the dense GAN.

    Attributes:
        hidden: widths of the generator's hidden layers.
        discriminator_hidden: widths of the discriminator's.
        dropout: in the discriminator.
        ema: decay of the averaged generator, the one that is exported.
    """

    steps: int = 25_000
    batch: int = 100
    learning_rate: float = 2e-4
    latent_dim: int = 100
    hidden: tuple[int, ...] = (256, 512, 1024)
    discriminator_hidden: tuple[int, ...] = (1024, 512, 256)
    dropout: float = 0.3
    ema: float = 0.999
    truncation: float = 0.84

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of the step after `step` steps."""
        return linear_decay(self.learning_rate, step, self.steps)


class DenseGan(Model):
    """Generator, its average and discriminator, and one training step of them."""

    def __init__(self, config: DenseGanConfig) -> None:
        super().__init__()
        self.config: DenseGanConfig = config
        self.generator = DenseGenerator(config.latent_dim, config.hidden)
        self.sampler = frozen_copy(self.generator)
        self.discriminator = DenseDiscriminator(config.discriminator_hidden, config.dropout)

    def optimizers(self) -> Optimizers:
        """Return Adam for the discriminator and for the generator, in that order."""
        rate, betas = self.config.learning_rate, (0.5, 0.999)
        return (
            torch.optim.Adam(self.discriminator.parameters(), rate, betas),
            torch.optim.Adam(self.generator.parameters(), rate, betas),
        )

    def training_step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Train each side once, on the same labels."""
        discriminator_optimizer, generator_optimizer = optimizers
        real, labels = next(batches)
        latent = torch.randn(len(labels), self.config.latent_dim).to(real.device)
        digit = F.one_hot(labels, DIGITS).float()
        with self.autocast(real):
            fake = self.generator(latent, digit)
            real_logits, fake_logits = self.discriminator(real, digit), self.discriminator(fake.detach(), digit)
        d_loss = (bce(real_logits, 1.0) + bce(fake_logits, 0.0)) / 2
        optimizer_step([discriminator_optimizer], d_loss)
        with self.autocast(real):
            fake_logits = self.discriminator(fake, digit)
        g_loss = bce(fake_logits, 1.0)
        optimizer_step([generator_optimizer], g_loss)
        update_average(self.sampler, self.generator, self.config.ema, step)
        return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


def bce(logits: Tensor, target: float) -> Tensor:
    """Mean binary cross-entropy of logits (B,) with one target."""
    return F.binary_cross_entropy_with_logits(logits.float(), torch.full(logits.shape, target).to(logits.device))


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


MODELS = {
    "cgan-mlp": Entry(
        "conditional GAN",
        "dense cGAN",
        DenseGan,
        DenseGanConfig(),
        {"steps": 5000},
        {"hidden": (32,), "discriminator_hidden": (32,)},
    ),
}
