"""Options: described in few words."""

from bot.commands import converters, registry
from bot.commands.options import DIGIT
from core.catalog import Catalog


def test_every_command_has_a_description_that_fits_a_menu() -> None:
    """Commands, arguments and options are described in at most 100 characters, as Discord asks."""
    drawing = registry.picture_commands()
    texts = [command.description for command in registry.commands()]
    texts += [command.argument.description for command in drawing]
    texts += [option.description for command in drawing for option in command.options]
    assert all(1 <= len(str(text)) <= 100 for text in texts)


def test_examples_name_the_models_that_there_are(catalog: Catalog) -> None:
    """The first two in a list, and the last one where one is asked for."""
    options = {option.name: option for command in registry.picture_commands() for option in command.options}
    assert options["models"].example_for(catalog) == ",".join(catalog.names[:2])
    assert options["model"].example_for(catalog) == catalog.names[-1]


def test_a_menu_has_all_ten_digits() -> None:
    """And the random one."""
    assert DIGIT.choices == ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", converters.RANDOM)
