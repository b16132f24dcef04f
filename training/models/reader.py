"""The reader: a small classifier that the bot has beside its generators, able to answer "none of the ten".

Notation: x an image of digit y, n a negative (a blank, a scribble, two digits on one another), p(k | x) the softmax of
the logits, q the share of negatives in a batch.

Cross-entropy on digits, and the cross-entropy with the uniform distribution on negatives (outlier exposure, Hendrycks
et al., 2019, arXiv:1812.04606), so that no class is likely for an image that is not a digit:

    L = (1 - q) E[-log p(y | x)] + q E[-1/10 sum over k of log p(k | n)]

After the last step the logits are divided by a temperature that minimises the cross-entropy on the validation images
(Guo et al., 2017, arXiv:1706.04599), so that its confidence is a probability. It shares no weights with the
classifier that judges samples.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.augmentation import distort
from training.config import Config
from training.data import Digits, to_float
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

TEMPERATURES = torch.linspace(0.25, 4, 376)
"""Candidates; a grid of 0.01 is finer than the validation images can tell."""
SIDE = 28


@dataclass(frozen=True)
class ReaderConfig(Config):
    """Numbers of the reader.

    Attributes:
        negatives: share q of a batch that is replaced by images which are not a digit.
        distorted: share of the images that are rotated, stretched, sheared and shifted a little.
        warm_up: share of the steps over which the learning rate rises; it then falls to 0 along a cosine.
        weight_decay: of AdamW.
        ema: decay of the averaged weights, the ones that are exported.
    """

    steps: int = 6_000
    batch: int = 120
    learning_rate: float = 3e-3
    latent_dim: int = 0
    negatives: float = 0.2
    distorted: float = 0.7
    warm_up: float = 0.1
    weight_decay: float = 1e-2
    ema: float = 0.998
    sheet_every: int = 500

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of the step after `step` steps."""
        share = step / self.steps
        if share < self.warm_up:
            return self.learning_rate * (share + 1 / self.steps) / self.warm_up
        return self.learning_rate * (1 + math.cos(math.pi * (share - self.warm_up) / (1 - self.warm_up))) / 2


