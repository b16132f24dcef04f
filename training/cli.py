"""Command line of training: a mistake ends in one sentence and an exit code, not in a traceback."""

import argparse
import functools
import logging
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn, Self

logger = logging.getLogger(__name__)

Main = Callable[[Sequence[str] | None], int]

FAILED, USAGE = 1, 2
"""Exit codes: the command could not do it; its options do not fit, as argparse has it."""
SIGNALLED = 128
"""Added to a signal's number, as shells do: 130 after Ctrl+C."""


class CommandError(Exception):
    """Ends a command; its text is the sentence that is shown."""


class Parser(argparse.ArgumentParser):
    """Argument parser that refuses in one sentence, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Exit with the sentence."""
        self.exit(USAGE, f"{self.prog}: {message} (--help lists the options)\n")


def png(text: str) -> Path:
    """Convert the path of a PNG that is to be written, for `add_argument`.

    Raises:
        argparse.ArgumentTypeError: it has another ending.
    """
    if not text.lower().endswith(".png"):
        raise argparse.ArgumentTypeError(f"a PNG is written: the name should end in .png, unlike {text}")
    return Path(text)


class Stop:
    """Context in which the first Ctrl+C or SIGTERM is a request to stop, and the second ends the process at once.

    Attributes:
        signal: number of the signal that was received; 0 before.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self) -> None:
        self.signal = 0

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._receive) for number in self.SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    def _receive(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.signal = number
        self._restore()
        logger.info("stopping after this step; once more stops at once")

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def command(main: Main) -> Main:
    """Decorate `main` of a command: its log goes to standard error, an error becomes a sentence and an exit code."""

    @functools.wraps(main)
    def wrapped(arguments: Sequence[str] | None = None) -> int:
        # The root logger stays at WARNING: the exporter logs a lot at INFO.
        logging.basicConfig(format="%(message)s")
        for name in ("training", "__main__"):
            logging.getLogger(name).setLevel(logging.INFO)
        try:
            return main(arguments)
        except CommandError as error:
            logger.error("%s", error)
            return FAILED
        except KeyboardInterrupt:
            logger.info("stopped")
            return SIGNALLED + signal.SIGINT

    return wrapped


def threads(text: str) -> int:
    """Convert the option `--threads` to an integer of at least 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of threads")
    return int(text)
