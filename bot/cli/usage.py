"""Errors of usage in the words of the command line: `--count 3`, not `count=3`; exit code 64."""

import argparse
import os
import re
import shlex
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NoReturn

from bot.commands import registry
from bot.commands.converters import closest
from bot.commands.errors import MisspelledCommand, RepeatedOption, UnknownOption
from bot.conversation.sentences import sentence
from bot.text import Example
from core.errors import BadRequest

SCRIPT = "digit-bot"
"""The console script of pyproject.toml; it does what `python -m bot` does."""


class BadUsage(BadRequest):
    """Arguments that do not go together; `value` is a sentence about it."""


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, and exits with 64."""

    def error(self, message: str) -> NoReturn:
        """Print the message, and exit."""
        self.exit(os.EX_USAGE, f"{self.prog}: {message} (--help lists what there is)\n")


def refuse_unknown(arguments: Sequence[str], known: Collection[str]) -> None:
    """Refuse a command that there is not, is misspelled, or has this name in a chat alone.

    Args:
        arguments: at least one.
        known: the subcommands.

    Raises:
        MisspelledCommand: with the line that was probably meant.
        BadUsage: nothing is close.
    """
    typed, *rest = arguments
    if typed in known or typed.startswith("-"):
        return
    names = {command.name: command.cli_name for command in registry.picture_commands() if command.cli_name}
    names |= {name: name for name in known}
    close = closest(typed.lower(), names)
    if close is not None:
        raise MisspelledCommand(typed, shlex.join([names[close], *rest]))
    raise BadUsage(f"There is no command “{typed}”. The commands are {', '.join(known)}.")


def join_negative(arguments: Sequence[str]) -> list[str]:
    """Write `--walk -0.3,0.5` as `--walk=-0.3,0.5`, since argparse takes what begins with a dash for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and re.match(r"--\w+$", joined[-1]) and re.match(r"-[\d.]", argument):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def program() -> str:
    """Return the program as a person types it."""
    return SCRIPT if Path(sys.argv[0]).name == SCRIPT else "python -m bot"


def error_line(error: BadRequest) -> str:
    """Return a line about a request that cannot be drawn, with one that can."""
    if isinstance(error, BadUsage):
        return str(error.value)
    if isinstance(error, UnknownOption):
        error = UnknownOption(f"--{error.value}", [f"--{name}" for name in error.known])
    elif isinstance(error, RepeatedOption):
        error = RepeatedOption(f"--{error.value}")
    return sentence(error).render({Example: _example})


def _example(example: Example) -> str:
    """Write `/digit 4 seed=7` as `python -m bot draw 4 --seed 7`; without a slash it is a line of the command line."""
    if not example.line.startswith("/"):
        return f"{program()} {example.line}"
    name, *words = example.line.removeprefix("/").split()
    command = registry.find(name)
    arguments = [getattr(command, "cli_name", "") or command.name]
    for word in words:
        option, equals, value = word.partition("=")
        arguments += [f"--{option}", value] if equals else [word]
    return f"{program()} {shlex.join(arguments)}"
