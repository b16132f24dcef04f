"""Train a model.

    python -m training.train --out runs/cgan
    python -m training.train --model cvae --out runs/cvae --set steps=5000 --resume

The run folder fills with `checkpoint.pt`, `log.jsonl` (a line of losses every so many steps) and
`sheet-STEP.png` (the same latents each time, so that one sees a digit grow).
"""

import argparse
import json
import logging
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TextIO

import torch
from tqdm import tqdm

from training import checkpoint
from training.data import BalancedBatches, load
from training.kinds import KINDS, PRESETS
from training.objectives import Batches, Losses, Objective, Optimizers
from training.recipe import Recipe
from training.sample import write_sheet

logger = logging.getLogger(__name__)


@dataclass
class Run:
    """A training run in a folder: the model, its optimisers, and how many steps are behind them."""

    folder: Path
    name: str
    model: Objective
    optimizers: Optimizers
    step: int = 0


def start(folder: Path, name: str, recipe: Recipe, device: torch.device) -> Run:
    """Begin a run from random weights."""
    torch.manual_seed(recipe.seed)
    model = KINDS[name].objective(recipe).to(device)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.jsonl").write_text("")
    return Run(folder, name, model, model.optimizers())


def resume(folder: Path, device: torch.device) -> Run:
    """Take up a run where its last checkpoint left it; log lines written after that are dropped."""
    state = checkpoint.load(folder / "checkpoint.pt")
    model = checkpoint.trained(state).to(device)
    optimizers = model.optimizers()
    step = checkpoint.restore(state, optimizers)
    log = folder / "log.jsonl"
    lines = [line for line in log.read_text().splitlines(keepends=True) if _is_before(line, step)]
    log.write_text("".join(lines))
    return Run(folder, state["name"], model, optimizers, step)


def _is_before(line: str, step: int) -> bool:
    try:
        logged: int = json.loads(line)["step"]
    except ValueError:  # the line that the kill cut short
        return False
    return logged <= step


def train(run: Run, batches: Batches) -> None:
    """Train `run` to the end of its recipe, leaving checkpoints, log lines and sheets in its folder."""
    recipe = run.model.recipe
    progress = tqdm(total=recipe.steps, initial=run.step, unit="step", disable=None)
    with progress, (run.folder / "log.jsonl").open("a") as log:
        began, first = time.monotonic(), run.step
        while run.step < recipe.steps:
            set_learning_rate(run.optimizers, recipe.learning_rate_at(run.step))
            losses = run.model.step(run.optimizers, batches, run.step)
            run.step += 1
            progress.update()
            if is_due(run.step, recipe.log_every, recipe.steps):
                write_log(log, run.step, losses, (run.step - first) / (time.monotonic() - began))
            if is_due(run.step, recipe.sheet_every, recipe.steps):
                write_sheet(run.model, run.folder / f"sheet-{run.step:06}.png")
            if is_due(run.step, recipe.checkpoint_every, recipe.steps):
                checkpoint.save(run.folder / "checkpoint.pt", run.name, run.model, run.optimizers, run.step)


def is_due(step: int, every: int, last: int) -> bool:
    """Whether something that happens every so many steps, and at the last one, happens now."""
    return step % every == 0 or step == last


def set_learning_rate(optimizers: Optimizers, rate: float) -> None:
    """Give every optimiser this rate."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate


def write_log(log: TextIO, step: int, losses: Losses, rate: float) -> None:
    """Append one JSON line and flush it; a loss that is not finite ends the run here."""
    values = {name: float(loss) for name, loss in losses.items()}
    if not all(map(math.isfinite, values.values())):
        raise FloatingPointError(f"step {step}: a loss is not finite: {values}")
    rounded = {name: round(value, 5) for name, value in values.items()}
    log.write(json.dumps({"step": step, **rounded, "steps_per_second": round(rate, 2)}) + "\n")
    log.flush()


def pick_device(name: str) -> torch.device:
    """The named device; `auto` is the first of CUDA, MPS and the CPU that is there."""
    if name != "auto":
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def change(recipe: Recipe, changes: Sequence[str]) -> Recipe:
    """The recipe with some of its numbers changed.

    Args:
        recipe: to start from.
        changes: texts such as `steps=5000`; widths are written `hidden=512,256`.

    Raises:
        ValueError: there is no such number, or the text does not fit it.
    """
    known = asdict(recipe)
    values: dict[str, Any] = {}
    for text in changes:
        name, _, value = text.partition("=")
        if name not in known:
            raise ValueError(f"{name!r} is not one of {', '.join(known)}")
        values[name] = _read(value, known[name])
    return replace(recipe, **values)


def _read(text: str, like: object) -> object:
    if isinstance(like, tuple):
        return tuple(type(like[0])(part) for part in text.split(","))
    if isinstance(like, bool):
        return {"true": True, "false": False}[text]
    return type(like)(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description="Train a model on MNIST.")
    parser.add_argument("--model", choices=KINDS, default="cgan", help="which one (default: cgan)")
    parser.add_argument("--preset", choices=PRESETS, default="cpu", help="the recipe to start from (default: cpu)")
    parser.add_argument("--out", type=Path, help="the run's folder (default: runs/MODEL)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto", help="default: auto")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose (default)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="change a number of the recipe"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = _parser()
    options = parser.parse_args(arguments)
    folder = options.out or Path("runs") / options.model
    try:
        recipe = change(KINDS[options.model].preset(options.preset), options.set)
    except (ValueError, KeyError) as error:
        parser.error(f"--set: {error}")
    if options.threads:
        torch.set_num_threads(options.threads)
    device = pick_device(options.device)
    if options.resume and (folder / "checkpoint.pt").exists():
        run = resume(folder, device)
        logger.info("resuming %s at step %d of %d", folder, run.step, run.model.recipe.steps)
    else:
        run = start(folder, options.model, recipe, device)
    digits = load(options.data, "train").to(device)
    train(run, BalancedBatches(digits, run.model.recipe.batch))
    logger.info("trained %s: %d steps", folder, run.step)
    return 0


if __name__ == "__main__":
    sys.exit(main())
