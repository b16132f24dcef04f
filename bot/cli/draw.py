"""`draw`, `number`, `morph`, `compare`: a picture to a file."""

import argparse
import contextlib
import os
from dataclasses import replace
from pathlib import Path

from bot.cli import dataset, language
from bot.cli.output import print_note
from bot.commands import parser as line_parser
from bot.commands import registry
from bot.commands.base import Drawing
from bot.config import loading
from bot.conversation import urls
from core.files import replacing
from core.pictures.base import Form, draw

FORMS = {"original": Form.ORIGINAL, "zip": Form.ARCHIVE}


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
    words = "+" if argument.several else "*"
    parser.add_argument("words", nargs=words, metavar=argument.name, help=str(argument.description))
    for option in command.options:
        parser.add_argument(f"--{option.name}", metavar=option.example, help=str(option.description))
    originals = "the untouched 28 x 28 images: side by side in one PNG, or each in a PNG of its own"
    parser.add_argument("--originals", choices=FORMS, help=originals)
    out = "the file; of a data set the folder (default: named after what is drawn, in this folder)"
    parser.add_argument("--out", metavar="PATH", type=Path, help=out)


def _run(options: argparse.Namespace) -> int:
    command: Drawing = options.drawing
    given = given_options(options, command)
    try:
        print_note(dataset.draw_dataset(options, given) if getattr(options, "all", False) else _draw(options, given))
    except OSError as error:
        path, reason = error.filename or options.out, error.strerror or str(error)
        print_note(f"{path} cannot be written ({reason}). Name another one with --out.")
        return os.EX_CANTCREAT
    return os.EX_OK


def _draw(options: argparse.Namespace, given: dict[str, str]) -> str:
    """Draw one picture to a file, and return a line about it."""
    command: Drawing = options.drawing
    request = line_parser.read(command.name, options.words, given)
    request = replace(request, form=FORMS.get(options.originals, Form.PICTURE))
    catalog = loading.open_catalog(loading.load({}).settings)
    with contextlib.ExitStack() as stack:
        # Opened before anything is drawn: a path that cannot be written is told at once.
        file = stack.enter_context(replacing(options.out)) if options.out else None
        picture = draw(catalog, request)
        path: Path = options.out or Path(urls.file_name(picture))
        (file or stack.enter_context(replacing(path))).write(picture.data)
    return f"{path}: {command.caption(picture.request, picture.titles)}"
