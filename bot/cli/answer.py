"""`models`, `about`: a command that is answered with text."""

import argparse
import os

from bot.cli import language
from bot.cli.catalog import open_catalog
from bot.cli.output import print_result
from bot.commands import registry
from bot.commands.base import AnswerContext, TextCommand


def add_parsers(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add a parser for each such command; the command line has a help and a `hand` of its own."""
    for command in registry.commands():
        if isinstance(command, TextCommand) and command.name not in ("help", "hand"):
            parser = subparsers.add_parser(command.name, help=str(command.description))
            language.add_argument(parser)
            parser.set_defaults(run=_answer, answering=command)


def _answer(options: argparse.Namespace) -> int:
    catalog = open_catalog()
    command: TextCommand = options.answering
    print_result(str(command.answer(AnswerContext(catalog, registry.commands()))))
    return os.EX_OK
