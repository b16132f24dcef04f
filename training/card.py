"""The measured parts of the model card, `weights/README.md`: its table, its plots, its sample sheets.

python -m training.card

The text around them is written by hand; what stands between two markers is written here.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import torch
from matplotlib.figure import Figure

from core import latents
from core.generator import Generator, one_hot
from core.imaging import encoding
from training import manifest

Rows = dict[str, dict[str, Any]]

CARD, SCORES = "README.md", "scores.json"
BEGIN, END = "<!-- table: written by training.card -->", "<!-- end of the table -->"
SHEET_COLUMNS = 10
COLUMNS: dict[str, tuple[str, str]] = {
    "reading": ("reads right", "{:.2%}"),
    "frechet": ("Fréchet", "{:.2f}"),
    "ratio": ("times real", "{:.2f}"),
    "precision": ("precision", "{:.3f}"),
    "recall": ("recall", "{:.3f}"),
    "density": ("density", "{:.3f}"),
    "coverage": ("coverage", "{:.3f}"),
    "student": ("student", "{:.2%}"),
    "grey": ("grey ink", "{:.3f}"),
    "variety": ("variety", "{:.2f}"),
    "authenticity": ("AuthPct", "{:.1%}"),
    "nearest_pixels": ("nearest, pixels", "{:.2f}"),
    "nearest_features": ("nearest, features", "{:.2f}"),
    "bytes": ("bytes", "{:,}"),
    "mmac": ("MMAC", "{:.2f}"),
    "milliseconds": ("ms for 5", "{:.2f}"),
}


def table(rows: Rows) -> str:
    """The rows as a Markdown table, real digits first."""
    real = rows["real"]
    lines = [["", *(title for title, _ in COLUMNS.values())], ["---"] * (1 + len(COLUMNS))]
    for name, row in rows.items():
        values = row | {"ratio": row["frechet"] / real["frechet"]}
        cells = [form.format(values[key]) if values.get(key) is not None else "" for key, (_, form) in COLUMNS.items()]
        lines.append(["**real digits**" if name == "real" else f"`{name}`", *cells])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(folder: Path) -> None:
    """Bring the card's table and pictures up to date with `scores.json` and the models in `folder`."""
    names = [entry["name"] for entry in manifest.read(folder)["models"]]
    scores: Rows = json.loads((folder / SCORES).read_text())
    rows = {name: scores[name] for name in ["real", *names] if name in scores}
    path = folder / CARD
    text = path.read_text() if path.exists() else f"# Model card\n\n{BEGIN}\n{END}\n"
    path.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table(rows)}\n{END}", text, flags=re.DOTALL))
    mpl.use("agg")
    plot(rows).savefig(folder / "scores.png", dpi=110)
    for name in names:
        (folder / f"sheet-{name}.png").write_bytes(sheet(Generator.load(folder / f"{name}.onnx")))


def sheet(generator: Generator) -> bytes:
    """A PNG of ten images of each digit, a row a digit, all rows from the same ten latents."""
    rows = np.tile(latents.independent(0, SHEET_COLUMNS, generator.latent_dim), (10, 1))
    digits = tuple(torch.arange(10).repeat_interleave(SHEET_COLUMNS).tolist())
    return encoding.sheet(generator.draw(rows, one_hot(digits)), SHEET_COLUMNS)


def plot(rows: Rows) -> Figure:
    """Where each model stands between what it gets right and what it leaves out."""
    figure = Figure(figsize=(9, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, row in rows.items():
        label = "real digits" if name == "real" else name
        left.scatter(row["recall"], row["precision"], label=label, marker="*" if name == "real" else "o")
        right.scatter(row["frechet"], row["reading"], label=label, marker="*" if name == "real" else "o")
    left.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1))
    right.set(xlabel="Fréchet distance", ylabel="reads right", xscale="log")
    right.legend(frameon=False)
    return figure


def main() -> int:
    """Rewrite the measured parts of the card; returns the exit code."""
    write(Path("weights"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
