"""/help, /models, /about, and /hand without a photo."""

from dataclasses import replace

import pytest

from bot.commands import registry
from bot.commands.base import AnswerContext, TextRequest
from bot.commands.parser import parse
from core.catalog import Catalog


def answer(name: str, catalog: Catalog) -> str:
    """The answer of a command."""
    return str(registry.text_command(TextRequest(name)).answer(AnswerContext(catalog, registry.commands())))


@pytest.mark.parametrize("name", ["help", "models", "about", "hand"])
def test_each_command_that_draws_nothing_has_a_text(name: str, catalog: Catalog) -> None:
    """/help, /models, /about and /hand answer."""
    assert len(answer(name, catalog)) > 40


def test_the_help_lists_what_there_is(catalog: Catalog) -> None:
    """Every command with a line that works, and every option with a value that does, and nothing else."""
    lines = [line.partition(" – ")[0] for line in answer("help", catalog).splitlines() if " – " in line]
    named = [line for line in lines if line.startswith("/")]
    assert {line.split()[0] for line in named} == {f"/{name}" for name in registry.names()} - {"/start", "/h", "/help"}
    assert all(parse(line) for line in named)
    options = dict(line.split("=") for line in lines if "=" in line)
    assert set(options) == {option.name for command in registry.picture_commands() for option in command.options}
    for name, value in options.items():
        takers = [
            command for command in registry.picture_commands() if name in [option.name for option in command.options]
        ]
        assert all(parse(f"{taker.example} {name}={value}") for taker in takers)


def test_the_models_are_listed_in_plain_words(catalog: Catalog) -> None:
    """The default is marked, the share is explained, and no model without a score has one."""
    text = answer("models", catalog)
    assert text.startswith("cgan: cGAN (default) · ")
    assert "% read right\n" in text
    assert "\nRead right: " in text
    unscored = Catalog({model.name: replace(model, scores={}) for model in catalog.models}, catalog.default)
    assert "read right" not in answer("models", unscored).lower()


def test_help_and_models_speak_of_the_models_that_there_are(catalog: Catalog) -> None:
    """With weights of one's own the examples name them, and with a single one there is nothing to pick."""
    mine = Catalog({"mine": replace(catalog.find("vae"), name="mine")}, "mine")
    assert "model=mine" in answer("help", mine)
    assert "models=mine" in answer("help", mine)
    assert "vae" not in answer("help", mine)
    assert "Pick one" not in answer("models", mine)


def test_the_help_fits_a_message(catalog: Catalog) -> None:
    """Discord takes 2,000 characters."""
    assert len(answer("help", catalog)) < 1800


def test_about_is_short_and_says_how_it_was_trained(catalog: Catalog) -> None:
    """Version, training, licence, privacy: a line each, and with the curve within Telegram's 1,024 characters."""
    text = answer("about", catalog)
    assert len(text.splitlines()) == 4
    assert len(text) < 1024
    for part in ("steps", "MNIST", "MIT", "CC BY-SA 3.0", "keeps nothing"):
        assert part in text
