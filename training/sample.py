"""Draw a sheet of samples from a run.

python -m training.sample runs/cgan --out sheet.png
"""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from training import checkpoint, cli, serving

logger = logging.getLogger(__name__)

COLUMNS = 10
SEED = 0


@torch.no_grad()
def draw(sampler: nn.Module, latents: Tensor, labels: Tensor) -> NDArray[np.uint8]:
    """Draw uint8 (N, 28, 28), white on black, for float32 latents (N, dim) and int64 labels (N,)."""
    device = next(sampler.parameters()).device
    was_training = sampler.training
    images = sampler.eval()(latents.to(device), F.one_hot(labels, 10).float().to(device))
    sampler.train(was_training)
    pixels = ((images[:, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    drawn: NDArray[np.uint8] = pixels.cpu().numpy()
    return drawn


def write_sheet(sampler: nn.Module, latent_dim: int, path: Path, columns: int = COLUMNS, seed: int = SEED) -> None:
    """Write a PNG with a row of `columns` images for each digit, every row from the latents of `seed`."""
    latents = torch.from_numpy(serving.latents(seed, columns, latent_dim)).repeat(10, 1)
    labels = torch.arange(10).repeat_interleave(columns)
    path.write_bytes(serving.sheet(draw(sampler, latents, labels), columns))


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Write a sheet from the command line; returns the exit code."""
    parser = cli.Parser(prog="python -m training.sample", description="Draw a sheet from a run.")
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--out", type=cli.png, default=Path("sheet.png"), help="default: sheet.png")
    parser.add_argument("--columns", type=int, default=COLUMNS, help=f"images a digit (default: {COLUMNS})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the latents (default: {SEED})")
    options = parser.parse_args(arguments)
    model = checkpoint.build(checkpoint.load(options.run / "checkpoint.pt"))
    if model.sampler is None:
        parser.error(f"{options.run} is a model that draws nothing")
    write_sheet(model.sampler, model.config.latent_dim, options.out, options.columns, options.seed)
    logger.info("%s: %d of each digit", options.out, options.columns)
    return 0


if __name__ == "__main__":
    sys.exit(main())
