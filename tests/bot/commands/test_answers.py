"""/help, /models and /about."""

import pytest

from bot.commands import registry
from bot.commands.base import AnswerContext, TextRequest
from bot.commands.parser import parse
from core.catalog import Catalog


def answer(name: str, catalog: Catalog) -> str:
    """The answer of a command."""
    return str(registry.text_command(TextRequest(name)).answer(AnswerContext(catalog, registry.commands())))


@pytest.mark.parametrize("name", ["help", "models", "about"])
def test_each_command_that_draws_nothing_has_a_text(name: str, catalog: Catalog) -> None:
    """/help, /models and /about answer."""
    assert len(answer(name, catalog)) > 40


def test_the_help_lists_what_there_is(catalog: Catalog) -> None:
    """Every command with a line that works, and every option with a value that does, and nothing else."""
    lines = [line.partition(" – ")[0] for line in answer("help", catalog).splitlines() if " – " in line]
    named = [line for line in lines if line.startswith("/")]
    assert {line.split()[0] for line in named} == {f"/{name}" for name in registry.names()} - {"/start", "/help"}
    assert all(parse(line) for line in named)
    options = dict(line.split("=") for line in lines if "=" in line)
    assert set(options) == {option.name for command in registry.picture_commands() for option in command.options}
    for name, value in options.items():
        takers = [
            command for command in registry.picture_commands() if name in [option.name for option in command.options]
        ]
        assert all(parse(f"{taker.example} {name}={value}") for taker in takers)


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
