"""/help: every command and every option, with lines that work."""

from dataclasses import replace

from bot.commands import registry
from bot.commands.parser import parse
from core.catalog import Catalog
from tests.bot.commands.answers import answer


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


def test_help_and_models_speak_of_the_models_that_there_are(catalog: Catalog) -> None:
    """With weights of one's own the examples name them, and with a single one there is nothing to pick."""
    mine = Catalog({"mine": replace(catalog.find("vae"), name="mine")}, "mine")
    assert "model=mine" in answer("help", mine)
    assert "models=mine" in answer("help", mine)
    assert "vae" not in answer("help", mine)
    assert "Pick one" not in answer("models", mine)


def test_commands_have_one_order() -> None:
    """In menus and help: those that draw, then photos, then what is told; no two share a place."""
    names = [command.name for command in registry.commands()]
    assert names == ["digit", "number", "morph", "compare", "hand", "models", "about", "help"]
    assert len({command.position for command in registry.commands()}) == len(names)


def test_the_help_fits_a_message(catalog: Catalog) -> None:
    """Discord takes 2,000 characters."""
    assert len(answer("help", catalog)) < 1800
