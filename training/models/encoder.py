"""The encoder of the default model: it finds the latent from which the generator draws a given image.

Notation: G the generator of a finished run (its exported average, fixed), f the features of that run's discriminator,
E(x, y) the encoder, x a real image of digit y, z ~ N(0, I).

Latent regression on generated images, whose latents are known, and reconstruction of real ones:

    L = 1 - cos(E(G(z, y), y), z) + r E( |x - x^|^2 / 784 + |f(x) - f(x^)|^2 / |f(x)|^2 ),   x^ = G(E(x, y), y)

It has fewer numbers than the encoder that the generator is trained beside, so that its file stays small.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.cli import CommandError
from training.config import Config, linear_decay
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
from training.models.cgan import SLOPE, Discriminator, Generator


@dataclass(frozen=True)
class EncoderConfig(Config):
    """Numbers of the encoder.

    Attributes:
        run: folder of the finished run of `cgan`; read when a run starts, its networks are part of the checkpoint.
        reconstruction_weight: r.
        ema: decay of the averaged encoder, the one that is exported.
        style_dim, width, fine_width, discriminator_width, discriminator_stem: of the networks in `run`.
    """

    steps: int = 4_000
    batch: int = 120
    learning_rate: float = 1e-3
    latent_dim: int = 64
    run: str = "runs/cgan"
    reconstruction_weight: float = 10.0
    ema: float = 0.998
    sheet_every: int = 500
    style_dim: int = 192
    width: int = 48
    fine_width: int = 32
    discriminator_width: int = 64
    discriminator_stem: int = 16

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of the step after `step` steps."""
        return linear_decay(self.learning_rate, step, self.steps)


class LatentEncoder(Model):
    """The encoder, its average, and the fixed networks that it is trained with."""

    sampler = None

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config: EncoderConfig = config
        self.generator = Generator(config.latent_dim, config.style_dim, config.width, config.fine_width)
        self.discriminator = Discriminator(config.discriminator_width, config.discriminator_stem)
        self.encoder = SmallEncoder(config.latent_dim)
        self.average = frozen_copy(self.encoder)
        self.generator.requires_grad_(False)
        self.discriminator.requires_grad_(False)
        self.to(memory_format=torch.channels_last)

    def begin(self) -> None:
        """Take generator and discriminator from the run of the default model.

        Raises:
            CommandError: there is no such run, or its networks have other widths.
        """
        run = Path(self.config.run)
        try:
            state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
            exported = state.get("config", state.get("recipe"))["exported_ema"]
            self.generator.load_state_dict(_part(state["model"], f"averages.{exported}."))
            self.discriminator.load_state_dict(_part(state["model"], "discriminator."))
        except FileNotFoundError as error:
            raise CommandError(f"no run of cgan in {run}: train it first, or name its folder, --set run=...") from error
        except (KeyError, RuntimeError) as error:
            raise CommandError(f"{run} is no run of cgan with the widths of this configuration") from error

    def optimizers(self) -> Optimizers:
        """Return Adam for the encoder."""
        return (torch.optim.Adam(self.encoder.parameters(), self.config.learning_rate, (0.9, 0.99)),)

    def training_step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Minimise L on one batch of real images and as many generated ones of the same digits."""
        real, labels = next(batches)
        digit = F.one_hot(labels, DIGITS).float()
        latent = torch.randn(len(labels), self.config.latent_dim).to(real.device)
        with self.autocast(real):
            fake = self.generator(latent, digit)
            codes = self.encoder(torch.cat([fake, real]), digit.repeat(2, 1))
            code_of_fake, code_of_real = codes.chunk(2)
            reconstruction = self.generator(code_of_real, digit)
            wanted, found = (self.discriminator.features(images).float() for images in (real, reconstruction))
        losses = {
            "latent": 1 - F.cosine_similarity(code_of_fake, latent, dim=1).mean(),
            "pixel": (reconstruction - real).square().mean(),
            "feature": (found - wanted).square().sum(dim=1).mean() / wanted.square().sum(dim=1).mean(),
        }
        weight = self.config.reconstruction_weight
        optimizer_step(optimizers, losses["latent"] + weight * (losses["pixel"] + losses["feature"]))
        update_average(self.average, self.encoder, self.config.ema, step)
        return {name: value.detach() for name, value in losses.items()}

    def exported(self) -> nn.Module:
        """Return the averaged encoder."""
        return self.average


class SmallEncoder(nn.Module):
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
            nn.Conv2d(2 * width, 2 * width, 3, stride=2, padding=1),  # (B, 64, 4, 4)
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
        )
        self.out = nn.Sequential(
            nn.Linear(2 * width * 4 * 4 + DIGITS, 320),
            nn.LeakyReLU(SLOPE),
            nn.Linear(320, latent_dim),
        )

    def forward(self, images: Tensor, digit: Tensor) -> Tensor:
        latent = self.out(torch.cat([self.conv(images), digit * math.sqrt(DIGITS)], dim=1)).float()
        scaled: Tensor = latent * (latent.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        return scaled


def _part(weights: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the weights of one network of a checkpoint."""
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


MODELS = {
    "encoder": Entry(
        "encoder",
        "encoder",
        LatentEncoder,
        EncoderConfig(),
        {"steps": 1500, "run": "runs/cgan-quick", "discriminator_width": 32, "discriminator_stem": 8},
        {"style_dim": 16, "width": 16, "fine_width": 16, "discriminator_width": 16},
        interface="encoder",
    ),
}
