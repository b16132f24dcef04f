"""`--lang`, or else the language of the environment, for those who draw on the command line."""

import argparse
import os
from collections.abc import Sequence

from bot import i18n

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Environment variables of the language; the first one that is set counts, as with gettext."""


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--lang`."""
    parser.add_argument("--lang", help="language of the answer, such as de (default: that of the environment)")


def choose(arguments: Sequence[str]) -> str:
    """Return the tag of the catalog for these arguments; read ahead, as the help is translated too."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--lang", nargs="?")
    given = parser.parse_known_args(arguments)[0].lang or ""
    environment = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    return i18n.negotiate([given, *(locale.partition(".")[0] for locale in environment.split(":"))])
