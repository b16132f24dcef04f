"""What the classic kinds of model are trained for, side by side: a VAE, a CVAE, a GAN of dense layers.

The default model's own objective is in `training.styled_gan`.
"""

import copy
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.classic_networks import (
    ClassPrior,
    ConvDecoder,
    ConvEncoder,
    DenseDecoder,
    DenseDiscriminator,
    DenseEncoder,
    DenseGenerator,
)
from training.networks import DIGITS
from training.recipe import DenseGanRecipe, Recipe, VariationalRecipe

Optimizers = tuple[torch.optim.Optimizer, ...]
Batches = Iterator[tuple[Tensor, Tensor]]
Losses = dict[str, Tensor]


class Objective(nn.Module):
    """The networks of one kind of model, and the step that trains them.

    Attributes:
        recipe: the numbers of the run.
        sampler: latent (B, latent_dim) ~ N(0, 1) and digit (B, 10) -> images (B, 1, 28, 28) in -1..1.
    """

    recipe: Recipe
    sampler: nn.Module

    def optimizers(self) -> Optimizers:
        """The optimisers that `step` expects."""
        raise NotImplementedError

    def step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Train once on fresh batches, `step` steps being behind; returns the losses, for the log."""
        raise NotImplementedError

    def exported(self) -> nn.Module:
        """What goes into a model file: the sampler, as close to the typical as the recipe says."""
        return self.sampler if self.recipe.closeness == 1 else Closer(self.sampler, self.recipe.closeness)

    def autocast(self, tensor: Tensor) -> torch.autocast:
        """Compute in the recipe's precision on the tensor's device."""
        enabled = self.recipe.precision == "bfloat16"
        return torch.autocast(tensor.device.type, dtype=torch.bfloat16, enabled=enabled)


class Closer(nn.Module):
    """A sampler whose latents are shortened, so that it draws closer to what is typical of a digit."""

    def __init__(self, sampler: nn.Module, closeness: float) -> None:
        super().__init__()
        self.sampler = sampler
        self.closeness = closeness

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        images: Tensor = self.sampler(self.closeness * latent, digit)
        return images


class Variational(Objective):
    """Variational autoencoder (Kingma and Welling, 2014, arXiv:1312.6114), told the digit or not.

    Both minimise what the decoder gets wrong (binary cross-entropy) plus what the code tells beyond
    its prior N(0, 1) (Kullback-Leibler divergence). A CVAE gives encoder and decoder the digit, so its
    prior is free of it. A VAE is not told, so a digit is drawn from where its codes were seen to lie.
    """

    def __init__(self, recipe: VariationalRecipe) -> None:
        super().__init__()
        self.recipe: VariationalRecipe = recipe
        encoder, decoder = (ConvEncoder, ConvDecoder) if recipe.convolutional else (DenseEncoder, DenseDecoder)
        told = DIGITS if recipe.conditional else 0
        self.encoder = encoder(told, recipe.hidden, recipe.latent_dim)
        self.prior = ClassPrior(recipe.latent_dim)
        self.sampler = Decoding(decoder(told, recipe.hidden[::-1], recipe.latent_dim), self.prior, recipe.conditional)

    def optimizers(self) -> Optimizers:
        """Adam for both networks together."""
        return (torch.optim.Adam(self.parameters(), self.recipe.learning_rate),)

    def step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Encode, draw from the code, decode, compare."""
        del step
        images, labels = next(batches)
        digit = F.one_hot(labels, DIGITS).float()
        with self.autocast(images):
            mean, log_variance = (code.float() for code in self.encoder(images, self.sampler.told(digit)))
            latent = mean + torch.randn(mean.shape).to(mean.device) * (log_variance / 2).exp()
            logits = self.sampler.decoder(latent, self.sampler.told(digit)).float()
        wrong = F.binary_cross_entropy_with_logits(logits, (images + 1) / 2, reduction="sum") / len(images)
        divergence = (mean.square() + log_variance.exp() - log_variance - 1).sum() / 2 / len(images)
        descend(optimizers[:1], wrong + divergence)
        self.prior.observe(latent.detach(), digit)
        return {"reconstruction": wrong.detach(), "divergence": divergence.detach()}


class Decoding(nn.Module):
    """How an autoencoder draws: latent (B, L) ~ N(0, 1) and digit (B, 10) -> (B, 1, 28, 28) in -1..1."""

    def __init__(self, decoder: nn.Module, prior: ClassPrior, conditional: bool) -> None:
        super().__init__()
        self.decoder = decoder
        self.prior = prior
        self.conditional = conditional

    def told(self, digit: Tensor) -> Tensor:
        """What the networks are told of the digit: (B, 10) or (B, 0)."""
        return digit if self.conditional else digit[:, :0]

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        code = latent if self.conditional else self.prior(latent, digit)
        images: Tensor = self.decoder(code, self.told(digit)).sigmoid() * 2 - 1
        return images


class DenseGan(Objective):
    """Conditional GAN (Mirza and Osindero, 2014, arXiv:1411.1784) with the non-saturating loss.

    The discriminator says whether an image is real, given its digit; the generator draws what the
    discriminator takes for real. The two go round each other: what is exported is the generator's average on the way.
    """

    def __init__(self, recipe: DenseGanRecipe) -> None:
        super().__init__()
        self.recipe: DenseGanRecipe = recipe
        self.generator = DenseGenerator(recipe.latent_dim, recipe.hidden)
        self.sampler = copy.deepcopy(self.generator).requires_grad_(False)
        self.discriminator = DenseDiscriminator(recipe.discriminator_hidden, recipe.dropout)

    def optimizers(self) -> Optimizers:
        """Adam for the discriminator and for the generator, in that order."""
        rate, betas = self.recipe.learning_rate, (0.5, 0.999)
        return (
            torch.optim.Adam(self.discriminator.parameters(), rate, betas),
            torch.optim.Adam(self.generator.parameters(), rate, betas),
        )

    def step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """One step of each side, on the same labels."""
        real, labels = next(batches)
        latent = torch.randn(len(labels), self.recipe.latent_dim).to(real.device)
        digit = F.one_hot(labels, DIGITS).float()
        with self.autocast(real):
            fake = self.generator(latent, digit)
            told_real, told_fake = self.discriminator(real, digit), self.discriminator(fake.detach(), digit)
        d_loss = (_says(told_real, real=True) + _says(told_fake, real=False)) / 2
        descend(optimizers[:1], d_loss)
        with self.autocast(real):
            told_fake = self.discriminator(fake, digit)
        g_loss = _says(told_fake, real=True)
        descend(optimizers[1:], g_loss)
        average(self.sampler, self.generator, self.recipe.ema, step)
        return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


def _says(logits: Tensor, *, real: bool) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits.float(), torch.full(logits.shape, float(real)).to(logits.device))


@torch.no_grad()
def average(averaged: nn.Module, current: nn.Module, decay: float, step: int) -> None:
    """Move an averaged network towards the one that is trained: its parameters, and the statistics that it keeps."""
    # A short memory at first, or the average would drag the untrained weights along.
    decay = min(decay, (step + 1) / (step + 10))
    state = current.state_dict()
    for name, value in averaged.state_dict().items():
        if value.is_floating_point():
            value.lerp_(state[name], 1 - decay)


def descend(optimizers: Sequence[torch.optim.Optimizer], loss: Tensor) -> None:
    """One step of each optimiser down the gradient of the loss."""
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
