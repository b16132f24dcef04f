"""Checkpoints that resume exactly: weights, optimizers, random state, all in one atomic file."""

import pickle
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from training.cli import CommandError
from training.config import Config
from training.models import MODELS
from training.models.base import Model, Optimizers

RENAMED = {
    "closeness": "truncation",
    "mismatch": "mismatch_weight",
    "rebuild": "reconstruction_weight",
    "reconstructed": "reconstruction_share",
    "jitter": "latent_noise",
    "shift": "max_shift",
    "penalised": "penalty_share",
}
"""Numbers of a configuration by the names that they had when it was called a recipe."""


def save(path: Path, name: str, model: Model, optimizers: Optimizers, step: int) -> None:
    """Write the state after `step` steps, so that a kill at any moment leaves the old file or the new one."""
    state = {
        "name": name,
        "step": step,
        "config": asdict(model.config),
        "model": model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "random": torch.get_rng_state(),
        "threads": torch.get_num_threads(),
    }
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU, of this layout or of the one before; nothing in it is executed.

    Raises:
        CommandError: it is not there, or cannot be read.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CommandError(f"no run in {path.parent}: it has no {path.name}") from error
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError) as error:
        raise CommandError(f"{path} cannot be read as a checkpoint") from error
    if "recipe" in state:
        state["config"] = {RENAMED.get(name, name): value for name, value in state.pop("recipe").items()}
    return state


def config(state: dict[str, Any]) -> Config:
    """Return the configuration of a checkpoint."""
    return type(MODELS[state["name"]].config)(**state["config"])


def build(state: dict[str, Any]) -> Model:
    """Return the model of a checkpoint, on the CPU, with its weights."""
    model = MODELS[state["name"]].model(config(state))
    model.load_state_dict(state["model"])
    return model


def restore(state: dict[str, Any], optimizers: Optimizers) -> int:
    """Restore optimizers and random state; return the number of steps taken."""
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    torch.set_rng_state(state["random"])
    step: int = state["step"]
    return step
