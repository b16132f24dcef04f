"""Run the bot with other constants, so that a test does not wait as long as an operator does.

CONSTANTS='{"bot.supervisor.MIN_LIFETIME_SECONDS": 0}' python -m tests.constants ARGUMENTS
"""

import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "CONSTANTS"


def replacing(environment: Mapping[str, str] | None = None, /, **constants: float | str) -> dict[str, str]:
    """Return the environment in which `start` runs the bot with these constants.

    Args:
        environment: whose constants are replaced as well.
        constants: value by name, with two underscores for a dot: `supervisor__MIN_LIFETIME_SECONDS=0`.
    """
    others = json.loads((environment or {}).get(VARIABLE, "{}"))
    return {
        VARIABLE: json.dumps(others | {f"bot.{name.replace('__', '.')}": value for name, value in constants.items()})
    }


def main() -> int:
    """Replace the constants, then do what `python -m bot` does."""
    for name, value in json.loads(os.environ.pop(VARIABLE)).items():
        module, _, constant = name.rpartition(".")
        found = importlib.import_module(module)
        kind = type(getattr(found, constant))
        assert issubclass(kind, float | Path), f"{name} is no constant"
        setattr(found, constant, kind(value))
    return importlib.import_module("bot.cli.main").main()


if __name__ == "__main__":
    sys.exit(main())
