"""Train a model.

    python -m training.train                            # the default, cgan, into runs/cgan: hours
    python -m training.train --preset quick             # into runs/cgan-quick: minutes
    python -m training.train --model cvae --set steps=5000
    python -m training.train --resume                   # go on after a break

The run folder fills with `checkpoint.pt`, `log.jsonl` (a line of losses every so many steps), `curve.png` and
`sheet-STEP.png` (the same latents each time, so that one sees a digit improve).
"""

import argparse
import json
import logging
import math
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TextIO

import torch

from training import checkpoint, cli, curve
from training.config import Config
from training.data import BalancedBatches, load
from training.hardware import fast_bfloat16, pick_device
from training.models import MODELS
from training.models.base import PRESETS, Batches, Losses, Optimizers
from training.pace import choose_threads
from training.progress import Progress, duration
from training.run import LOG, Run, alone, resume, save, start, under_way
from training.sample import write_sheet

logger = logging.getLogger(__name__)

DEFAULT = "cgan"


def train(run: Run, batches: Batches, stop: cli.Stop | None = None) -> None:
    """Train to the last step of the configuration, leaving checkpoints, log lines and pictures in the run's folder.

    Args:
        run: under way.
        batches: to train on.
        stop: ends the training after a step, with a checkpoint of that step.
    """
    config, stop = run.model.config, stop or cli.Stop()
    with Progress(run.step, config.total_steps) as progress, (run.folder / LOG).open("a") as log:
        while run.step < config.total_steps:
            set_learning_rate(run.optimizers, config.learning_rate_at(run.step))
            losses = run.model.training_step(run.optimizers, batches, run.step)
            run.step += 1
            progress.update(run.step)
            if is_due(run.step, config.log_every, config.total_steps):
                write_log(log, run.step, losses, progress.rate())
            if is_due(run.step, config.sheet_every, config.total_steps):
                write_pictures(run)
            # Read once: a signal that comes after this belongs to the next step.
            stopping = stop.signal
            if stopping or is_due(run.step, config.checkpoint_every, config.total_steps):
                save(run)
            if stopping:
                break


def write_pictures(run: Run) -> None:
    """Write a sheet of samples, where the model draws, and the losses so far."""
    if run.model.sampler is not None:
        write_sheet(run.model.sampler, run.model.config.latent_dim, run.folder / f"sheet-{run.step:06}.png")
    curve.write(run.folder / LOG, run.folder / "curve.png")


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


def _parser() -> cli.Parser:
    parser = cli.Parser(prog="python -m training.train", description="Train a model on MNIST.")
    parser.add_argument("--model", choices=MODELS, help="which one (default: cgan)")
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        default="full",
        help="of a new run: full (hours, the default), quick (readable digits in minutes), or tiny (for tests)",
    )
    parser.add_argument(
        "--precision",
        choices=["auto", "float32", "bfloat16"],
        help="auto, the default of most models: bfloat16 where it is measured to be faster",
    )
    parser.add_argument("--out", type=Path, help="the run's folder (default: runs/MODEL, or runs/MODEL-PRESET)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto", help="default: auto")
    parser.add_argument(
        "--threads",
        type=cli.threads,
        default=0,
        help="CPU threads (default: those of the resumed run, or as many as are measured to pay);"
        " results repeat exactly for a given number",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="change a number of the configuration"
    )
    return parser


def configure(options: argparse.Namespace, device: torch.device) -> Config:
    """Return the configuration that the options ask for, its precision decided for this device.

    Raises:
        ValueError: `--set` names something unknown, or gives it a value that does not fit.
    """
    config = MODELS[options.model or DEFAULT].preset(options.preset).change(options.set)
    if options.precision:
        config = replace(config, precision=options.precision)
    if config.precision == "auto":
        config = replace(config, precision="bfloat16" if fast_bfloat16(device) else "float32")
    return config


def check_resumed(options: argparse.Namespace, folder: Path, state: dict[str, Any]) -> None:
    """Refuse options that would change a run under way.

    Raises:
        CommandError: it is a run of another model, or of other numbers.
        ValueError: `--set` names something unknown, or gives it a value that does not fit.
    """
    if options.model not in (None, state["name"]):
        raise cli.CommandError(f"{folder} is a run of {state['name']}, not of {options.model}: name another --out")
    own = checkpoint.config(state)
    changes = options.set + ([f"precision={options.precision}"] if options.precision else [])
    asked, kept = asdict(own.change(changes)), asdict(own)
    # auto has become what was faster.
    if changed := [f"{name}={kept[name]}" for name in asked if asked[name] not in (kept[name], "auto")]:
        raise cli.CommandError(
            f"{folder} keeps the numbers that it was started with, {', '.join(changed)}:"
            " leave them out, or name another --out"
        )


def describe(folder: Path, name: str, config: Config, device: torch.device, step: int) -> str:
    """One sentence on what a run is going to do."""
    where = "the CPU" if device.type == "cpu" else device.type
    note = "" if config.precision == "bfloat16" else " (bfloat16 is not faster here, or not asked for)"
    return (
        f"training {name} into {folder}: steps {step:,} to {config.total_steps:,} of {config.batch} images"
        f" on {where} in {config.precision}{note}"
    )


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line; returns the exit code."""
    typed = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    options = parser.parse_args(typed)
    name = options.model or DEFAULT
    folder = options.out or Path("runs") / (name if options.preset == "full" else f"{name}-{options.preset}")
    with alone(folder):
        return _train(parser, options, name, folder, typed)


def _train(parser: cli.Parser, options: argparse.Namespace, name: str, folder: Path, typed: Sequence[str]) -> int:
    device = pick_device(options.device)
    state = under_way(folder, resumes=options.resume)
    try:
        if state:
            check_resumed(options, folder, state)
        name, config = (state["name"], checkpoint.config(state)) if state else (name, configure(options, device))
    except ValueError as error:
        parser.error(f"--set: {error}")
    step = state["step"] if state else 0
    logger.info("%s", describe(folder, name, config, device, step))
    digits = load(options.data, "train").to(device)
    threads, seconds = choose_threads(name, config, digits, options.threads or state.get("threads", 0))
    logger.info(
        "%d thread(s), %.3g s a step: about %s; Ctrl+C saves, --resume goes on",
        threads,
        seconds,
        duration(seconds * (config.total_steps - step)),
    )
    run = resume(folder, state, device) if state else start(folder, name, config, device)
    with cli.Stop() as stop:
        try:
            train(run, BalancedBatches(digits, config.batch), stop)
        except FloatingPointError as error:
            raise cli.CommandError(f"{error}; a lower learning rate may help: --set learning_rate=...") from error
    if run.step < config.total_steps:
        logger.info(
            "stopped after step %s of %s; go on with\n  python -m training.train %s",
            f"{run.step:,}",
            f"{config.total_steps:,}",
            shlex.join(typed if options.resume else [*typed, "--resume"]),
        )
        return cli.SIGNALLED + stop.signal
    if fitted := run.model.finish(load(options.data, "validation").to(device)):
        logger.info(
            "fitted on the validation images: %s", {name: round(float(value), 4) for name, value in fitted.items()}
        )
        save(run)
    logger.info("trained %s: %d steps; next: python -m training.export %s", folder, run.step, shlex.quote(str(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
