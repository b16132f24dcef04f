"""Checkpoints that resume exactly: weights, optimisers, random state, all in one atomic file."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from training.kinds import KINDS
from training.objectives import Objective, Optimizers


def save(path: Path, name: str, model: Objective, optimizers: Optimizers, step: int) -> None:
    """Write the state after `step` steps, so that a kill at any moment leaves the old file or the new."""
    state = {
        "name": name,
        "step": step,
        "recipe": asdict(model.recipe),
        "model": model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "random": torch.get_rng_state(),
    }
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU; nothing in it is executed."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def trained(state: dict[str, Any]) -> Objective:
    """The model of a checkpoint, on the CPU, as its run left it."""
    kind = KINDS[state["name"]]
    model = kind.objective(type(kind.recipe)(**state["recipe"]))
    model.load_state_dict(state["model"])
    return model


def restore(state: dict[str, Any], optimizers: Optimizers) -> int:
    """Put optimisers and random state back and return the number of steps that the run has behind it."""
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    torch.set_rng_state(state["random"])
    step: int = state["step"]
    return step
