"""A run in its folder: begin it, find it again, save it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from training import checkpoint
from training.cli import CommandError
from training.config import Config
from training.models import MODELS
from training.models.base import Model, Optimizers

CHECKPOINT, LOG, LOCK = "checkpoint.pt", "log.jsonl", ".lock"
"""Files in a run's folder."""


@dataclass
class Run:
    """A training run in a folder: the model, its optimizers, and the number of steps taken."""

    folder: Path
    name: str
    model: Model
    optimizers: Optimizers
    step: int = 0


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Context in which no other process trains into the folder; the lock of a process that was killed is free.

    Raises:
        CommandError: another one does, or the folder cannot be written to.
    """
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise CommandError(
            f"{folder} is being trained by another process: wait for it, or name another --out"
        ) from error
    except OSError as error:
        raise CommandError(f"{folder} cannot be written to ({error.strerror}): name another --out") from error
    try:
        yield
    finally:
        with suppress(OSError):
            (folder / LOCK).unlink()
            folder.rmdir()  # where nothing was begun
        lock.release()


def under_way(folder: Path, *, resumes: bool) -> dict[str, Any]:
    """Return the checkpoint of a run to go on with; empty where a run starts.

    Raises:
        CommandError: there is a run, and nobody asked to go on with it.
    """
    if not (folder / CHECKPOINT).exists():
        return {}
    state = checkpoint.load(folder / CHECKPOINT)
    if not resumes:
        steps = f"{state['step']:,} of {checkpoint.config(state).total_steps:,} steps"
        raise CommandError(
            f"{folder} holds a run of {state['name']}, {steps}: add --resume to go on,"
            " or --out with another folder to start anew"
        )
    return state


def start(folder: Path, name: str, config: Config, device: torch.device) -> Run:
    """Begin a run from random weights."""
    torch.manual_seed(config.seed)
    model = MODELS[name].model(config)
    model.begin()
    model.to(device)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOG).write_text("")
    return Run(folder, name, model, model.optimizers())


def resume(folder: Path, state: dict[str, Any], device: torch.device) -> Run:
    """Continue a run from its last checkpoint; log lines written after that are dropped."""
    model = checkpoint.build(state).to(device)
    optimizers = model.optimizers()
    step = checkpoint.restore(state, optimizers)
    log = folder / LOG
    lines = [line for line in log.read_text().splitlines(keepends=True) if _is_before(line, step)]
    log.write_text("".join(lines))
    return Run(folder, state["name"], model, optimizers, step)


def save(run: Run) -> None:
    """Write the checkpoint."""
    checkpoint.save(run.folder / CHECKPOINT, run.name, run.model, run.optimizers, run.step)


def _is_before(line: str, step: int) -> bool:
    try:
        logged: int = json.loads(line)["step"]
    except ValueError:  # the line that the kill cut short
        return False
    return logged <= step
