"""/models: what can draw, and how well it is read."""

from dataclasses import replace

from core.catalog import Catalog
from tests.bot.commands.answers import answer


def test_the_models_are_listed_in_plain_words(catalog: Catalog) -> None:
    """The default is marked, the share is explained, and no model without a score has one."""
    text = answer("models", catalog)
    assert text.startswith("cgan: cGAN (default) · ")
    assert "% read right\n" in text
    assert "\nRead right: " in text
    assert f"/digit 4 model={catalog.names[-1]}, " in text
    unscored = Catalog({model.name: replace(model, scores={}) for model in catalog.models}, catalog.default)
    assert "read right" not in answer("models", unscored).lower()
    bad = replace(catalog.find(None), scores={"reading": 0.0})
    assert "· 0.0% read right" in answer("models", Catalog({bad.name: bad}, bad.name))
