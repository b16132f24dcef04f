"""Compare runs while they are under way: the cheap columns of the card's table, on the validation images.

    python -m training.evaluation.comparison runs/cgan runs/other
    python -m training.evaluation.comparison runs/cgan --truncation 1 0.97 --ema 0 1 2

One row for each run, of the file that would be exported from its last checkpoint, below the row of real digits.
"""

import logging
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from torch import Tensor

from training import checkpoint, cli
from training.data import Digits, load
from training.evaluation import metrics
from training.evaluation.classifier import load_classifier
from training.evaluation.scores import SEED, K, confusion, features, matched_labels, split
from training.sample import draw

logger = logging.getLogger(__name__)

BATCH = 500
HEAD = (
    "run",
    "steps",
    "accuracy",
    "Fréchet",
    "times real",
    "precision",
    "recall",
    "density",
    "coverage",
    "tail",
    "grey",
    "faint",
    "centre",
)


class Comparison:
    """The validation images, and the classifier that compares with them.

    Args:
        data: the folder of MNIST.
        draws: over which each row is averaged.
    """

    def __init__(self, data: Path, draws: int = 1) -> None:
        self._classifier = load_classifier()
        self._draws = draws
        train, real = load(data, "train"), load(data, "validation")
        self._labels = matched_labels(train.labels, real.labels, draws)
        self._real = features(self._classifier, real)
        self._radii = metrics.radii(self._real, K)
        self._distance = 1.0
        splits = [self._scores(part) for part in split(train, self._labels, draws)]
        self._distance = fmean(scores["Fréchet"] for scores in splits)
        self.real = self._row("real digits", "", splits)

    def row(self, state: dict[str, Any], name: str) -> list[str]:
        """Return the row of a checkpoint.

        Args:
            state: from `checkpoint.load`, its configuration perhaps changed.
            name: for the first column.
        """
        model = checkpoint.build(state)
        exported = model.exported()
        scores = []
        for number in range(self._draws):
            generator = torch.Generator().manual_seed(SEED + number)
            parts: list[Tensor] = []
            for labels in self._labels.split(BATCH):
                latents = torch.randn(len(labels), model.config.latent_dim, generator=generator)
                parts.append(torch.from_numpy(draw(exported, latents, labels)))
            scores.append(self._scores(Digits(torch.cat(parts), self._labels)))
        return self._row(name, f"{state['step']:,}", scores)

    def _scores(self, images: Digits) -> dict[str, float]:
        found = features(self._classifier, images)
        overlap = metrics.manifold(found, self._real, K, self._radii)
        return {
            "accuracy": int(confusion(self._classifier, found, images.labels).trace()) / len(images),
            "Fréchet": metrics.frechet_distance(found, self._real),
            "precision": overlap.precision,
            "recall": overlap.recall,
            "density": overlap.density,
            "coverage": overlap.coverage,
            "tail": metrics.tail_distance(found, self._real, self._radii),
            "grey": metrics.grey_share(images.images),
            "faint": metrics.faint_share(images.images),
            "centre": metrics.centre_spread(images.images),
        }

    def _row(self, name: str, steps: str, scores: Sequence[dict[str, float]]) -> list[str]:
        means = {key: fmean(one[key] for one in scores) for key in scores[0]}
        means["times real"] = means["Fréchet"] / self._distance
        form = {"accuracy": ".2%", "faint": ".2%", "Fréchet": ".2f", "times real": ".2f", "tail": ".2f"}
        return [name, steps, *(format(means[key], form.get(key, ".3f")) for key in HEAD[2:])]


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Compare from the command line; returns the exit code."""
    parser = cli.Parser(prog="python -m training.evaluation.comparison", description="Compare runs.")
    parser.add_argument("runs", nargs="+", type=Path, help="folders of runs, or files of checkpoints")
    parser.add_argument(
        "--truncation", nargs="+", type=float, default=[None], help="a row for each (default: the run's)"
    )
    parser.add_argument(
        "--ema", nargs="+", type=int, default=[None], help="a row for each average (default: the run's)"
    )
    parser.add_argument("--draws", type=int, default=1, help="over which each row is averaged (default: 1)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--threads", type=cli.threads, default=0, help="CPU threads; 0 lets torch choose (default)")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    # Read first: a mistyped folder is told at once.
    states = {run: checkpoint.load(run if run.is_file() else run / "checkpoint.pt") for run in options.runs}
    logger.info("comparing with the validation images: about half a minute a row and draw")
    comparison = Comparison(options.data, options.draws)
    for cells in (HEAD, ["---"] * len(HEAD), comparison.real):
        _write(cells)
    for path, psi, ema in product(options.runs, options.truncation, options.ema):
        state = states[path] | {"config": dict(states[path]["config"])}
        changes = {"truncation": psi, "exported_ema": ema}
        state["config"] |= {name: value for name, value in changes.items() if value is not None}
        shown = [f"{name} {value:g}" for name, value in changes.items() if value is not None]
        _write(comparison.row(state, ", ".join([path.stem, *shown])))
    return 0


def _write(cells: Sequence[str]) -> None:
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
