"""Plot a run's losses.

python -m training.curve runs/cgan --out curve.png
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

NAMES = {"d_loss": "discriminator", "g_loss": "generator"}
WINDOW = 10
"""Log lines that are averaged: the losses of single batches jump."""


def read(log: Path) -> list[dict[str, float]]:
    """The lines of a run's `log.jsonl`."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def smooth(values: Sequence[float], window: int = WINDOW) -> list[float]:
    """The mean of each value and up to `window` - 1 before it."""
    parts = [values[max(0, end - window) : end] for end in range(1, len(values) + 1)]
    return [sum(part) / len(part) for part in parts]


def plot(lines: list[dict[str, float]]) -> Figure:
    """Losses over steps; where both meet at log 2 neither side knows better than chance."""
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.add_subplot(xlabel="steps", ylabel="loss")
    for key, label in NAMES.items():
        axes.plot([line["step"] for line in lines], smooth([line[key] for line in lines]), label=label)
    axes.set_ylim(bottom=0, top=4)
    axes.legend(frameon=False)
    return figure


def main(arguments: Sequence[str] | None = None) -> int:
    """Plot from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.curve", description="Plot a run's losses.")
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--out", type=Path, default=Path("curve.png"), help="default: curve.png")
    options = parser.parse_args(arguments)
    mpl.use("agg")
    plot(read(options.run / "log.jsonl")).savefig(options.out, dpi=120)
    return 0


if __name__ == "__main__":
    sys.exit(main())
