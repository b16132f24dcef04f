"""Draw a sheet of samples from a checkpoint, a row a digit."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from core import canvas, noise

COLUMNS = 10
SEED = 0


def fixed_latents(count: int, dim: int, seed: int = SEED) -> Tensor:
    """float32 (count, dim): the latents that the bot would draw from `seed`."""
    return torch.from_numpy(noise.latents(seed, count, dim))


@torch.no_grad()
def draw(generator: nn.Module, latents: Tensor, labels: Tensor) -> NDArray[np.uint8]:
    """Draw uint8 (N, 28, 28), white on black, for float32 latents (N, dim) and int64 labels (N,)."""
    device = next(generator.parameters()).device
    images = generator(latents.to(device), F.one_hot(labels, 10).float().to(device))
    pixels = ((images[:, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    drawn: NDArray[np.uint8] = pixels.cpu().numpy()
    return drawn


def write_sheet(generator: nn.Module, path: Path, latent_dim: int, seed: int = SEED, columns: int = COLUMNS) -> None:
    """Write a PNG with a row of `columns` images for each digit, every row from the same latents."""
    latents = fixed_latents(columns, latent_dim, seed).repeat(10, 1)
    labels = torch.arange(10).repeat_interleave(columns)
    path.write_bytes(canvas.sheet(draw(generator, latents, labels), columns))
