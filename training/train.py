"""Train the default model.

    python -m training.train --preset cpu --out runs/cgan
    python -m training.train --preset cpu --out runs/cgan --resume

The run folder fills with `checkpoint.pt`, `log.jsonl` (a line of losses every so many steps) and
`sheet-STEP.png` (the same latents each time, so that one sees a digit grow).
"""

import argparse
import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TextIO

import torch
from torch import Tensor
from tqdm import tqdm

from training import checkpoint
from training.data import BalancedBatches, load
from training.objectives import Adversaries
from training.recipe import PRESETS, Recipe
from training.sample import write_sheet

logger = logging.getLogger(__name__)


@dataclass
class Run:
    """A training run in a folder: the model, its optimisers, and how many steps are behind them."""

    folder: Path
    recipe: Recipe
    model: Adversaries
    optimizers: tuple[torch.optim.Optimizer, ...]
    step: int = 0

    @property
    def checkpoint(self) -> Path:
        """The file that `resume` takes the run up from."""
        return self.folder / "checkpoint.pt"


def start(folder: Path, recipe: Recipe, device: torch.device) -> Run:
    """Begin a run from random weights."""
    torch.manual_seed(recipe.seed)
    model = Adversaries(recipe).to(device)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.jsonl").write_text("")
    return Run(folder, recipe, model, model.optimizers())


def resume(folder: Path, device: torch.device) -> Run:
    """Take up a run where its last checkpoint left it; log lines written after that are dropped."""
    state = checkpoint.load(folder / "checkpoint.pt")
    recipe = checkpoint.recipe_of(state)
    model = Adversaries(recipe).to(device)
    optimizers = model.optimizers()
    step = checkpoint.restore(state, model, optimizers)
    log = folder / "log.jsonl"
    lines = [line for line in log.read_text().splitlines(keepends=True) if _is_before(line, step)]
    log.write_text("".join(lines))
    return Run(folder, recipe, model, optimizers, step)


def _is_before(line: str, step: int) -> bool:
    try:
        logged: int = json.loads(line)["step"]
    except ValueError:  # the line that the kill cut short
        return False
    return logged <= step


def train(run: Run, batches: Iterator[tuple[Tensor, Tensor]]) -> None:
    """Train `run` to the end of its recipe, leaving checkpoints, log lines and sheets in its folder."""
    recipe = run.recipe
    progress = tqdm(total=recipe.steps, initial=run.step, unit="step", disable=None)
    with progress, (run.folder / "log.jsonl").open("a") as log:
        began, first = time.monotonic(), run.step
        while run.step < recipe.steps:
            set_learning_rate(run)
            losses = run.model.step(run.optimizers, batches, run.step)
            run.step += 1
            progress.update()
            if run.step % recipe.log_every == 0 or run.step == recipe.steps:
                rate = (run.step - first) / (time.monotonic() - began)
                write_log(log, run.step, losses, rate)
            if run.step % recipe.sheet_every == 0 or run.step == recipe.steps:
                write_sheet(run.model.average, run.folder / f"sheet-{run.step:06}.png", recipe.latent_dim)
            if run.step % recipe.checkpoint_every == 0 or run.step == recipe.steps:
                checkpoint.save(run.checkpoint, recipe, run.model, run.optimizers, run.step)


def set_learning_rate(run: Run) -> None:
    """Give the optimisers the rate that the recipe has for this step."""
    for optimizer in run.optimizers:
        for group in optimizer.param_groups:
            group["lr"] = run.recipe.learning_rate_at(run.step)


def write_log(log: TextIO, step: int, losses: dict[str, Tensor], rate: float) -> None:
    """Append one JSON line and flush it; a loss that is not finite ends the run here."""
    values = {name: float(loss) for name, loss in losses.items()}
    if not all(torch.isfinite(torch.tensor(value)) for value in values.values()):
        raise FloatingPointError(f"step {step}: a loss is not finite: {values}")
    rounded = {name: round(value, 5) for name, value in values.items()}
    log.write(json.dumps({"step": step, **rounded, "steps_per_second": round(rate, 2)}) + "\n")
    log.flush()


def endless(batches: BalancedBatches) -> Iterator[tuple[Tensor, Tensor]]:
    """Draw from `batches` for ever."""
    while True:
        yield batches.draw()


def pick_device(name: str) -> torch.device:
    """The named device; `auto` is the first of CUDA, MPS and the CPU that is there."""
    if name != "auto":
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line: a preset, and any number of the recipe to change in it."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description="Train the default model on MNIST.")
    parser.add_argument("--preset", choices=PRESETS, default="cpu", help="the recipe to start from (default: cpu)")
    parser.add_argument("--out", type=Path, default=Path("runs/cgan"), help="the run's folder (default: runs/cgan)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto", help="default: auto")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose (default)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    for field in fields(Recipe):
        option = "--" + field.name.replace("_", "-")
        parser.add_argument(option, type=type(field.default), default=None, help="change the preset's value")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = parse(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    device = pick_device(options.device)
    changes = {f.name: getattr(options, f.name) for f in fields(Recipe) if getattr(options, f.name) is not None}
    if options.resume and (options.out / "checkpoint.pt").exists():
        run = resume(options.out, device)
        logger.info("resuming %s at step %d of %d", options.out, run.step, run.recipe.steps)
    else:
        run = start(options.out, replace(PRESETS[options.preset], **changes), device)
    digits = load(options.data, "train").to(device)
    train(run, endless(BalancedBatches(digits, run.recipe.batch)))
    logger.info("trained %s: %d steps", options.out, run.step)
    return 0


if __name__ == "__main__":
    sys.exit(main())
