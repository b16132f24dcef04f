"""Compare runs while they are under way: the cheap columns of the card's table, on the validation images.

    python -m training.compare runs/cgan runs/other

A line a run, of its averaged generator as its last checkpoint has it, below the line for real training
images. What a recipe's `closeness` does to the exported file is not in it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training import checkpoint, metrics
from training.data import Digits, load
from training.evaluate import features
from training.judge import Judge, load_judge
from training.sample import draw

SEED = 5
BATCH = 500
HEAD = ("run", "steps", "reads right", "Fréchet", "times real", "precision", "recall", "density", "coverage", "grey")


class Comparison:
    """The validation images, and how near real training images come to them.

    Args:
        data: the folder of MNIST.
    """

    def __init__(self, data: Path) -> None:
        self._judge: Judge = load_judge()
        self._real = load(data, "validation")
        self._features = features(self._judge, self._real)
        train = load(data, "train")
        chosen = torch.randperm(len(train), generator=torch.Generator().manual_seed(0))[: len(self._real)]
        images = Digits(train.images[chosen], train.labels[chosen])
        self._distance = metrics.frechet_distance(features(self._judge, images), self._features)
        self.real = self._row("real digits", "", images)

    def row(self, folder: Path) -> list[str]:
        """The row of a run: as many images of each digit as the validation part has."""
        state = checkpoint.load(folder / "checkpoint.pt")
        model = checkpoint.trained(state)
        generator = torch.Generator().manual_seed(SEED)
        batches: list[Tensor] = []
        for labels in self._real.labels.split(BATCH):
            latents = torch.randn(len(labels), model.recipe.latent_dim, generator=generator)
            batches.append(torch.from_numpy(draw(model.sampler, latents, labels)))
        return self._row(folder.name, f"{state['step']:,}", Digits(torch.cat(batches), self._real.labels))

    def _row(self, name: str, steps: str, images: Digits) -> list[str]:
        found = features(self._judge, images)
        reading = (self._judge.head(found).argmax(dim=1) == images.labels).float().mean()
        distance = metrics.frechet_distance(found, self._features)
        clouds = metrics.manifold(found, self._features)
        shares = [clouds.precision, clouds.recall, clouds.density, clouds.coverage, metrics.grey_share(images.images)]
        texts = [f"{float(reading):.2%}", f"{distance:.2f}", f"{distance / self._distance:.2f}"]
        return [name, steps, *texts, *(f"{share:.3f}" for share in shares)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.compare", description="Compare runs under way.")
    parser.add_argument("runs", nargs="+", type=Path, help="folders of runs")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose (default)")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    comparison = Comparison(options.data)
    for cells in (HEAD, ["---"] * len(HEAD), comparison.real):
        _write(cells)
    for folder in options.runs:
        _write(comparison.row(folder))
    return 0


def _write(cells: Sequence[str]) -> None:
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
