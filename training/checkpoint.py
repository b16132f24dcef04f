"""Checkpoints that resume exactly: weights, optimisers, random state, all in one atomic file."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.objectives import Adversaries
from training.recipe import Recipe


def save(
    path: Path, recipe: Recipe, model: nn.Module, optimizers: tuple[torch.optim.Optimizer, ...], step: int
) -> None:
    """Write the state after `step` steps, so that a kill at any moment leaves the old file or the new."""
    state = {
        "step": step,
        "recipe": asdict(recipe),
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


def recipe_of(state: dict[str, Any]) -> Recipe:
    """The recipe that the checkpoint's run was started with."""
    return Recipe(**state["recipe"])


def restore(state: dict[str, Any], model: nn.Module, optimizers: tuple[torch.optim.Optimizer, ...]) -> int:
    """Put the state back in place and return the number of steps that it has behind it."""
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    torch.set_rng_state(state["random"])
    step: int = state["step"]
    return step


def trained(path: Path) -> Adversaries:
    """The model of a run's checkpoint, on the CPU, as the run left it."""
    state = load(path)
    model = Adversaries(recipe_of(state))
    model.load_state_dict(state["model"])
    return model
