"""`run`: serve every adapter that has a token, and the web page always."""

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import sys
from typing import NoReturn

M_MMAP_THRESHOLD = -3
"""Of glibc's mallopt(3)."""
MMAP_THRESHOLD_BYTES = 1_000_000
"""Blocks from this size on go back to the system when they are freed. glibc raises it to the largest block ever freed,
and would keep 100 MB after a few photos; reading one takes 16 ms longer so, and a strip no time."""


def serve() -> NoReturn:
    """Serve until a signal, and end the process.

    Raises:
        BadSettings, BadWeights: a setting or the models cannot be used.
    """
    # A closed terminal ends nothing, not even a start; `app.serve` logs it.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Loaded after the signal handlers are in place: a signal ends the process with 0 from its first moment on.
    from bot import app, console
    from bot.adapters.registry import settings_by_name
    from bot.config import loading
    from bot.supervisor import AllRefused
    from bot.telemetry import logs

    _raise_file_limit()
    _return_freed_memory()
    configuration = loading.load(settings_by_name())
    log = logs.configure(configuration.settings.log_level, configuration.secrets)
    for warning in configuration.warnings:
        logging.getLogger("app").warning(warning)

    def announce(start: console.Start) -> None:
        _trim_memory()
        # What the start made stays: a garbage collection would go through all of it, and stop the bot meanwhile.
        gc.freeze()
        log.write(str(start) if sys.stderr.isatty() else start.as_json())

    code = os.EX_OK
    try:
        asyncio.new_event_loop().run_until_complete(app.serve(configuration, announce))
    except AllRefused:
        code = os.EX_UNAVAILABLE
    logging.shutdown()
    # Everything is closed. A thread that looks up a name without an answer may be left: nothing can end it, and
    # Python would wait for it.
    os._exit(code)


def end_at_a_signal() -> None:
    """End with 0 at a signal until the event loop listens to signals: there is nothing to finish yet."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)


def _end(*_: object) -> None:
    # An exception, SystemExit too, would become another one where C code is just loading a module.
    os._exit(os.EX_OK)


def _raise_file_limit() -> None:
    """Allow as many open files as the system does: the default of 1,024 includes connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS has no hard limit, and refuses none.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


# macOS and musl have neither mallopt nor malloc_trim, and return freed memory anyway.


def _return_freed_memory() -> None:
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES)


def _trim_memory() -> None:
    """Return to the system what the start needed and the bot does not."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
