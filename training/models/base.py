"""Interface of a model, and what several models use."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from training.config import Config
from training.data import Digits

DIGITS = 10
PIXELS = 28 * 28

Optimizers = tuple[torch.optim.Optimizer, ...]
Batches = Iterator[tuple[Tensor, Tensor]]
Losses = dict[str, Tensor]

PRESETS = ("full", "quick", "tiny")
QUICK = {"checkpoint_every": 100, "sheet_every": 250, "log_every": 50}
TINY = {"steps": 60, "batch": 40, "latent_dim": 16, "checkpoint_every": 10, "sheet_every": 30, "log_every": 5}


class Model(nn.Module):
    """The networks of one model, and the step that trains them.

    Attributes:
        config: the numbers of the run.
        sampler: latent (B, latent_dim) ~ N(0, 1) and digit (B, 10) -> images (B, 1, 28, 28) in -1..1; None where
            the model draws nothing.
    """

    config: Config
    sampler: nn.Module | None

    def optimizers(self) -> Optimizers:
        """Return the optimizers that `training_step` expects."""
        raise NotImplementedError

    def training_step(self, optimizers: Optimizers, batches: Batches, step: int) -> Losses:
        """Train on the next batch.

        Args:
            optimizers: from `optimizers`.
            batches: images (B, 1, 28, 28) in -1..1 and labels (B,).
            step: the number of steps taken so far.

        Returns:
            The losses, for the log.
        """
        raise NotImplementedError

    def begin(self) -> None:
        """Load what a new run starts from; most models start from random weights alone."""

    def finish(self, validation: Digits) -> Losses:
        """Fit what is fitted on the validation images after the last step; most models have nothing."""
        del validation
        return {}

    def exported(self) -> nn.Module:
        """Return the module that goes into the model file."""
        assert self.sampler is not None
        return self.sampler if self.config.truncation == 1 else ScaledLatent(self.sampler, self.config.truncation)

    def autocast(self, tensor: Tensor) -> torch.autocast:
        """Compute in the configured precision on the tensor's device."""
        enabled = self.config.precision == "bfloat16"
        return torch.autocast(tensor.device.type, dtype=torch.bfloat16, enabled=enabled)


@dataclass(frozen=True)
class Entry:
    """A model that `python -m training.train --model NAME` can train.

    Attributes:
        family: the kind of model, for the file's metadata.
        title: for people.
        model: builds the networks from a configuration.
        config: of a real run.
        quick: what a run of minutes changes in it.
        tiny: what a test changes in it.
        interface: inputs and output of the exported file, a key of `training.export.onnx_file.INTERFACES`.
        read_again: whether the bot draws its doubtful images again; else they are shown as they are.
    """

    family: str
    title: str
    model: Callable[[Any], Model]
    config: Config
    quick: Mapping[str, Any]
    tiny: Mapping[str, Any]
    interface: str = "generator"
    read_again: bool = False

    def preset(self, name: str) -> Config:
        """Return the configuration of a real run (`full`), of one of minutes (`quick`) or of a test (`tiny`)."""
        changes: dict[str, dict[str, Any]] = {
            "full": {},
            "quick": {**QUICK, **self.quick},
            "tiny": {**TINY, **self.tiny, "precision": "float32"},
        }
        return replace(self.config, **changes[name])


class ScaledLatent(nn.Module):
    """A sampler whose latents are multiplied by psi: the truncation of a model without a mapping network."""

    def __init__(self, sampler: nn.Module, psi: float) -> None:
        super().__init__()
        self.sampler = sampler
        self.psi = psi

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        images: Tensor = self.sampler(self.psi * latent, digit)
        return images


def frozen_copy(module: nn.Module) -> nn.Module:
    """Return a copy that is not trained, to average into."""
    return copy.deepcopy(module).requires_grad_(False)


@torch.no_grad()
def update_average(averaged: nn.Module, current: nn.Module, decay: float, step: int) -> None:
    """Update an exponential moving average of a network's parameters and buffers."""
    # A short memory at first, or the average would keep the untrained weights.
    decay = min(decay, (step + 1) / (step + 10))
    state = current.state_dict()
    for name, value in averaged.state_dict().items():
        if value.is_floating_point():
            value.lerp_(state[name], 1 - decay)


def optimizer_step(optimizers: Sequence[torch.optim.Optimizer], loss: Tensor) -> None:
    """Zero the gradients, backpropagate the loss, and step each optimizer."""
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
