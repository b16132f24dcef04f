"""`/help`: every command with a line that works, and every option."""

from collections.abc import Sequence

from bot.commands.base import AnswerContext, Drawing, PictureCommand, TextCommand
from bot.commands.options import Option
from bot.i18n import gettext as _
from bot.i18n import lazy
from bot.text import Example, OptionExample, Text, compose, join_lines, listed


class HelpCommand(TextCommand):
    """Explain the commands."""

    name = "help"
    description = lazy("How to ask")
    position = 8
    aliases = ("start", "h")
    in_group_menus = True

    def answer(self, context: AnswerContext) -> Text:
        """Return a line a command and a line an option."""
        drawing = [command for command in context.commands if isinstance(command, PictureCommand)]
        others = [command for command in context.commands if command is not self and command not in drawing]
        lines = [_line(Example(command.example), command.description) for command in drawing]
        lines += [_line(Example(f"/{command.name}"), command.description) for command in others]
        lines += [Text(), Text((_("You can add:"),))]
        lines += [_option_line(option, drawing, context) for option in _options(drawing, context)]
        return join_lines([*lines, Text(), Text((_("In place of a digit, random lets the bot choose."),))])


def _options(drawing: Sequence[Drawing], context: AnswerContext) -> list[Option]:
    every = [option for command in drawing for option in command.options]
    return list({option.name: option for option in (*every, *context.platform_options)}.values())


def _line(example: Example | OptionExample, description: lazy) -> Text:
    return compose(_("{example} – {description}"), example=example, description=description)


def _option_line(option: Option, drawing: Sequence[Drawing], context: AnswerContext) -> Text:
    """Describe an option, with the commands that take it unless all do."""
    takers = [f"/{command.name}" for command in drawing if option in (*command.options, *context.platform_options)]
    example = OptionExample(option.name, option.example_for(context.catalog))
    if len(takers) == len(drawing):
        return _line(example, option.description)
    template = _("{example} – {description} ({commands})")
    return compose(template, example=example, description=option.description, commands=listed(takers))


COMMAND = HelpCommand()
