"""What a training run is made of, and the presets for a T4, two CPU cores and a test."""

from dataclasses import dataclass, replace
from typing import Literal

Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Recipe:
    """Every number of a run; a checkpoint carries it, so a run can be rebuilt from its file alone.

    Attributes:
        steps: optimiser steps, one of the discriminator and one of the generator each.
        batch: images a step; a multiple of 40 lets minibatch deviation compare equal digits.
        learning_rate: Adam's, constant over the first half and falling linearly to 0 over the second.
        gamma_start, gamma: weight of the gradient penalties R1 and R2, which shrinks geometrically over
            the first half: a stiff discriminator brings all classes up together, a loose one the detail.
        penalty_every: steps between penalties, whose weight grows by the same factor.
        shift: the most pixels by which images are moved before the discriminator sees them.
        ema: decay a step of the averaged generator, the one that is exported.
        latent_dim, style_dim, width, fine_width: of the generator.
        discriminator_width: channels of the discriminator's first stage.
        precision: of the convolutions; bfloat16 pays on processors with AMX and nowhere else.
        checkpoint_every, sheet_every, log_every: steps between checkpoints, sample sheets, log lines.
        seed: of initialisation, batches and latents.
    """

    steps: int = 60_000
    batch: int = 160
    learning_rate: float = 5e-4
    gamma_start: float = 0.2
    gamma: float = 0.01
    penalty_every: int = 8
    shift: int = 2
    ema: float = 0.9995
    latent_dim: int = 64
    style_dim: int = 192
    width: int = 48
    fine_width: int = 32
    discriminator_width: int = 64
    precision: Precision = "float32"
    checkpoint_every: int = 1000
    sheet_every: int = 2000
    log_every: int = 100
    seed: int = 1

    def learning_rate_at(self, step: int) -> float:
        """Adam's learning rate for the step after `step` steps."""
        return self.learning_rate * min(1.0, 2 * (1 - step / self.steps))

    def gamma_at(self, step: int) -> float:
        """The weight of the gradient penalties after `step` steps."""
        return self.gamma * (self.gamma_start / self.gamma) ** max(0.0, 1 - 2 * step / self.steps)


DEFAULT = Recipe()
PRESETS = {
    "t4": DEFAULT,
    "cpu": replace(DEFAULT, precision="bfloat16"),
    "tiny": replace(
        DEFAULT,
        steps=60,
        batch=40,
        width=16,
        fine_width=16,
        style_dim=16,
        latent_dim=16,
        discriminator_width=16,
        ema=0.9,
        checkpoint_every=10,
        sheet_every=30,
        log_every=5,
    ),
}
