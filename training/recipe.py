"""What a training run is made of: every number of it, in one frozen value that its checkpoint carries."""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Recipe:
    """What every kind of run has.

    Attributes:
        steps: optimiser steps; an epoch of the 50,000 training images is 50,000 / batch of them.
        batch: images a step, equally many of each digit.
        learning_rate: Adam's.
        latent_dim: length of a latent vector.
        closeness: of what the exported file draws to what is typical of a digit, as a share of the spread that was
            learned; chosen on the validation images.
        precision: of the convolutions; bfloat16 pays on processors with AMX and nowhere else.
        checkpoint_every, sheet_every, log_every: steps between checkpoints, sample sheets, log lines.
        seed: of initialisation, batches and latents.
    """

    steps: int
    batch: int
    learning_rate: float
    latent_dim: int
    closeness: float = 1.0
    precision: Precision = "float32"
    checkpoint_every: int = 500
    sheet_every: int = 1000
    log_every: int = 100
    seed: int = 1

    def learning_rate_at(self, step: int) -> float:
        """Adam's learning rate for the step after `step` steps: constant, unless a kind says otherwise."""
        del step
        return self.learning_rate


@dataclass(frozen=True)
class StyledGanRecipe(Recipe):
    """The default model: a styled convolutional generator against a convolutional discriminator.

    The learning rate is constant over the first half and falls linearly to 0 over the second. A batch
    that is a multiple of 40 lets minibatch deviation compare equal digits.

    Attributes:
        gamma_start, gamma: weight of the gradient penalties R1 and R2, which shrinks geometrically over
            the first half: a stiff discriminator brings all classes up together, a loose one the detail.
        penalty_every: steps between penalties, whose weight grows by the same factor.
        mismatch: weight of the discriminator's third pairing, of real images under their own digit with the
            same images under another; it costs next to nothing and keeps the generator to the digit asked for,
            but at 1 the digits become more typical than real ones are.
        reconstructed: share of a batch's real images that are rebuilt, drawn by their error, which is capped at
            three times the mean: rare digits are rebuilt badly, so they come up more often.
        rebuild: weight of how far a real image is from what the generator draws from its code, in pixels and in the
            discriminator's features; it makes the generator keep room for every real digit. It counts in the second
            half, when the generator draws well and the encoder knows it; 0 leaves it out.
        jitter: noise on those codes, in units of a latent's own, so that a digit has room around its code as well.
        shift: the most pixels by which images are moved before the discriminator sees them.
        shift_probability: share of images that are moved at the first step; it falls linearly to 0 at mid-run. Always
            moved, the generator learns to draw off centre (Karras et al., 2020, arXiv:2006.06676).
        ema: decays a step of the averaged generators.
        exported_ema: which of them is exported, chosen on the validation images.
        penalised: share of a batch on which the gradient penalties are computed.
        style_dim, width, fine_width: of the generator.
        discriminator_width: channels of the discriminator's first stage.
        discriminator_stem: channels of the convolution before it, at full resolution.
    """

    steps: int = 13_500
    batch: int = 120
    learning_rate: float = 5e-4
    latent_dim: int = 64
    gamma_start: float = 0.2
    gamma: float = 0.004
    penalty_every: int = 8
    mismatch: float = 0.1
    rebuild: float = 40.0
    jitter: float = 0.3
    shift: int = 2
    shift_probability: float = 0.5
    ema: tuple[float, ...] = (0.999, 0.9995, 0.9998)
    exported_ema: int = 1
    penalised: float = 1 / 3
    reconstructed: float = 0.5
    style_dim: int = 192
    width: int = 48
    fine_width: int = 32
    discriminator_width: int = 64
    discriminator_stem: int = 16
    checkpoint_every: int = 250

    def learning_rate_at(self, step: int) -> float:
        """Adam's learning rate for the step after `step` steps."""
        return falling(self.learning_rate, step, self.steps)

    def shift_probability_at(self, step: int) -> float:
        """The share of images that are shifted after `step` steps."""
        return self.shift_probability * max(0.0, 1 - 2 * step / self.steps)

    def rebuild_at(self, step: int) -> float:
        """The weight of rebuilding after `step` steps."""
        return self.rebuild if 2 * step >= self.steps else 0.0

    def gamma_at(self, step: int) -> float:
        """The weight of the gradient penalties after `step` steps."""
        return self.gamma * (self.gamma_start / self.gamma) ** max(0.0, 1 - 2 * step / self.steps)


@dataclass(frozen=True)
class VariationalRecipe(Recipe):
    """The autoencoders: one network that writes down a digit as a few numbers, and one that reads them back.

    Attributes:
        hidden: widths of the encoder's hidden layers; the decoder has them in reverse.
        conditional: whether both networks are told the digit (a CVAE) or neither (a VAE).
        convolutional: 3 x 3 convolutions in place of dense layers; `hidden` are channels then.
    """

    steps: int = 25_000
    batch: int = 100
    learning_rate: float = 1e-3
    latent_dim: int = 20
    hidden: tuple[int, ...] = (400,)
    conditional: bool = True
    convolutional: bool = False


@dataclass(frozen=True)
class DenseGanRecipe(Recipe):
    """The classic conditional GAN of dense layers.

    The learning rate is constant over the first half and falls linearly to 0 over the second.

    Attributes:
        hidden: widths of the generator's hidden layers.
        discriminator_hidden: widths of the discriminator's.
        dropout: share of the discriminator's units that are left out.
        ema: decay a step of the averaged generator, the one that is exported.
    """

    steps: int = 25_000
    batch: int = 100
    learning_rate: float = 2e-4
    latent_dim: int = 100
    hidden: tuple[int, ...] = (256, 512, 1024)
    discriminator_hidden: tuple[int, ...] = (1024, 512, 256)
    dropout: float = 0.3
    ema: float = 0.999
    closeness: float = 0.84

    def learning_rate_at(self, step: int) -> float:
        """Adam's learning rate for the step after `step` steps."""
        return falling(self.learning_rate, step, self.steps)


def falling(rate: float, step: int, steps: int) -> float:
    """A learning rate that is constant over the first half of a run and falls linearly to 0 over the second."""
    return rate * min(1.0, 2 * (1 - step / steps))
