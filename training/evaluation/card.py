"""The measured parts of the model card, `weights/README.md`: its tables, its plots, its sample sheets.

python -m training.evaluation.card

The text around them is written by hand; everything between two markers is written here.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training import serving
from training.export import manifest

Rows = dict[str, dict[str, Any]]

CARD, SCORES = "README.md", "scores.json"
BEGIN, END = "<!-- table: written by training.evaluation.card -->", "<!-- end of the table -->"
SHEET_COLUMNS = 10

MAIN = ("accuracy", "ratio", "recall", "coverage", "cas", "centre", "bytes")
COLUMNS: dict[str, tuple[str, str]] = {
    "accuracy": ("accuracy", "{:.2%}"),
    "ratio": ("Fréchet, times real", "{:.2f}"),
    "recall": ("recall", "{:.3f}"),
    "coverage": ("coverage", "{:.3f}"),
    "cas": ("CAS", "{:.2%}"),
    "centre": ("centre spread, px", "{:.3f}"),
    "bytes": ("bytes", "{:,}"),
    "frechet": ("Fréchet", "{:.2f}"),
    "precision": ("precision", "{:.3f}"),
    "density": ("density", "{:.3f}"),
    "tail": ("tail distance", "{:.2f}"),
    "grey": ("grey ink", "{:.3f}"),
    "faint": ("faint", "{:.2%}"),
    "variety": ("variety", "{:.2f}"),
    "authenticity": ("AuthPct", "{:.1%}"),
    "nearest_pixels": ("nearest, pixels", "{:.2f}"),
    "nearest_features": ("nearest, features", "{:.2f}"),
    "mmac": ("MMAC", "{:.2f}"),
    "milliseconds": ("ms for 5", "{:.2f}"),
}


def table(rows: Rows) -> str:
    """Return the rows as Markdown, real digits first: the main columns, and the others folded below."""
    others = [name for name in COLUMNS if name not in MAIN]
    folded = f"<details><summary>The other columns</summary>\n\n{_table(rows, others)}\n\n</details>"
    return f"{_table(rows, MAIN)}\n\n{folded}"


def _table(rows: Rows, columns: list[str] | tuple[str, ...]) -> str:
    lines = [["", *(COLUMNS[name][0] for name in columns)], ["---"] * (1 + len(columns))]
    real = rows["real"]["frechet"]
    for name, row in rows.items():
        spreads = row["sd"] | ({"ratio": row["sd"]["frechet"] / real} if "frechet" in row["sd"] else {})
        values = row | {"ratio": row["frechet"] / real, "sd": spreads}
        lines.append(["**real digits**" if name == "real" else f"`{name}`", *(_cell(values, one) for one in columns)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(row: dict[str, Any], name: str) -> str:
    """Return mean ± standard deviation, or as much of it as there is."""
    if row.get(name) is None:
        return ""
    form = COLUMNS[name][1]
    spread = f" ± {form.format(row['sd'][name]).rstrip('%')}" if name in row["sd"] else ""
    return form.format(row[name]) + spread


def others_table(scores: dict[str, dict[str, float]]) -> str:
    """Return the scores of reader and encoder as Markdown, one line a score; nothing where there are none."""
    if not scores:
        return ""
    lines = ["| file | score | |", "| --- | --- | --- |"]
    for name, row in scores.items():
        lines += [f"| `{name}` | {score.replace('_', ' ')} | {_number(value)} |" for score, value in row.items()]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def write(folder: Path) -> None:
    """Bring the card's tables and pictures up to date with `scores.json` and the models in `folder`."""
    listed = manifest.read(folder)
    names = [entry["name"] for entry in listed["models"]]
    scores: Rows = json.loads((folder / SCORES).read_text())
    rows = {name: scores[name] for name in ["real", *names] if "sd" in scores.get(name, {})}
    beside = {entry["name"]: entry["scores"] for entry in listed.get(manifest.OTHERS, []) if entry["scores"]}
    measured = "\n\n".join(part for part in (table(rows) if "real" in rows else "", others_table(beside)) if part)
    path = folder / CARD
    text = path.read_text() if path.exists() else f"# Model card\n\n{BEGIN}\n{END}\n"
    if measured:
        text = re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{measured}\n{END}", text, flags=re.DOTALL)
    path.write_text(text)
    figure = plot(rows)
    FigureCanvasAgg(figure)
    figure.savefig(folder / "scores.png", dpi=110)
    for name in names:
        (folder / f"sheet-{name}.png").write_bytes(sheet(serving.OnnxGenerator.load(folder / f"{name}.onnx")))


def sheet(generator: serving.OnnxGenerator) -> bytes:
    """Return a PNG of ten images of each digit, a row a digit, all rows from the same ten latents."""
    latents = np.tile(serving.latents(0, SHEET_COLUMNS, generator.latent_dim), (10, 1))
    digits = tuple(torch.arange(10).repeat_interleave(SHEET_COLUMNS).tolist())
    return serving.sheet(generator.draw(latents, serving.one_hot(digits)), SHEET_COLUMNS)


def plot(rows: Rows) -> Figure:
    """Plot precision over recall, and accuracy over Fréchet distance."""
    figure = Figure(figsize=(9, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, row in rows.items():
        label = "real digits" if name == "real" else name
        left.scatter(row["recall"], row["precision"], label=label, marker="*" if name == "real" else "o")
        right.scatter(row["frechet"], row["accuracy"], label=label, marker="*" if name == "real" else "o")
    left.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1))
    right.set(xlabel="Fréchet distance", ylabel="accuracy", xscale="log")
    right.legend(frameon=False)
    return figure


def main() -> int:
    """Rewrite the measured parts of the card; returns the exit code."""
    write(Path("weights"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
