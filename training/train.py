"""Train a model.

    python -m training.train                            # the default, cgan, into runs/cgan
    python -m training.train --model cvae --set steps=5000 --resume

The run folder fills with `checkpoint.pt`, `log.jsonl` (a line of losses every so many steps), `curve.png` and
`sheet-STEP.png` (the same latents each time, so that one sees a digit improve).
"""

import argparse
import json
import logging
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import torch
from tqdm import tqdm

from training import checkpoint, curve
from training.config import Config
from training.data import BalancedBatches, load
from training.hardware import fast_bfloat16, pick_device
from training.models import MODELS
from training.models.base import Batches, Losses, Model, Optimizers
from training.sample import write_sheet

logger = logging.getLogger(__name__)

PRESETS = ("full", "tiny")
ESTIMATE_AFTER = 20
"""Steps before the first estimate of how long a run takes."""


@dataclass
class Run:
    """A training run in a folder: the model, its optimizers, and the number of steps taken."""

    folder: Path
    name: str
    model: Model
    optimizers: Optimizers
    step: int = 0


def start(folder: Path, name: str, config: Config, device: torch.device) -> Run:
    """Begin a run from random weights."""
    torch.manual_seed(config.seed)
    model = MODELS[name].model(config)
    model.begin()
    model.to(device)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.jsonl").write_text("")
    return Run(folder, name, model, model.optimizers())


def resume(folder: Path, device: torch.device) -> Run:
    """Continue a run from its last checkpoint; log lines written after that are dropped."""
    state = checkpoint.load(folder / "checkpoint.pt")
    model = checkpoint.build(state).to(device)
    optimizers = model.optimizers()
    step = checkpoint.restore(state, optimizers)
    log = folder / "log.jsonl"
    lines = [line for line in log.read_text().splitlines(keepends=True) if _is_before(line, step)]
    log.write_text("".join(lines))
    return Run(folder, state["name"], model, optimizers, step)


def train(run: Run, batches: Batches) -> None:
    """Train to the last step of the configuration, leaving checkpoints, log lines and pictures in the run's folder."""
    config = run.model.config
    progress = tqdm(total=config.steps, initial=run.step, unit="step", disable=None)
    with progress, (run.folder / "log.jsonl").open("a") as log:
        clock = Clock(run.step, config.steps)
        while run.step < config.steps:
            set_learning_rate(run.optimizers, config.learning_rate_at(run.step))
            losses = run.model.training_step(run.optimizers, batches, run.step)
            run.step += 1
            progress.update()
            clock.tick(run.step)
            if is_due(run.step, config.log_every, config.steps):
                write_log(log, run.step, losses, clock.rate(run.step))
            if is_due(run.step, config.sheet_every, config.steps):
                write_pictures(run)
            if is_due(run.step, config.checkpoint_every, config.steps):
                save(run)


def save(run: Run) -> None:
    """Write the checkpoint."""
    checkpoint.save(run.folder / "checkpoint.pt", run.name, run.model, run.optimizers, run.step)


def write_pictures(run: Run) -> None:
    """Write a sheet of samples, where the model draws, and the losses so far."""
    if run.model.sampler is not None:
        write_sheet(run.model.sampler, run.model.config.latent_dim, run.folder / f"sheet-{run.step:06}.png")
    curve.write(run.folder / "log.jsonl", run.folder / "curve.png")


class Clock:
    """Steps per second since the command started, and one estimate of the time that is left."""

    def __init__(self, step: int, steps: int) -> None:
        self._began, self._first, self._steps = time.monotonic(), step, steps

    def rate(self, step: int) -> float:
        """Steps per second up to now."""
        return (step - self._first) / (time.monotonic() - self._began)

    def tick(self, step: int) -> None:
        """Log the estimate, once, when there is something to estimate from."""
        if step - self._first == ESTIMATE_AFTER and step < self._steps:
            minutes = (self._steps - step) / self.rate(step) / 60
            logger.info("%.2f steps a second: about %d h %02d min to go", self.rate(step), *divmod(round(minutes), 60))


def is_due(step: int, every: int, last: int) -> bool:
    """Return whether something is due that happens every so many steps and at the last one."""
    return step % every == 0 or step == last


def set_learning_rate(optimizers: Optimizers, rate: float) -> None:
    """Give every optimizer this rate."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate


def write_log(log: TextIO, step: int, losses: Losses, rate: float) -> None:
    """Append one JSON line and flush it.

    Raises:
        FloatingPointError: a loss is not finite; the run ends here.
    """
    values = {name: float(loss) for name, loss in losses.items()}
    if not all(map(math.isfinite, values.values())):
        raise FloatingPointError(f"step {step}: a loss is not finite: {values}")
    rounded = {name: round(value, 5) for name, value in values.items()}
    log.write(json.dumps({"step": step, **rounded, "steps_per_second": round(rate, 2)}) + "\n")
    log.flush()


def _is_before(line: str, step: int) -> bool:
    try:
        logged: int = json.loads(line)["step"]
    except ValueError:  # the line that the kill cut short
        return False
    return logged <= step


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description="Train a model on MNIST.")
    parser.add_argument("--model", choices=MODELS, default="cgan", help="which one (default: cgan)")
    parser.add_argument(
        "--preset", choices=PRESETS, default="full", help="a real run, or one for tests (default: full)"
    )
    parser.add_argument(
        "--precision",
        choices=["auto", "float32", "bfloat16"],
        help="auto, the default of most models: bfloat16 where it is measured to be faster",
    )
    parser.add_argument("--out", type=Path, help="the run's folder (default: runs/MODEL)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto", help="default: auto")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose (default)")
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint in --out, if there is one")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="change a number of the configuration"
    )
    return parser


def configure(options: argparse.Namespace, device: torch.device) -> Config:
    """Return the configuration that the options ask for, its precision decided for this device.

    Raises:
        ValueError: `--set` names something unknown, or gives it a value that does not fit.
    """
    config = MODELS[options.model].preset(options.preset).change(options.set)
    if options.precision:
        config = replace(config, precision=options.precision)
    if config.precision == "auto":
        config = replace(config, precision="bfloat16" if fast_bfloat16(device) else "float32")
    return config


def describe(run: Run, device: torch.device) -> str:
    """One sentence on what the run is going to do."""
    config, images = run.model.config, run.model.config.batch
    where = f"CPU, {torch.get_num_threads()} thread(s)" if device.type == "cpu" else device.type
    note = "" if config.precision == "bfloat16" else " (bfloat16 is not faster here, or not asked for)"
    return (
        f"training {run.name} into {run.folder}: steps {run.step:,} to {config.steps:,} of {images} images"
        f" on {where} in {config.precision}{note}. An estimate of the time follows after {ESTIMATE_AFTER} steps."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = _parser()
    options = parser.parse_args(arguments)
    folder = options.out or Path("runs") / options.model
    if options.threads:
        torch.set_num_threads(options.threads)
    device = pick_device(options.device)
    if options.resume and (folder / "checkpoint.pt").exists():
        run = resume(folder, device)
    else:
        try:
            config = configure(options, device)
        except ValueError as error:
            parser.error(f"--set: {error}")
        run = start(folder, options.model, config, device)
    logger.info("%s", describe(run, device))
    train(run, BalancedBatches(load(options.data, "train").to(device), run.model.config.batch))
    if fitted := run.model.finish(load(options.data, "validation").to(device)):
        logger.info(
            "fitted on the validation images: %s", {name: round(float(value), 4) for name, value in fitted.items()}
        )
        save(run)
    logger.info("trained %s: %d steps", folder, run.step)
    return 0


if __name__ == "__main__":
    sys.exit(main())
