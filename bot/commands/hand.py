"""`/hand`: a photo of digits is read and answered in the same hand; without a photo, how to send one."""

from functools import partial

from bot.commands import parser
from bot.commands.base import AnswerContext, TextCommand, Words
from bot.i18n import gettext as _
from bot.i18n import lazy
from bot.text import Text, compose
from core.imaging.scanning import MAX_DIGITS
from core.pictures.base import OneModelRequest


class HandCommand(TextCommand):
    """Read a photo; each platform passes it on in its own way, and the words behind the command are a number."""

    name = "hand"
    description = lazy("Read digits in a photo, and write in the same hand")
    position = 5
    in_group_menus = True
    menu_name = lazy("Write in this hand")

    def answer(self, context: AnswerContext) -> Text:
        """Return how to send a photo on each platform."""
        del context
        lines = _(
            "Show me up to {most} digits that you wrote, large and dark on plain paper: I read them and write in your "
            "hand.\n"
            "On Telegram send me the photo, or answer one with {name}; {number} writes that number.\n"
            "On Discord use {name}, or “{menu}” in the menu of a message.\n"
            "On my web page choose “In your hand”."
        )
        # No examples: as buttons they would come without a photo.
        return compose(lines, most=MAX_DIGITS, name="/hand", number="/hand 2026", menu=str(self.menu_name))

    def read_number(self, words: Words) -> "partial[OneModelRequest] | None":
        """Return a function that reads the number to write, or None where no word is given.

        Args:
            words: behind the command: a number and options such as `style=ink`.
        """
        return partial(_number, words) if words else None


def _number(words: Words) -> OneModelRequest:
    request = parser.read("number", words)
    assert isinstance(request, OneModelRequest)  # noqa: S101  as `/number` makes no other
    return request


COMMAND = HandCommand()
