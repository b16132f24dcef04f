"""The display of an answer, and the options with which a person chooses it."""

from dataclasses import dataclass

from bot.commands.options import Option
from bot.i18n import lazy


@dataclass(frozen=True, slots=True)
class Display:
    """The display of an answer; each field is named like its option.

    Attributes:
        ephemeral: show it to nobody but the person who asked.
        spoiler: hide the picture until it is clicked.
    """

    ephemeral: bool = False
    spoiler: bool = False


DISPLAY_OPTIONS = (
    Option(name="ephemeral", description=lazy("Show it to nobody but you"), example="True", flag=True),
    Option(name="spoiler", description=lazy("Hide it until it is clicked"), example="True", flag=True),
)
