"""Plot the losses of a run, under way or finished.

python -m training.curve runs/cgan --out curve.png
"""

import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training import cli

logger = logging.getLogger(__name__)

LABELS = {"d_loss": "discriminator", "g_loss": "generator", "bce": "reconstruction", "kl": "KL divergence"}
WINDOW = 10
"""Log lines that are averaged: the losses of single batches jump."""
TOP = 4
"""Upper end of the axis for losses of a GAN; its first steps lie above."""


def read(log: Path) -> list[dict[str, float]]:
    """Return the lines of a run's `log.jsonl`.

    Raises:
        CommandError: it is not there.
    """
    if not log.exists():
        raise cli.CommandError(f"no run in {log.parent}: it has no {log.name}")
    return [json.loads(line) for line in log.read_text().splitlines()]


def moving_average(values: Sequence[float], window: int = WINDOW) -> list[float]:
    """Return the mean of each value and up to `window` - 1 before it."""
    parts = [values[max(0, end - window) : end] for end in range(1, len(values) + 1)]
    return [sum(part) / len(part) for part in parts]


def plot(lines: list[dict[str, float]]) -> Figure:
    """Plot losses over steps; where both losses of a GAN meet at log 2, neither side does better than chance."""
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.add_subplot(xlabel="steps", ylabel="loss")
    names = [name for name in (lines[0] if lines else {}) if name not in ("step", "steps_per_second")]
    adversarial = "g_loss" in names
    for name in [name for name in names if name in LABELS] or names:
        axes.plot(
            [line["step"] for line in lines],
            moving_average([line[name] for line in lines]),
            label=LABELS.get(name, name),
        )
    axes.set_ylim(bottom=0, top=TOP if adversarial else None)
    axes.legend(frameon=False)
    return figure


def write(log: Path, out: Path) -> None:
    """Write the plot of a log as a PNG."""
    figure = plot(read(log))
    FigureCanvasAgg(figure)
    figure.savefig(out, dpi=120)


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Plot from the command line; returns the exit code."""
    parser = cli.Parser(prog="python -m training.curve", description="Plot the losses of a run.")
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--out", type=cli.png, default=Path("curve.png"), help="default: curve.png")
    options = parser.parse_args(arguments)
    write(options.run / "log.jsonl", options.out)
    logger.info("%s: the losses of %s", options.out, options.run)
    return 0


if __name__ == "__main__":
    sys.exit(main())
