"""The default model's objective: the relativistic pairing game with zero-centred penalties.

Huang et al., 2024, arXiv:2501.05441: the discriminator has to rate each real image above a generated
one of the same digit, and its gradient is held small on both (R1 and R2). A third pairing, of real
images under their own digit with the same under another, is after Reed et al., 2016, arXiv:1605.05396.

A GAN alone forgets rare forms. So an encoder learns which latent each real image would be drawn from, and the
generator to draw it from there (as in VAE-GAN, Larsen et al., 2016, arXiv:1512.09300). Codes lie on the sphere
that the generator's latents are brought to, so there is no divergence to keep small: the encoder learns their
whereabouts from generated images, whose latents are known.
"""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.networks import DIGITS, Discriminator, Encoder, Generator, Truncated
from training.objectives import Batches, Losses, Objective, Optimizers, average, descend
from training.recipe import StyledGanRecipe


def random_shift(images: Tensor, most: int, probability: float = 1.0) -> Tensor:
    """Move each image with this probability by up to `most` pixels each way, black flowing in; differentiable.

    Digits are never mirrored or turned: a quarter turn makes another sign of a 6.
    """
    if most == 0 or probability == 0:
        return images
    b, _, height, width = images.shape
    padded = F.pad(images, (most, most, most, most), value=-1.0)
    moves = torch.randint(-most, most + 1, (2, b, 1)) * (torch.rand(b, 1) < probability)
    down, right = (moves + most).to(images.device)
    rows = (torch.arange(height, device=images.device) + down)[:, :, None]  # (B, H, 1)
    columns = (torch.arange(width, device=images.device) + right)[:, None, :]  # (B, 1, W)
    batch = torch.arange(b, device=images.device)[:, None, None]
    return padded[batch, 0, rows, columns][:, None]


def other_labels(labels: Tensor) -> Tensor:
    """For each label 0..9 one of the nine others."""
    return (labels + torch.randint(1, DIGITS, labels.shape).to(labels.device)) % DIGITS


