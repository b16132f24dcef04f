"""The default model: a small styled generator against a discriminator, beside an encoder.

Notation: x a real image of digit y, z ~ N(0, I), G(z, y) the generator, D(x, y) the discriminator's logit, f(x) the
features before D's last layer, E(x, y) the encoder, s = softplus.

Discriminator: relativistic pairing (R3GAN: Huang et al., 2024, arXiv:2501.05441) of a real and a generated image of the
same digit; a third pairing of a real image under its digit y and under another one y' (Reed et al., 2016,
arXiv:1605.05396); gradient penalties R1 and R2 with a weight gamma that shrinks over the first half:

    L_D = E s(D(G(z, y), y) - D(x, y)) + m E s(D(x, y') - D(x, y)) + gamma/2 (E |dD/dx|^2 at x + the same at G(z, y))

Generator: the same pairing from the other side, and, in the second half, reconstruction of real images from their own
codes (as in VAE-GAN, Larsen et al., 2016, arXiv:1512.09300), because a GAN alone forgets rare forms:

    L_G = E s(D(x, y) - D(G(z, y), y)) + r E( |x - x^|^2 / 784 + |f(x) - f(x^)|^2 / |f(x)|^2 )
    x^  = G(E(x, y) + n, y),  n ~ N(0, j^2 I)

Encoder: latent regression on generated images, whose latents are known, plus the reconstruction above:

    L_E = 1 - cos(E(G(z, y), y), z)

Fine-tuning: some more steps, from the averaged generator, at a small learning rate that falls to 0. MNIST moved each
digit by whole pixels, so its centre of mass is uniform within half a pixel; the generator's is bell-shaped, with tails
that D hardly punishes. A term in L_G takes the distributions together, by the one-dimensional Wasserstein distance (as
in Deshpande et al., 2018, arXiv:1803.11188) of each of three statistics s: row and column of the centre of mass, and
the slant, which narrows if the centre alone is asked for. s_(i) is the i-th smallest of the n of a batch:

    L_S = w sum over s of 1/n sum over i of (s_(i)(G) - s_(i)(x))^2

Codes and latents are brought to one sphere, so no divergence has to be kept small. The networks follow R3GAN at
28 x 28: no normalisation layers, feature-wise scale and shift from a mapping network (StyleGAN), a projection head
(Miyato and Koyama, 2018, arXiv:1802.05637), minibatch standard deviation (Karras et al., 2018, arXiv:1710.10196).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.config import Config, linear_decay
from training.data import centre_of_mass, slant
from training.models.base import (
    DIGITS,
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
OVERSHOOT = 1.1
SLANT_ROWS = 5
"""Rows from the centre at which slant is measured as a move in pixels: there it weighs as much as the centre."""


@dataclass(frozen=True)
class CGanConfig(Config):
    """Numbers of the default model. A batch that is a multiple of 40 lets minibatch deviation compare equal digits.

    Attributes:
        gamma_start, gamma: weight of R1 and R2, at first and from mid-run on: a stiff discriminator brings all
            classes up together, a loose one the detail.
        penalty_every: steps between penalties, whose weight grows by the same factor (lazy regularization).
        penalty_share: share of a batch on which the penalties are computed.
        mismatch_weight: of the third pairing; at 1 the digits become more typical than real ones.
        reconstruction_weight: of the reconstruction in the second half.
        reconstruction_share: share of a batch's real images that are reconstructed. They are drawn in proportion to
            their error, capped at three times its mean, so that rare digits come up more often.
        latent_noise: standard deviation j of the noise on codes.
        max_shift: the most pixels by which images are moved before the discriminator sees them.
        shift_probability: share of images that are moved at the first step; it falls linearly to 0 at mid-run. If all
            are moved, the generator learns to draw off centre (Karras et al., 2020, arXiv:2006.06676).
        fine_tuning_steps: steps after the others, with L_S in the generator's loss; all else as at the end of them.
        fine_tuning_rate: learning rate at their beginning; it falls linearly to 0.
        statistics_weight: w, of the distance of the statistics in square pixels.
        fine_tuning_ema: decay of the averaged generators in it. They keep 0.9985 ** 1300, a seventh, of what they were:
            weights between those of before and after score better (Wortsman et al., 2022, arXiv:2109.01903).
        ema: decays of the averaged generators before.
        exported_ema: index of the one that is exported, chosen on the validation images.
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
    penalty_share: float = 1 / 3
    mismatch_weight: float = 0.1
    reconstruction_weight: float = 40.0
    reconstruction_share: float = 0.5
    latent_noise: float = 0.3
    max_shift: int = 2
    shift_probability: float = 0.5
    fine_tuning_steps: int = 1_300
    fine_tuning_rate: float = 1e-4
    statistics_weight: float = 10.0
    fine_tuning_ema: float = 0.9985
    ema: tuple[float, ...] = (0.999, 0.9995, 0.9998)
    exported_ema: int = 1
    style_dim: int = 192
    width: int = 48
    fine_width: int = 32
    discriminator_width: int = 64
    discriminator_stem: int = 16

    @property
    def total_steps(self) -> int:
        """Optimizer steps of the whole run, with the fine-tuning."""
        return self.steps + self.fine_tuning_steps

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of the step after `step` steps: constant, falling to 0, and once more falling to 0."""
        if self.fine_tunes_at(step):
            return self.fine_tuning_rate * ((self.total_steps - step) / self.fine_tuning_steps)
        return linear_decay(self.learning_rate, step, self.steps)

    def fine_tunes_at(self, step: int) -> bool:
        """Return whether the step after `step` steps belongs to the fine-tuning."""
        return step >= self.steps and self.fine_tuning_steps > 0

    def gamma_at(self, step: int) -> float:
        """Weight of the gradient penalties after `step` steps."""
        return self.gamma * (self.gamma_start / self.gamma) ** max(0.0, 1 - 2 * step / self.steps)

    def shift_probability_at(self, step: int) -> float:
        """Share of images that are shifted after `step` steps."""
        return self.shift_probability * max(0.0, 1 - 2 * step / self.steps)

    def reconstruction_weight_at(self, step: int) -> float:
        """Weight of the reconstruction after `step` steps."""
        return self.reconstruction_weight if 2 * step >= self.steps else 0.0


class CGan(Model):
    """Generator, its averages, discriminator and encoder, and one training step of all of them."""

    def __init__(self, config: CGanConfig) -> None:
        super().__init__()
        self.config: CGanConfig = config
        self.generator = Generator(config.latent_dim, config.style_dim, config.width, config.fine_width)
        self.averages = nn.ModuleList(frozen_copy(self.generator) for _ in config.ema)
        self.discriminator = Discriminator(config.discriminator_width, config.discriminator_stem)
        self.encoder = Encoder(config.latent_dim)
        self.to(memory_format=torch.channels_last)

    @property
    def sampler(self) -> nn.Module:  # type: ignore[override]
        """The averaged generator that is exported."""
        return self.averages[self.config.exported_ema]

    def optimizers(self) -> Optimizers:
        """Return Adam for the discriminator, the generator and the encoder, in that order."""
        rate, betas = self.config.learning_rate, (0.0, 0.99)
        return (
            torch.optim.Adam(self.discriminator.parameters(), rate, betas),
            torch.optim.Adam(self.generator.parameters(), rate, betas),
            torch.optim.Adam(self.encoder.parameters(), rate, (0.9, 0.99)),
        )

    def training_step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Train each network once on one batch of real images, with fresh latents for each side."""
        discriminator_optimizer, *generator_optimizers = optimizers
        if step == self.config.steps and self.config.fine_tunes_at(step):
            self.generator.load_state_dict(self.sampler.state_dict())
        real, labels = next(batches)
        losses, real_logits = self._discriminator_step(discriminator_optimizer, real, labels, step)
        losses |= self._generator_step(generator_optimizers, real, labels, real_logits, step)
        for averaged, decay in zip(self.averages, self.config.ema, strict=True):
            decay = self.config.fine_tuning_ema if self.config.fine_tunes_at(step) else decay
            update_average(averaged, self.generator, decay, step)
        return losses

    def exported(self) -> nn.Module:
        """Return the averaged generator with truncation as an input."""
        return Truncated(self.sampler, self.config.truncation)

    def _discriminator_step(
        self, optimizer: torch.optim.Optimizer, real: Tensor, labels: Tensor, step: int
    ) -> tuple[Losses, Tensor]:
        """Minimise L_D; return the losses and the logits (B,) of the real images."""
        with torch.no_grad():
            fake = self._sample(labels)
        real, fake = self._shift(real, step), self._shift(fake, step)
        with self.autocast(real):
            features = self.discriminator.features(real)
            fake_logits = self.discriminator(fake, labels)
        real_logits = self.discriminator.project(features, labels)
        mismatched_logits = self.discriminator.project(features, other_labels(labels))
        adversarial = F.softplus(fake_logits - real_logits).mean()
        mismatch = F.softplus(mismatched_logits - real_logits).mean()
        loss = adversarial + self.config.mismatch_weight * mismatch
        if step % self.config.penalty_every == 0:
            part = slice(round(self.config.penalty_share * len(labels)))
            with self.autocast(real):
                r1 = gradient_penalty(self.discriminator, real[part], labels[part])
                r2 = gradient_penalty(self.discriminator, fake[part], labels[part])
            loss = loss + self.config.gamma_at(step) / 2 * self.config.penalty_every * (r1 + r2)
        optimizer_step([optimizer], loss)
        return {"d_loss": adversarial.detach(), "mismatch": mismatch.detach()}, real_logits.detach()

    def _generator_step(
        self, optimizers: Sequence[torch.optim.Optimizer], real: Tensor, labels: Tensor, real_logits: Tensor, step: int
    ) -> Losses:
        """Minimise L_G and L_E, the discriminator being fixed."""
        self.discriminator.requires_grad_(False)
        digit = F.one_hot(labels, DIGITS).float()
        latent = self._latents(labels)
        with self.autocast(real):
            fake = self.generator(latent, digit)
        losses = {"g_loss": self._adversarial_loss(real_logits, fake, labels, step)}
        loss = losses["g_loss"]
        if self.config.reconstruction_weight:
            losses["latent"] = self._latent_regression_loss(fake.detach(), digit, latent)
            loss = loss + losses["latent"]
        if weight := self.config.reconstruction_weight_at(step):
            losses |= self._reconstruction_losses(*self._draw_by_error(real, digit))
            loss = loss + weight * (losses["pixel"] + losses["feature"])
        if self.config.fine_tunes_at(step):
            losses["statistics"] = statistics_distance(fake, real)
            loss = loss + self.config.statistics_weight * losses["statistics"]
        optimizer_step(optimizers, loss)
        self.discriminator.requires_grad_(True)
        return {name: value.detach() for name, value in losses.items()}

    def _adversarial_loss(self, real_logits: Tensor, fake: Tensor, labels: Tensor, step: int) -> Tensor:
        fake = self._shift(fake, step)
        with self.autocast(fake):
            fake_logits = self.discriminator(fake, labels)
        return F.softplus(real_logits - fake_logits).mean()

    def _latent_regression_loss(self, fake: Tensor, digit: Tensor, latent: Tensor) -> Tensor:
        with self.autocast(fake):
            code = self.encoder(fake, digit)
        return 1 - F.cosine_similarity(code, latent, dim=1).mean()

    @torch.no_grad()
    def _draw_by_error(self, real: Tensor, digit: Tensor) -> tuple[Tensor, Tensor]:
        """Draw a share of these images in proportion to the error with which they are reconstructed now."""
        with self.autocast(real):
            reconstruction = self.generator(self.encoder(real, digit), digit)
        error = (reconstruction - real).square().mean(dim=(1, 2, 3)).float().cpu()
        weight = error.clamp(max=3 * float(error.mean()))
        chosen = torch.multinomial(weight, round(self.config.reconstruction_share * len(real))).to(real.device)
        return real[chosen], digit[chosen]

    def _reconstruction_losses(self, real: Tensor, digit: Tensor) -> Losses:
        """Return the mean squared error in pixels, and in features relative to their length."""
        with self.autocast(real):
            code = self.encoder(real, digit)
            noisy = code + self.config.latent_noise * torch.randn_like(code)
            reconstruction = self.generator(noisy, digit)
            wanted, found = (self.discriminator.features(images).float() for images in (real, reconstruction))
        feature = (found - wanted).square().sum(dim=1).mean() / wanted.square().sum(dim=1).mean()
        return {"pixel": (reconstruction - real).square().mean(), "feature": feature}

    def _sample(self, labels: Tensor) -> Tensor:
        with self.autocast(labels):
            images: Tensor = self.generator(self._latents(labels), F.one_hot(labels, DIGITS).float())
        return images

    def _latents(self, labels: Tensor) -> Tensor:
        return torch.randn(len(labels), self.config.latent_dim).to(labels.device)

    def _shift(self, images: Tensor, step: int) -> Tensor:
        return random_shift(images, self.config.max_shift, self.config.shift_probability_at(step))


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
    """Return for each label 0..9 one of the nine others."""
    return (labels + torch.randint(1, DIGITS, labels.shape).to(labels.device)) % DIGITS


