"""Redaction: secrets out of every log line."""

import json
import logging
import re
from collections.abc import Callable, Sequence
from functools import partial

HIDDEN = "[hidden]"
MIN_SECRET_PART = 20
"""Characters from which on a part of a token counts as secret by itself: signing parts have more, everywhere."""


class RedactingFormatter(logging.Formatter):
    """Removes secrets from the finished line, in whatever spelling.

    Args:
        inner: makes the line.
        secrets: as in `redaction`.
    """

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        self._redact = redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line with every secret hidden."""
        return self._redact(self._inner.format(record))


def redaction(secrets: Sequence[str]) -> Callable[[str], str]:
    """Return a function that hides every secret in a text, in whatever spelling.

    Args:
        secrets: to hide; long parts of them count as secret, too.
    """
    parts = {part for secret in secrets for part in re.split("[.:]", secret) if len(part) >= MIN_SECRET_PART}
    # The longest first: nothing of a whole token may stay, though a part of it matches as well.
    hidden = sorted({*secrets, *parts} - {""}, key=len, reverse=True)
    # Without secrets: a pattern that never matches.
    pattern = re.compile("|".join(map(_spellings, hidden)) or "(?!)")
    return partial(pattern.sub, HIDDEN)


def _spellings(secret: str) -> str:
    """Return a pattern of a text as it is, and as a URL, JSON or Python writes it, even only in part."""
    return "".join(f"(?:{_plain(character)}|{_encoded(character)})" for character in secret)


def _plain(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    if character == " ":  # a form writes it as a plus
        return "[ +]"
    # Each time that a quoted text is quoted again it gains backslashes.
    if character == "\\":
        return r"\\+"
    quoted = (f"'{character}'", json.dumps(character), ascii(character))
    names = {text[1:-1].lstrip("\\") for text in quoted}
    return rf"\\*(?:{'|'.join(map(re.escape, sorted(names)))})"


def _encoded(character: str) -> str:
    # A URL within a URL has its percent signs encoded in turn.
    return "".join(f"%(?:25)*(?i:{byte:02x})" for byte in character.encode())
