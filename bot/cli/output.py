"""Lines to the terminal."""

import contextlib
import sys


def print_result(text: str, end: str = "\n") -> None:
    """Write a result to standard output, whatever its encoding: a path may hold bytes that are no text."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write((text + end).encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def print_note(line: str) -> None:
    """Write a note to standard error; where it cannot be written, as on a full disk, go on without it."""
    with contextlib.suppress(OSError):
        sys.stderr.write(line + "\n")
