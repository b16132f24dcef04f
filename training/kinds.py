"""The models that this project trains, each with its title, its objective and its recipes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from training.objectives import DenseGan, Objective, Variational
from training.recipe import DenseGanRecipe, Recipe, StyledGanRecipe, VariationalRecipe
from training.styled_gan import StyledGan

PRESETS = ("t4", "cpu", "tiny")


@dataclass(frozen=True)
class Kind:
    """One of the models.

    Attributes:
        family: the sort of model, for the file's description.
        title: for people.
        objective: its networks and how they are trained; takes the recipe.
        recipe: the numbers of a real run.
        large: whether there is enough to compute that bfloat16 pays on a CPU; a T4 has none of it.
        tiny: what a test changes in them.
    """

    family: str
    title: str
    objective: Callable[[Any], Objective]
    recipe: Recipe
    large: bool
    tiny: Mapping[str, Any]

    def preset(self, name: str) -> Recipe:
        """The recipe for a T4 (`t4`), two CPU cores (`cpu`) or a test (`tiny`)."""
        if name == "tiny":
            return replace(self.recipe, **TINY, **self.tiny)
        return replace(self.recipe, precision="bfloat16") if name == "cpu" and self.large else self.recipe


TINY = {"steps": 60, "batch": 40, "latent_dim": 16, "checkpoint_every": 10, "sheet_every": 30, "log_every": 5}

KINDS = {
    "cgan": Kind(
        "styled conditional GAN",
        "cGAN",
        StyledGan,
        StyledGanRecipe(),
        True,
        {"width": 16, "fine_width": 16, "style_dim": 16, "discriminator_width": 16, "ema": (0.9,), "exported_ema": 0},
    ),
    "vae": Kind(
        "VAE", "VAE", Variational, VariationalRecipe(conditional=False, closeness=0.9), False, {"hidden": (32,)}
    ),
    "cvae": Kind("CVAE", "CVAE", Variational, VariationalRecipe(), False, {"hidden": (32,)}),
    "cvae-deep": Kind(
        "CVAE", "deep CVAE", Variational, VariationalRecipe(hidden=(512, 256)), False, {"hidden": (32, 16)}
    ),
    "cvae-conv": Kind(
        "CVAE",
        "convolutional CVAE",
        Variational,
        VariationalRecipe(steps=16_500, hidden=(32, 64), convolutional=True),
        True,
        {"hidden": (8, 16)},
    ),
    "cgan-mlp": Kind(
        "conditional GAN",
        "dense cGAN",
        DenseGan,
        DenseGanRecipe(),
        True,
        {"hidden": (32,), "discriminator_hidden": (32,)},
    ),
}
