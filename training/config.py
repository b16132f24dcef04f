"""Configuration of a run: every number of it, in one frozen value that its checkpoint carries.

Each file of `training.models` adds the numbers of its own model in a subclass.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal, Self, get_args

Precision = Literal["auto", "float32", "bfloat16"]
AT_LEAST_ONE = ("steps", "batch", "checkpoint_every", "sheet_every", "log_every")


@dataclass(frozen=True)
class Config:
    """Numbers that every run has.

    Attributes:
        steps: optimizer steps over which the schedules are stretched; an epoch of the 50,000 training images is
            50,000 / batch of them.
        batch: images a step, equally many of each digit.
        learning_rate: of Adam.
        latent_dim: length of a latent vector.
        truncation: truncation psi of the exported file; 1 keeps the learned spread. Chosen on the validation images.
        precision: of convolutions and matrix products; `auto` becomes bfloat16 where that is measured to be faster.
        checkpoint_every, sheet_every, log_every: steps between checkpoints, sample sheets, log lines.
        seed: of initialisation, batches and latents.
    """

    steps: int
    batch: int
    learning_rate: float
    latent_dim: int
    truncation: float = 1.0
    precision: Precision = "auto"
    checkpoint_every: int = 250
    sheet_every: int = 1000
    log_every: int = 100
    seed: int = 1

    @property
    def total_steps(self) -> int:
        """Optimizer steps of the whole run: `steps`, unless a model has a phase after them."""
        return self.steps

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of the step after `step` steps: constant, unless a model says otherwise."""
        del step
        return self.learning_rate

    def change(self, changes: Sequence[str]) -> Self:
        """Return the configuration with some numbers changed.

        Args:
            changes: texts such as `steps=5000`; several widths are written `hidden=512,256`.

        Raises:
            ValueError: a name is unknown, or a value does not fit it.
        """
        known, values = asdict(self), {}
        for text in changes:
            name, _, value = text.partition("=")
            if name not in known:
                raise ValueError(f"{name!r} is not one of {', '.join(known)}")
            values[name] = _parse(value, known[name])
            if name == "precision" and value not in get_args(Precision):
                raise ValueError(f"precision is one of {', '.join(get_args(Precision))}, not {value!r}")
            if name in AT_LEAST_ONE and values[name] < 1:
                raise ValueError(f"{name} is at least 1, not {value}")
        return replace(self, **values)


def linear_decay(rate: float, step: int, steps: int) -> float:
    """Return a learning rate that is constant over the first half of a run and falls linearly to 0 over the second."""
    return rate * min(1.0, 2 * (1 - step / steps))


def _parse(text: str, like: object) -> object:
    if isinstance(like, tuple):
        return tuple(type(like[0])(part) for part in text.split(","))
    if isinstance(like, bool):
        if text not in ("true", "false"):
            raise ValueError(f"{text!r} is neither true nor false")
        return text == "true"
    return type(like)(text)