def gradient_penalty(discriminator: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Mean squared length of the discriminator's gradient with respect to the pixels (R1, R2)."""
    images = images.detach().requires_grad_()
    realness = discriminator(images, labels).sum()
    (gradient,) = torch.autograd.grad(realness, images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


class StyledGan(Objective):
    """A generator, its running average, a discriminator and an encoder, with the step that trains them."""

    def __init__(self, recipe: StyledGanRecipe) -> None:
        super().__init__()
        self.recipe: StyledGanRecipe = recipe
        self.generator = Generator(recipe.latent_dim, recipe.style_dim, recipe.width, recipe.fine_width)
        self.averages = nn.ModuleList(copy.deepcopy(self.generator).requires_grad_(False) for _ in recipe.ema)
        self.discriminator = Discriminator(recipe.discriminator_width, recipe.discriminator_stem)
        self.encoder = Encoder(recipe.latent_dim)
        self.to(memory_format=torch.channels_last)

    def optimizers(self) -> Optimizers:
        """Adam for the discriminator, the generator and the encoder, in that order."""
        rate, betas = self.recipe.learning_rate, (0.0, 0.99)
        return (
            torch.optim.Adam(self.discriminator.parameters(), rate, betas),
            torch.optim.Adam(self.generator.parameters(), rate, betas),
            torch.optim.Adam(self.encoder.parameters(), rate, (0.9, 0.99)),
        )

    @property
    def sampler(self) -> nn.Module:  # type: ignore[override]
        """The averaged generator that is exported."""
        return self.averages[self.recipe.exported_ema]

    def step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """One step of each side, on one batch of real images and fresh latents for each."""
        for_discriminator, *for_generator = optimizers
        real, labels = next(batches)
        losses, rated_real = self._train_discriminator(for_discriminator, real, labels, step)
        losses |= self._train_generator(for_generator, real, labels, rated_real, step)
        for averaged, decay in zip(self.averages, self.recipe.ema, strict=True):
            average(averaged, self.generator, decay, step)
        return losses

    def exported(self) -> nn.Module:
        """The averaged generator, with truncation: its latents have no length that could be shortened."""
        return Truncated(self.sampler, self.recipe.closeness)

    def _train_discriminator(
        self, optimizer: torch.optim.Optimizer, real: Tensor, labels: Tensor, step: int
    ) -> tuple[Losses, Tensor]:
        """One step; returns the losses, and how the real images (B,) were rated."""
        with torch.no_grad():
            fake = self._imagine(labels)
        shift, probability = self.recipe.shift, self.recipe.shift_probability_at(step)
        real, fake = random_shift(real, shift, probability), random_shift(fake, shift, probability)
        with self.autocast(real):
            features = self.discriminator.features(real)
            rated_fake = self.discriminator(fake, labels)
        rated_real = self.discriminator.rate(features, labels)
        rated_wrong = self.discriminator.rate(features, other_labels(labels))
        loss, mismatch = F.softplus(rated_fake - rated_real).mean(), F.softplus(rated_wrong - rated_real).mean()
        losses = {"d_loss": loss.detach(), "mismatch": mismatch.detach()}
        loss = loss + self.recipe.mismatch * mismatch
        if step % self.recipe.penalty_every == 0:
            some = slice(round(self.recipe.penalised * len(labels)))
            with self.autocast(real):
                r1 = gradient_penalty(self.discriminator, real[some], labels[some])
                r2 = gradient_penalty(self.discriminator, fake[some], labels[some])
            loss = loss + self.recipe.gamma_at(step) / 2 * self.recipe.penalty_every * (r1 + r2)
            losses |= {"r1": r1.detach(), "r2": r2.detach()}
        descend([optimizer], loss)
        return losses, rated_real.detach()

    def _train_generator(
        self, optimizers: Sequence[torch.optim.Optimizer], real: Tensor, labels: Tensor, rated_real: Tensor, step: int
    ) -> Losses:
        self.discriminator.requires_grad_(False)
        digit = F.one_hot(labels, DIGITS).float()
        latent = self._latents(labels)
        with self.autocast(real):
            fake = self.generator(latent, digit)
        losses = {"g_loss": self._rivalry(rated_real, fake, labels, step)}
        loss = losses["g_loss"]
        if self.recipe.rebuild:
            losses["code"] = self._recognise(fake.detach(), digit, latent)
            loss = loss + losses["code"]
        if self.recipe.rebuild_at(step):
            losses |= self._rebuild(*self._worst(real, digit))
            loss = loss + self.recipe.rebuild * (losses["pixel"] + losses["feature"])
        descend(optimizers, loss)
        self.discriminator.requires_grad_(True)
        return {name: value.detach() for name, value in losses.items()}

    def _rivalry(self, rated_real: Tensor, fake: Tensor, labels: Tensor, step: int) -> Tensor:
        """How far the discriminator rates real images of the same digits above generated ones."""
        fake = random_shift(fake, self.recipe.shift, self.recipe.shift_probability_at(step))
        with self.autocast(fake):
            rated_fake = self.discriminator(fake, labels)
        return F.softplus(rated_real - rated_fake).mean()

    @torch.no_grad()
    def _worst(self, real: Tensor, digit: Tensor) -> tuple[Tensor, Tensor]:
        """Draw a share of these images by the error with which they are rebuilt now."""
        with self.autocast(real):
            again = self.generator(self.encoder(real, digit), digit)
        error = (again - real).square().mean(dim=(1, 2, 3)).float().cpu()
        weight = error.clamp(max=3 * float(error.mean()))
        chosen = torch.multinomial(weight, round(self.recipe.reconstructed * len(real))).to(real.device)
        return real[chosen], digit[chosen]

    def _rebuild(self, real: Tensor, digit: Tensor) -> Losses:
        """How far real images are from what is drawn from their codes: in pixels, and in features by their length."""
        with self.autocast(real):
            code = self.encoder(real, digit)
            again = self.generator(code + self.recipe.jitter * torch.randn_like(code), digit)
            wanted, found = (self.discriminator.features(images).float() for images in (real, again))
        feature = (found - wanted).square().sum(dim=1).mean() / wanted.square().sum(dim=1).mean()
        return {"pixel": (again - real).square().mean(), "feature": feature}

    def _recognise(self, fake: Tensor, digit: Tensor, latent: Tensor) -> Tensor:
        """How far the encoder is from the latents of generated images: 0 for their very directions, 1 for any."""
        with self.autocast(fake):
            code = self.encoder(fake, digit)
        return 1 - F.cosine_similarity(code, latent, dim=1).mean()

    def _imagine(self, labels: Tensor) -> Tensor:
        with self.autocast(labels):
            images: Tensor = self.generator(self._latents(labels), F.one_hot(labels, DIGITS).float())
        return images

    def _latents(self, labels: Tensor) -> Tensor:
        return torch.randn(len(labels), self.recipe.latent_dim).to(labels.device)
