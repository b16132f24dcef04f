"""Checkpoints: those of the layout before this one load too."""

from dataclasses import asdict
from pathlib import Path

import torch

from training import checkpoint
from training.models import MODELS
from training.models.cgan import CGan


def test_a_checkpoint_of_the_layout_before_still_loads(tmp_path: Path) -> None:
    """A recipe with its old names becomes the configuration, and every weight is found."""
    model = MODELS["cgan"].model(MODELS["cgan"].preset("tiny"))
    old = {new: name for name, new in checkpoint.RENAMED.items()}
    state = {
        "name": "cgan",
        "step": 7,
        "recipe": {old.get(name, name): value for name, value in asdict(model.config).items()},
        "model": model.state_dict(),
        "optimizers": [one.state_dict() for one in model.optimizers()],
        "random": torch.get_rng_state(),
    }
    assert {"closeness", "rebuild", "jitter", "penalised"} <= set(state["recipe"])
    torch.save(state, tmp_path / "checkpoint.pt")
    loaded = checkpoint.build(checkpoint.load(tmp_path / "checkpoint.pt"))
    assert isinstance(loaded, CGan)
    assert loaded.config == model.config
    assert all(torch.equal(value, loaded.state_dict()[name]) for name, value in model.state_dict().items())
