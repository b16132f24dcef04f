"""A clock that can be set while the bot runs, by libfaketime."""

from pathlib import Path

from tests import programs


def settable(clock: Path) -> dict[str, str]:
    """Return the environment in which the clock of a process is as far ahead as a file says: `+3600` is an hour."""
    return {
        "LD_PRELOAD": programs.LIBFAKETIME.path(),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        # The clock that counts from the start of the machine cannot be set.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # A workaround of the library's for older systems, by which Python's threads wait for one another for ever.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }
