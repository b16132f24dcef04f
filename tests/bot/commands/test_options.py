"""Options: described in few words."""

from bot.commands import registry


def test_every_command_has_a_description_that_fits_a_menu() -> None:
    """Commands, arguments and options are described in at most 100 characters, as Discord asks."""
    drawing = registry.picture_commands()
    texts = [command.description for command in registry.commands()]
    texts += [command.argument.description for command in drawing]
    texts += [option.description for command in drawing for option in command.options]
    assert all(1 <= len(str(text)) <= 100 for text in texts)
