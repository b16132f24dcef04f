"""/compare: caption, alternative text, and the sentence about the figures."""

import dataclasses

from bot.commands import registry
from core.catalog import Catalog
from core.pictures.comparison import CompareRequest
from tests.bot.commands.captions import alt_text, caption, drawn


def test_a_comparison_is_described() -> None:
    """The caption says how many models there are; the alt text names them from top to bottom."""
    compared = drawn(CompareRequest(4, names=("cgan", "vae")), "cGAN", "VAE")
    assert caption(compared) == "4 by 2 models · seed 7"
    assert alt_text(compared) == "The digit 4, handwritten by 2 models. From top to bottom: cGAN, VAE. Seed 7."
    alone = drawn(CompareRequest(0, names=("cgan",)), "cGAN")
    assert caption(alone) == "0 by 1 model · seed 7"


def test_figures_are_explained_where_there_are_any(catalog: Catalog) -> None:
    """The percentages of a comparison have a sentence below the caption; models without a score promise none."""
    asked = CompareRequest(4)
    command, scored = registry.command_for(asked), catalog.models
    assert "read" in command.note(scored)
    unscored = [dataclasses.replace(model, scores={}) for model in scored]
    assert command.note(unscored) == ""
    assert command.note([*unscored, *scored[:1]]) == command.note(scored)
    assert registry.picture_command("digit").note(scored) == ""
