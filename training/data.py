"""MNIST in memory: three splits, and balanced batches.

The last 10,000 training images are the validation part: models and checkpoints are chosen on it, and
the test images are kept for the model card.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor
from torchvision.datasets import MNIST

from training.cli import CommandError

logger = logging.getLogger(__name__)

Split = Literal["train", "validation", "test"]
VALIDATION = 10_000


@dataclass(frozen=True)
class Digits:
    """Labelled images.

    Attributes:
        images: uint8 (N, 28, 28), white ink (255) on black (0).
        labels: int64 (N,), 0..9.
    """

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> "Digits":
        """Return the same digits on another device."""
        return Digits(self.images.to(device), self.labels.to(device))


def load(root: Path, split: Split) -> Digits:
    """Load one split of MNIST, downloading it to `root` when it is not there.

    Args:
        root: the folder that holds `MNIST/raw`, as torchvision lays it out.
        split: `train` (50,000 images), `validation` (10,000) or `test` (10,000).

    Raises:
        CommandError: it is not there and cannot be downloaded, or it is not MNIST.
    """
    raw = root / "MNIST" / "raw"
    if not raw.exists():
        logger.info("%s is not there: downloading MNIST, 12 MB", raw)
    try:
        dataset = MNIST(str(root), train=split != "test", download=True)
    except (OSError, RuntimeError, ValueError, AssertionError) as error:
        reason = str(error).splitlines()[0].rstrip(":") if str(error) else "its files are not those of MNIST"
        raise CommandError(f"no MNIST in {raw} ({reason}): --data names the folder that MNIST/raw is in") from error
    images, labels = dataset.data, dataset.targets
    if split == "test":
        return Digits(images, labels)
    border = len(labels) - min(VALIDATION, len(labels) // 6)
    part = slice(None, border) if split == "train" else slice(border, None)
    return Digits(images[part].contiguous(), labels[part].contiguous())


def to_float(images: Tensor) -> Tensor:
    """Scale uint8 (B, 28, 28) to float32 (B, 1, 28, 28) in -1..1, the range that the networks see."""
    return images[:, None].float() / 127.5 - 1


def centre_of_mass(ink: Tensor) -> Tensor:
    """Return row and column (B, 2) of the centre of mass, in pixels from the first, of ink (B, H, W) of 0 or more.

    MNIST's makers moved each digit by whole pixels, so that it is within half a pixel of the same place.
    """
    height, width = ink.shape[1:]
    rows, columns = (torch.arange(size, device=ink.device).to(ink.dtype) for size in (height, width))
    mass = ink.sum(dim=(1, 2)).clamp(min=1e-6)
    return torch.stack([ink.sum(dim=2) @ rows, ink.sum(dim=1) @ columns], dim=1) / mass[:, None]


def slant(ink: Tensor) -> Tensor:
    """Return the slant (B,): covariance of column and row over the variance of the row, 0 for an upright digit."""
    height, width = ink.shape[1:]
    row, column = centre_of_mass(ink).unbind(dim=1)
    rows = torch.arange(height, device=ink.device)[None, :, None] - row[:, None, None]
    columns = torch.arange(width, device=ink.device)[None, None, :] - column[:, None, None]
    return (ink * rows * columns).sum(dim=(1, 2)) / (ink * rows.square()).sum(dim=(1, 2)).clamp(min=1e-6)


class BalancedBatches:
    """Endless batches with equally many images of each digit, drawn from torch's global generator.

    Balance keeps the label noise out of the gradient; the global generator lets a checkpoint hold
    the whole random state of a run.
    """

    def __init__(self, digits: Digits, batch: int) -> None:
        self.digits = digits
        self.batch = batch
        by_label = [torch.nonzero(digits.labels == label).flatten() for label in range(10)]
        self.counts = torch.tensor([len(indices) for indices in by_label])
        self.order = torch.cat(by_label)
        self.starts = self.counts.cumsum(0) - self.counts

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return self

    def __next__(self) -> tuple[Tensor, Tensor]:
        """Draw float32 images (batch, 1, 28, 28) in -1..1 and their int64 labels (batch,)."""
        labels = (torch.arange(self.batch) + torch.randint(10, ())) % 10
        offsets = (torch.rand(self.batch) * self.counts[labels]).long()
        chosen = self.order[(self.starts[labels] + offsets).to(self.order.device)]
        images = self.digits.images[chosen]
        return to_float(images), labels.to(images.device)
