"""Warnings about setting sources: misspelt variables, and broken lines of `.env`."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import parse_stream

from bot.config import sources

PREFIX = "DIGIT_"
"""The beginning of settings that are no platform's."""
LIKE_OURS, LIKE_ANY = 0.6, 0.85
"""Likeness, 0..1 by difflib, from which on a name counts as misspelt: of one with our prefix behind it, and of any
other, which is rarely meant for us. DISCORD_BOT_TOKEN is 0.87 like DISCORD_TOKEN."""


def warnings(known: Collection[str]) -> list[str]:
    """Return a sentence for each variable that looks like a setting and is none, and one for broken lines of `.env`.

    Args:
        known: the names of all settings.
    """
    return [*_unknown_variables(known), *_broken_lines()]


def _unknown_variables(known: Collection[str]) -> Iterator[str]:
    names, given = {*known, *(name + sources.FILE_SUFFIX for name in known)}, sources.given_names()
    for name in sorted(given - names):
        ours = name.startswith(PREFIX)
        meant = _nearest(name, names) if ours else next(iter(get_close_matches(name, names, 1, LIKE_ANY)), None)
        # A name without our prefix is another program's, unless the setting that it resembles is missing.
        if meant and (ours or meant not in given):
            yield f"{name} is no setting: did you mean {meant}?"
        elif ours:
            yield f"{name} is no setting, and changes nothing"


def _nearest(name: str, names: Collection[str]) -> str | None:
    """Return the setting with our prefix that a name resembles most behind it."""
    words = [other.removeprefix(PREFIX) for other in names if other.startswith(PREFIX)]
    found = get_close_matches(name.removeprefix(PREFIX), words, 1, LIKE_OURS)
    return PREFIX + found[0] if found else None


def _broken_lines() -> Iterator[str]:
    path = Path(sources.dotenv_path())
    try:
        with path.open(encoding="utf-8-sig") as file:
            lines = [str(part.original.line) for part in parse_stream(file) if part.error]
    except (OSError, ValueError):  # none, or a fault that `sources.read` returns
        return
    if lines:
        which = f"line {lines[0]} is" if len(lines) == 1 else f"lines {', '.join(lines[:-1])} and {lines[-1]} are"
        yield f"{path}: {which} left out; a line is NAME=value, or a comment after #"
