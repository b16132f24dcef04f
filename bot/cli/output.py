"""Lines to the terminal."""

import contextlib
import sys
from collections.abc import Iterator
from typing import BinaryIO


def print_result(text: str, end: str = "\n") -> None:
    """Write a result to standard output, whatever its encoding: a path may hold bytes that are no text."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write((text + end).encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


@contextlib.contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Open standard output for bytes; it stays open."""
    with open(sys.stdout.fileno(), "wb", closefd=False) as file:
        yield file


def print_note(line: str) -> None:
    """Write a note to standard error; where it cannot be written, as on a full disk, go on without it."""
    with contextlib.suppress(OSError):
        sys.stderr.write(line + "\n")
