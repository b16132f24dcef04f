"""Compare runs while they are under way: the cheap columns of the card's table, on the validation images.

    python -m training.compare runs/cgan runs/other
    python -m training.compare runs/cgan --closeness 1 0.97 0.9

A line a run, of what would be exported from its last checkpoint, below the line for real training images.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training import checkpoint, metrics
from training.data import Digits, load
from training.evaluate import confusion, features
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

    def row(self, folder: Path, closeness: float | None = None) -> list[str]:
        """The row of a run: as many images of each digit as the validation part has.

        Args:
            folder: of the run.
            closeness: to export with; None is the recipe's.
        """
        state = checkpoint.load(folder / "checkpoint.pt")
        if closeness is not None:
            state["recipe"]["closeness"] = closeness
        model = checkpoint.trained(state)
        exported = model.exported()
        generator = torch.Generator().manual_seed(SEED)
        batches: list[Tensor] = []
        for labels in self._real.labels.split(BATCH):
            latents = torch.randn(len(labels), model.recipe.latent_dim, generator=generator)
            batches.append(torch.from_numpy(draw(exported, latents, labels)))
        name = folder.name if closeness is None else f"{folder.name} at {closeness:g}"
        return self._row(name, f"{state['step']:,}", Digits(torch.cat(batches), self._real.labels))

    def _row(self, name: str, steps: str, images: Digits) -> list[str]:
        found = features(self._judge, images)
        reading = int(confusion(self._judge, found, images.labels).trace()) / len(images)
        distance = metrics.frechet_distance(found, self._features)
        clouds = metrics.manifold(found, self._features)
        shares = [clouds.precision, clouds.recall, clouds.density, clouds.coverage, metrics.grey_share(images.images)]
        texts = [f"{reading:.2%}", f"{distance:.2f}", f"{distance / self._distance:.2f}"]
        return [name, steps, *texts, *(f"{share:.3f}" for share in shares)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.compare", description="Compare runs under way.")
    parser.add_argument("runs", nargs="+", type=Path, help="folders of runs")
    parser.add_argument(
        "--closeness", nargs="+", type=float, default=[None], help="a line for each, in place of the recipe's own"
    )
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose (default)")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    comparison = Comparison(options.data)
    for cells in (HEAD, ["---"] * len(HEAD), comparison.real):
        _write(cells)
    for folder in options.runs:
        for closeness in options.closeness:
            _write(comparison.row(folder, closeness))
    return 0


def _write(cells: Sequence[str]) -> None:
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
