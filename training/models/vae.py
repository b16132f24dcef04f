"""Variational autoencoders: a VAE, and the CVAEs, which are conditioned on the digit.

Notation: x an image with pixels in 0..1, c its digit as a one-hot row (CVAE) or nothing (VAE), L the latent length.

The encoder gives a diagonal normal distribution q(z | x, c) = N(mu, diag(sigma^2)), the decoder gives p(x | z, c) as
one Bernoulli probability a pixel. Both minimise the negative evidence lower bound (Kingma and Welling, 2014,
arXiv:1312.6114):

    L   = BCE + KL
    BCE = -sum over pixels of x log p + (1 - x) log(1 - p)                 reconstruction, z = mu + sigma e, e ~ N(0, I)
    KL  = KL(q(z | x, c) || N(0, I)) = 1/2 sum (mu^2 + sigma^2 - log sigma^2 - 1)

A CVAE (Sohn et al., 2015) is sampled with z ~ N(0, I) and the digit. A VAE does not know the digit, so the latents of
each digit are modelled by a normal distribution of their own (`ClassPrior`), and a digit is sampled from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.config import Config
from training.models.base import DIGITS, PIXELS, Batches, Entry, Losses, Model, Optimizers, optimizer_step

DECAY = 0.999
"""Decay a step of the running moments of a class prior."""


@dataclass(frozen=True)
class VariationalConfig(Config):
    """Numbers of an autoencoder.

    Attributes:
        hidden: widths of the encoder's hidden layers; the decoder has them in reverse.
        conditional: whether both networks are conditioned on the digit (a CVAE) or neither (a VAE).
        convolutional: 3 x 3 convolutions in place of dense layers; `hidden` are channels then.
    """

    steps: int = 25_000
    batch: int = 100
    learning_rate: float = 1e-3
    latent_dim: int = 20
    precision: str = "float32"  # type: ignore[assignment]
    hidden: tuple[int, ...] = (400,)
    conditional: bool = True
    convolutional: bool = False


class Variational(Model):
    """Encoder, class prior and decoder, and one training step of them."""

    sampler: "Decoding"

    def __init__(self, config: VariationalConfig) -> None:
        super().__init__()
        self.config: VariationalConfig = config
        encoder, decoder = (ConvEncoder, ConvDecoder) if config.convolutional else (DenseEncoder, DenseDecoder)
        condition_dim = DIGITS if config.conditional else 0
        self.encoder = encoder(condition_dim, config.hidden, config.latent_dim)
        self.prior = ClassPrior(config.latent_dim)
        self.sampler = Decoding(
            decoder(condition_dim, config.hidden[::-1], config.latent_dim), self.prior, config.conditional
        )

    def optimizers(self) -> Optimizers:
        """Return Adam for both networks together."""
        return (torch.optim.Adam(self.parameters(), self.config.learning_rate),)

    def training_step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Encode, sample a latent, decode, and minimise BCE + KL."""
        del step
        images, labels = next(batches)
        digit = F.one_hot(labels, DIGITS).float()
        condition = self.sampler.condition(digit)
        with self.autocast(images):
            mean, log_variance = (part.float() for part in self.encoder(images, condition))
            latent = mean + torch.randn(mean.shape).to(mean.device) * (log_variance / 2).exp()
            logits = self.sampler.decoder(latent, condition).float()
        bce = F.binary_cross_entropy_with_logits(logits, (images + 1) / 2, reduction="sum") / len(images)
        kl = (mean.square() + log_variance.exp() - log_variance - 1).sum() / 2 / len(images)
        optimizer_step(optimizers, bce + kl)
        self.prior.update(latent.detach(), digit)
        return {"bce": bce.detach(), "kl": kl.detach()}


class Decoding(nn.Module):
    """The sampler of an autoencoder: latent (B, L) ~ N(0, 1) and digit (B, 10) -> (B, 1, 28, 28) in -1..1."""

    def __init__(self, decoder: nn.Module, prior: "ClassPrior", conditional: bool) -> None:
        super().__init__()
        self.decoder = decoder
        self.prior = prior
        self.conditional = conditional

    def condition(self, digit: Tensor) -> Tensor:
        """Return the condition of the networks: (B, 10), or (B, 0) for a VAE."""
        return digit if self.conditional else digit[:, :0]

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        code = latent if self.conditional else self.prior(latent, digit)
        images: Tensor = self.decoder(code, self.condition(digit)).sigmoid() * 2 - 1
        return images


