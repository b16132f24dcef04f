"""`draw`, `number`, `morph`, `compare`: a picture to a file."""

import argparse
import os
import shlex
from dataclasses import replace

from bot.cli import dataset, language, picture_file, usage
from bot.cli.catalog import open_catalog
from bot.cli.output import print_note
from bot.cli.usage import BadUsage
from bot.commands import parser as line_parser
from bot.commands import registry
from bot.commands.base import Drawing
from bot.commands.errors import in_command
from bot.commands.options import COUNT
from core.dataset import DataSetExists
from core.pictures.base import Form, PictureRequest

ORIGINALS = {"original": Form.ORIGINAL, "zip": Form.ARCHIVE}


def add_parsers(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add a parser for each command that draws."""
    for command in registry.picture_commands():
        parser = subparsers.add_parser(command.cli_name or command.name, help=str(command.description))
        _add_arguments(parser, command)
        language.add_argument(parser)
        parser.set_defaults(run=_run, drawing=command)
        if command.cli_name == dataset.CLI_NAME:
            dataset.add_arguments(parser)


def given_options(options: argparse.Namespace, command: Drawing) -> dict[str, str]:
    """Return the options of the command that were given, as texts by name."""
    names = [option.name for option in command.options]
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _add_arguments(parser: argparse.ArgumentParser, command: Drawing) -> None:
    argument = command.argument
    parser.add_argument("words", nargs="*", metavar=argument.name, help=str(argument.description))
    for option in command.options:
        # Models are not loaded for a help.
        metavar = ("NAME,NAME" if option.several else "NAME") if option.titles else option.example
        more = f" ({usage.program()} models lists them)" if option.titles else ""
        parser.add_argument(f"--{option.name}", metavar=metavar, help=f"{option.description}{more}")
    originals = "the untouched 28 x 28 images: side by side in one PNG, or each in a PNG of its own"
    parser.add_argument("--originals", choices=ORIGINALS, help=originals)
    more = "; of a data set the folder" if command.cli_name == dataset.CLI_NAME else ""
    picture_file.add_argument(parser, more, moving=command.request.moving)


def _run(options: argparse.Namespace) -> int:
    given = given_options(options, options.drawing)
    try:
        print_note(dataset.draw_dataset(options, given) if dataset.is_asked(options) else _draw(options, given))
    except DataSetExists as error:
        return picture_file.print_unwritten(error, options.out, dataset.REPLACE)
    except OSError as error:
        return picture_file.print_unwritten(error, options.out)
    return os.EX_OK


def _draw(options: argparse.Namespace, given: dict[str, str]) -> str:
    """Draw one picture to a file, and return a line about it."""
    command: Drawing = options.drawing
    plain = [word for word in options.words if "=" not in word]
    if len(plain) > 1 and not command.argument.several:
        # In a chat the count may stand there.
        more = f" For more of the same try {usage.program()} {options.command} {shlex.quote(plain[0])} --count 3."
        raise BadUsage(f"One digit at a time: leave “{plain[1]}” out.{more if COUNT in command.options else ''}")
    request: PictureRequest = line_parser.read(command.name, options.words, given)
    form = picture_file.form(request, options.out, ORIGINALS.get(options.originals))
    with in_command(command.name):
        return picture_file.write(open_catalog(), replace(request, form=form), options.out)