class Reader(Model):
    """The network, its average and the temperature, and one training step."""

    temperature: Tensor
    sampler = None

    def __init__(self, config: ReaderConfig) -> None:
        super().__init__()
        self.config: ReaderConfig = config
        self.network = ReaderNetwork()
        self.average = frozen_copy(self.network)
        self.register_buffer("temperature", torch.ones(()))
        self.to(memory_format=torch.channels_last)

    def optimizers(self) -> Optimizers:
        """Return AdamW."""
        config = self.config
        return (torch.optim.AdamW(self.network.parameters(), config.learning_rate, weight_decay=config.weight_decay),)

    def training_step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Replace some digits by negatives, distort half of all images, and minimise L."""
        self.train()
        images, labels = next(batches)
        count = round(self.config.negatives * len(images))
        images = torch.cat([negatives(images, labels, count), images[count:]])
        # Distortion blurs: if it were the digits alone that are distorted, a crisp image would count as a negative.
        chosen = (torch.rand(len(images), 1, 1, 1) < self.config.distorted).to(images.device)
        images = torch.where(chosen, distort(images), images)
        with self.autocast(images):
            logits = self.network(images)
        log_p = logits.float().log_softmax(dim=1)
        digits, others = F.nll_loss(log_p[count:], labels[count:]), -log_p[:count].mean()
        q = self.config.negatives
        optimizer_step(optimizers, (1 - q) * digits + q * others)
        update_average(self.average, self.network, self.config.ema, step)
        return {"digits": digits.detach(), "negatives": others.detach()}

    @torch.no_grad()
    def finish(self, validation: Digits) -> Losses:
        """Fit the temperature on the validation images."""
        self.average.eval()
        logits = torch.cat([self.average(to_float(part)) for part in validation.images.split(1000)])
        losses = torch.stack([F.cross_entropy(logits / t, validation.labels) for t in TEMPERATURES.tolist()])
        self.temperature.fill_(float(TEMPERATURES[int(losses.argmin())]))
        return {"temperature": self.temperature, "cross-entropy": losses.min()}

    def exported(self) -> nn.Module:
        """Return the averaged network with the temperature."""
        return Calibrated(self.average, float(self.temperature))


class ReaderNetwork(nn.Sequential):
    """(B, 1, 28, 28) in -1..1 -> logits (B, 10); 4.9 million multiply-adds, 144,000 numbers."""

    def __init__(self) -> None:
        super().__init__(
            *_convolution(1, 16),
            nn.MaxPool2d(2),  # (B, 16, 14, 14)
            *_convolution(16, 32),
            *_convolution(32, 32),
            nn.MaxPool2d(2),  # (B, 32, 7, 7)
            *_convolution(32, 64),
            *_convolution(64, 64),
            nn.MaxPool2d(2),  # (B, 64, 3, 3)
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(64 * 3 * 3, 128),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(128, DIGITS),
        )


class Calibrated(nn.Module):
    """A classifier whose logits are divided by a temperature."""

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.network(images) / self.temperature
        return logits


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def negatives(images: Tensor, labels: Tensor, count: int) -> Tensor:
    """Make images that are not a digit: blanks, scribbles and double digits, a third each.

    Args:
        images: (B, 1, 28, 28) in -1..1, digits to make double digits of.
        labels: (B,).
        count: of negatives, at most B.

    Returns:
        (count, 1, 28, 28) in -1..1.
    """
    blank, scribbled = count // 3, count // 3
    parts = [blanks(blank), scribbles(scribbled), double_digits(images, labels, count - blank - scribbled)]
    return torch.cat([part.to(images.device) for part in parts])


def blanks(count: int) -> Tensor:
    """Draw empty images, with specks and noise of different strength: (count, 1, 28, 28) in -1..1."""
    strength = torch.rand(count, 1, 1, 1) * 0.5
    noise = torch.rand(count, 1, SIDE, SIDE) * strength
    specks = (torch.rand(count, 1, SIDE, SIDE) < 0.01 * torch.rand(count, 1, 1, 1)).float()
    return (noise + specks).clamp(max=1) * 2 - 1


def scribbles(count: int, points: int = 9) -> Tensor:
    """Draw a polyline through random points, with a pen of random width: (count, 1, 28, 28) in -1..1."""
    corners = 4 + 20 * torch.rand(count, points, 2)
    start, way = corners[:, :-1, None], (corners[:, 1:] - corners[:, :-1])[:, :, None]  # (count, points - 1, 1, 2)
    row, column = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    pixels = torch.stack([row, column], dim=-1).reshape(1, 1, -1, 2).float()
    along = (((pixels - start) * way).sum(-1) / way.square().sum(-1).clamp(min=1e-6)).clamp(0, 1)
    distance = (pixels - start - along[..., None] * way).norm(dim=-1).amin(dim=1)  # (count, 784)
    width = 0.7 + 1.3 * torch.rand(count, 1)
    return ((width + 0.5 - distance).clamp(0, 1) * 2 - 1).reshape(count, 1, SIDE, SIDE)


def double_digits(images: Tensor, labels: Tensor, count: int) -> Tensor:
    """Draw two different digits in one image, side by side or on one another: (count, 1, 28, 28) in -1..1."""
    first = torch.randperm(len(images))[:count]
    # Balanced batches go through the digits in order, so the next image shows another one.
    second = (first + 1 + torch.randint(0, DIGITS - 1, (count,))) % len(images)
    keep = labels[first] != labels[second]
    second = torch.where(keep.cpu(), second, (second + 1) % len(images))
    one, other = images[first], images[second]
    squeezed = torch.cat([F.interpolate(part, (SIDE, SIDE // 2), mode="area") for part in (one, other)], dim=3)
    beside = (torch.rand(count, 1, 1, 1) < 0.5).to(images.device)
    return torch.where(beside, squeezed, torch.maximum(one, other))


MODELS = {
    "reader": Entry(
        "classifier", "reader", Reader, ReaderConfig(), {"steps": 2000}, {"latent_dim": 0}, interface="reader"
    ),
}