class DenseEncoder(nn.Module):
    """images (B, 1, 28, 28) and condition (B, 0 or 10) -> mean and log-variance of the code, (B, latent_dim) each."""

    def __init__(self, condition_dim: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        self.layers = _dense([PIXELS + condition_dim, *hidden, 2 * latent_dim], nn.ReLU())

    def forward(self, images: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.layers(torch.cat([images.flatten(1), condition], dim=1)).chunk(2, dim=1)
        return mean, log_variance


class DenseDecoder(nn.Module):
    """code (B, latent_dim) and condition (B, 0 or 10) -> logits (B, 1, 28, 28)."""

    def __init__(self, condition_dim: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        self.layers = _dense([latent_dim + condition_dim, *hidden, PIXELS], nn.ReLU())

    def forward(self, code: Tensor, condition: Tensor) -> Tensor:
        logits: Tensor = self.layers(torch.cat([code, condition], dim=1))
        return logits.unflatten(1, (1, 28, 28))


class ConvEncoder(nn.Module):
    """images (B, 1, 28, 28) and condition (B, 10) -> mean and log-variance; the digit comes as ten planes."""

    def __init__(self, condition_dim: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        first, second = hidden
        self.layers = nn.Sequential(
            nn.Conv2d(1 + condition_dim, first, 3, stride=2, padding=1),  # (B, 32, 14, 14)
            nn.ReLU(),
            nn.Conv2d(first, second, 3, stride=2, padding=1),  # (B, 64, 7, 7)
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(second * 7 * 7, 2 * latent_dim),
        )

    def forward(self, images: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        planes = condition[:, :, None, None].expand(-1, -1, 28, 28)
        mean, log_variance = self.layers(torch.cat([images, planes], dim=1)).chunk(2, dim=1)
        return mean, log_variance


class ConvDecoder(nn.Module):
    """code (B, latent_dim) and condition (B, 10) -> logits (B, 1, 28, 28)."""

    def __init__(self, condition_dim: int, hidden: Sequence[int], latent_dim: int) -> None:
        super().__init__()
        first, second = hidden
        self.layers = nn.Sequential(
            nn.Linear(latent_dim + condition_dim, first * 7 * 7),
            nn.ReLU(),
            nn.Unflatten(1, (first, 7, 7)),
            nn.Upsample(scale_factor=2.0),
            nn.Conv2d(first, second, 3, padding=1),  # (B, 32, 14, 14)
            nn.ReLU(),
            nn.Conv2d(second, 4, 3, padding=1),
            nn.PixelShuffle(2),  # (B, 1, 28, 28)
        )

    def forward(self, code: Tensor, condition: Tensor) -> Tensor:
        logits: Tensor = self.layers(torch.cat([code, condition], dim=1))
        return logits


class ClassPrior(nn.Module):
    """Normal distribution of the codes of each digit: latent (B, L) ~ N(0, 1) and digit (B, 10) -> code (B, L).

    Keeps running means and second moments; the Cholesky factor of the covariance is stored to sample with.
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
    def update(self, codes: Tensor, digit: Tensor) -> None:
        """Update the moments with codes (B, L) of digits (B, 10), one-hot; each digit has to occur."""
        share = digit / digit.sum(dim=0)  # (B, 10)
        self.seen += 1
        fresh = max(1 - DECAY, 1 / float(self.seen))
        self.mean.lerp_(share.T @ codes, fresh)
        self.square.lerp_(torch.einsum("bd,bi,bj->dij", share, codes, codes), fresh)
        covariance = self.square - self.mean[:, :, None] * self.mean[:, None, :]
        ridge = 1e-3 * torch.eye(codes.shape[1], device=codes.device)
        self.factor.copy_(torch.linalg.cholesky(covariance + ridge))

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        factor = (digit @ self.factor.flatten(1)).unflatten(1, self.factor.shape[1:])
        return digit @ self.mean + (factor @ latent[:, :, None])[:, :, 0]


def _dense(widths: Sequence[int], activation: nn.Module) -> nn.Sequential:
    """Dense layers of these widths, with the activation between them."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), activation]
    return nn.Sequential(*layers[:-1])


QUICK = {"steps": 6000}
MODELS = {
    "vae": Entry(
        "VAE", "VAE", Variational, VariationalConfig(conditional=False, truncation=0.9), QUICK, {"hidden": (32,)}
    ),
    "cvae": Entry("CVAE", "CVAE", Variational, VariationalConfig(), QUICK, {"hidden": (32,)}),
    "cvae-deep": Entry(
        "CVAE", "deep CVAE", Variational, VariationalConfig(hidden=(512, 256)), QUICK, {"hidden": (32, 16)}
    ),
    "cvae-conv": Entry(
        "CVAE",
        "convolutional CVAE",
        Variational,
        VariationalConfig(steps=16_500, hidden=(32, 64), convolutional=True, precision="auto"),
        QUICK,
        {"hidden": (8, 16)},
    ),
}