def gradient_penalty(discriminator: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Mean squared length of the discriminator's gradient with respect to the pixels (R1 on real, R2 on fake ones)."""
    images = images.detach().requires_grad_()
    logits = discriminator(images, labels).sum()
    (gradient,) = torch.autograd.grad(logits, images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


def statistics_distance(fake: Tensor, real: Tensor) -> Tensor:
    """Return L_S / w in square pixels: how far two batches are from digits that stand and lean alike.

    Args:
        fake: (B, 1, 28, 28) in -1..1.
        real: as many.
    """
    found, wanted = (statistics((images[:, 0] + 1) / 2).sort(dim=0).values for images in (fake, real))
    return (found - wanted).square().sum(dim=1).mean()


def statistics(ink: Tensor) -> Tensor:
    """Return row and column of the centre of mass, and the slant as SLANT_ROWS see it, (B, 3) in pixels."""
    return torch.cat([centre_of_mass(ink), SLANT_ROWS * slant(ink)[:, None]], dim=1)


class StyledConv(nn.Module):
    """A convolution whose output channels are scaled and shifted by the style, then leaky ReLU."""

    def __init__(self, channels: int, style_dim: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.affine = nn.Linear(style_dim, 2 * channels)
        nn.init.zeros_(self.affine.bias)

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        scale, shift = self.affine(style)[:, :, None, None].chunk(2, dim=1)  # (B, C, 1, 1) each
        return F.leaky_relu(self.conv(features) * (1 + scale) + shift, SLOPE)


class Generator(nn.Module):
    """latent (B, latent_dim) ~ N(0, 1) and digit (B, 10), weights that sum to 1 -> (B, 1, 28, 28) in -1..1.

    5.4 million multiply-adds an image at the default widths, all but the last at 14 x 14 or less.
    """

    def __init__(self, latent_dim: int = 64, style_dim: int = 192, width: int = 48, fine_width: int = 32) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.width = width
        self.mapping = nn.Sequential(
            nn.Linear(latent_dim + DIGITS, 2 * style_dim),
            nn.LeakyReLU(SLOPE),
            nn.Linear(2 * style_dim, style_dim),
            nn.LeakyReLU(SLOPE),
        )
        self.coarse = nn.Linear(style_dim, width * 7 * 7)
        self.block7 = StyledConv(width, style_dim)
        self.narrow = nn.Conv2d(width, fine_width, 1)
        self.block14 = StyledConv(fine_width, style_dim)
        self.refine14 = StyledConv(fine_width, style_dim)
        self.to_pixels = nn.Conv2d(fine_width, 4, 3, padding=1)

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        return self.draw(self.style(latent, digit))

    def style(self, latent: Tensor, digit: Tensor) -> Tensor:
        """Map a latent (its direction alone counts) and a digit to the style (B, style_dim) of an image."""
        length = latent.square().mean(dim=1, keepdim=True).add(1e-8).rsqrt()
        # The one-hot row is scaled so that label and latent start with equal variance.
        style: Tensor = self.mapping(torch.cat([latent * length, digit * math.sqrt(DIGITS)], dim=1))
        return style

    def draw(self, style: Tensor) -> Tensor:
        """Draw images (B, 1, 28, 28) in -1..1 of these styles (B, style_dim)."""
        h = F.leaky_relu(self.coarse(style), SLOPE).unflatten(1, (self.width, 7, 7))
        h = h + self.block7(h, style)  # (B, 48, 7, 7)
        h = F.interpolate(self.narrow(h), scale_factor=2.0, mode="nearest")
        h = self.block14(h, style)  # (B, 32, 14, 14)
        h = h + self.refine14(h, style)
        # The pixels stay in full precision: eight bits of bfloat16 would band the greys.
        with torch.autocast(h.device.type, enabled=False):
            return saturate(F.pixel_shuffle(self.to_pixels(h.float()), 2))


def saturate(features: Tensor) -> Tensor:
    """Clamp a stretched tanh to -1..1: tanh alone leaves grey levels 1 to 7 on the background.

    The gradient is that of tanh (straight-through), so that a pixel which is wrongly black can recover.
    """
    smooth = torch.tanh(features)
    return smooth + ((OVERSHOOT * smooth).clamp(-1, 1) - smooth).detach()


class Truncated(nn.Module):
    """A trained generator with truncation (Karras et al., 2019, arXiv:1812.04948).

    `spread` (1,) multiplies the distance of a style from the mean style of its digit: 1 draws the learned
    distribution, 0 the mean alone.

    Args:
        generator: to truncate.
        psi: multiplies `spread`.
    """

    centres: Tensor

    def __init__(self, generator: Generator, psi: float = 1.0) -> None:
        super().__init__()
        self.generator = generator
        self.psi = psi
        self.register_buffer("centres", mean_styles(generator))

    def forward(self, latent: Tensor, digit: Tensor, spread: Tensor | float = 1.0) -> Tensor:
        style, centre = self.generator.style(latent, digit), digit @ self.centres
        return self.generator.draw(centre + self.psi * spread * (style - centre))


@torch.no_grad()
def mean_styles(generator: Generator) -> Tensor:
    """Return the mean style of each digit, (10, style_dim), over the same 10,000 latents."""
    latent = torch.randn(10_000, generator.latent_dim, generator=torch.Generator().manual_seed(0))
    digits = torch.eye(DIGITS)[:, None].expand(-1, len(latent), -1)
    return torch.stack([generator.style(latent, digit).mean(dim=0) for digit in digits])


class ResidualConv(nn.Module):
    """Two 3 x 3 convolutions beside an identity path; the second starts at zero."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, features: Tensor) -> Tensor:
        h = F.leaky_relu(self.first(features), SLOPE)
        return F.leaky_relu(features + self.second(h), SLOPE)


class MinibatchDeviation(nn.Module):
    """Append a channel with the standard deviation over groups of images, so that a collapsed generator shows."""

    def __init__(self, group: int = 4) -> None:
        super().__init__()
        self.group = group

    def forward(self, features: Tensor) -> Tensor:
        b, c, height, width = features.shape
        group = math.gcd(b, self.group)
        # Members are b / group apart, which in a balanced batch of 40 n images is the same digit.
        grouped = features.float().reshape(group, b // group, c, height, width)
        centred = grouped - grouped.mean(dim=0)
        deviation = (centred.square().mean(dim=0) + 1e-8).sqrt().mean(dim=(1, 2, 3))  # (B / group,)
        channel = deviation.repeat(group)[:, None, None, None].expand(b, 1, height, width)
        return torch.cat([features, channel.to(features.dtype)], dim=1)


class Discriminator(nn.Module):
    """(B, 1, 28, 28) in -1..1 and labels (B,) -> logits (B,), higher for real images."""

    def __init__(self, width: int = 64, stem: int = 16) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, stem, 3, padding=1),  # (B, 16, 28, 28)
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(stem, width, 4, stride=2, padding=1),  # (B, 64, 14, 14)
            nn.LeakyReLU(SLOPE),
            ResidualConv(width),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # (B, 128, 7, 7)
            nn.LeakyReLU(SLOPE),
            ResidualConv(2 * width),
            MinibatchDeviation(),
            nn.Conv2d(2 * width + 1, 2 * width, 3, stride=2, padding=1),  # (B, 128, 4, 4)
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
            nn.Linear(2 * width * 4 * 4, 4 * width),
            nn.LeakyReLU(SLOPE),
        )
        self.realness = nn.Linear(4 * width, 1)
        self.embedding = nn.Embedding(DIGITS, 4 * width)
        nn.init.normal_(self.embedding.weight, std=1 / math.sqrt(4 * width))

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        return self.project(self.features(images), labels)

    def project(self, features: Tensor, labels: Tensor) -> Tensor:
        """Return the logits (B,) of images with these features (B, 4 width) as these digits."""
        features = features.float()
        with torch.autocast(features.device.type, enabled=False):
            projection = (features * self.embedding(labels)).sum(dim=1)
            return self.realness(features).squeeze(1) + projection


class Encoder(nn.Module):
    """images (B, 1, 28, 28) in -1..1 and digit (B, 10) -> codes (B, latent_dim) with a mean square of 1."""

    def __init__(self, latent_dim: int, width: int = 32) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),  # (B, 32, 14, 14)
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(width, width, 3, padding=1),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # (B, 64, 7, 7)
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(2 * width, 2 * width, 3, padding=1),
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
        )
        self.out = nn.Sequential(
            nn.Linear(2 * width * 7 * 7 + DIGITS, 256),
            nn.LeakyReLU(SLOPE),
            nn.Linear(256, latent_dim),
        )

    def forward(self, images: Tensor, digit: Tensor) -> Tensor:
        latent = self.out(torch.cat([self.conv(images), digit * math.sqrt(DIGITS)], dim=1)).float()
        scaled: Tensor = latent * (latent.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        return scaled


MODELS = {
    "cgan": Entry(
        "styled conditional GAN",
        "cGAN",
        CGan,
        CGanConfig(),
        # Half a discriminator and no reconstruction: a step costs a quarter, and readable digits need no rare forms.
        {
            "steps": 3000,
            "batch": 80,
            "discriminator_width": 32,
            "discriminator_stem": 8,
            "reconstruction_weight": 0.0,
            "mismatch_weight": 0.2,
            "fine_tuning_steps": 0,
            "ema": (0.99, 0.995, 0.998),
        },
        {
            "width": 16,
            "fine_width": 16,
            "style_dim": 16,
            "discriminator_width": 16,
            "fine_tuning_steps": 0,
            "ema": (0.8, 0.9),
        },
        read_again=True,
    ),
}
