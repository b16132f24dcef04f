"""Console messages for the operator who starts the bot."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import __version__
from bot.config import sources
from bot.config.sources import BadSettings
from core.errors import BadWeights


def error_line(error: BadSettings | BadWeights) -> str:
    """Return one line that says which setting or file is wrong, and how to fix it."""
    if isinstance(error, BadSettings):
        return f"{error.name}: {error.reason}.{_place(error.name)}"
    return f"{error.path} {error.reason}. Restore it from the repository, or set DIGIT_WEIGHTS to a good folder."


def _place(name: str) -> str:
    """Return where the operator has to correct a setting; nothing for one that nobody has set."""
    path = sources.origin(name)
    if path:
        return f" It stands in {path}: correct it there and start again."
    return " Correct it in the environment and start again." if sources.is_set(name) else ""


@dataclass(frozen=True, slots=True)
class Start:
    """The message about a bot that serves.

    Attributes:
        address: at which this machine reaches the web page.
        everywhere: whether the other addresses of this machine lead there, too.
        models: their names.
        connecting: titles of the platforms that have a token.
        missing: the variable of the token by the title of each platform that has none.
    """

    address: str
    everywhere: bool
    models: Sequence[str]
    connecting: Sequence[str]
    missing: Mapping[str, str]

    def __str__(self) -> str:
        """Return three lines for a terminal, the address alone on the first."""
        where = "there, and at every address of this machine," if self.everywhere else "there"
        third = ["Stop it with Ctrl+C."]
        if self.connecting:
            third.append(f"Connecting to {' and '.join(self.connecting)}.")
        third += [f"Set {token} to serve {title} too." for title, token in self.missing.items()]
        second = f"Digit Bot {__version__} draws {where} with {', '.join(self.models)}."
        return "\n".join((self.address, second, " ".join(third)))

    def as_json(self) -> str:
        """Return a line of the log, for everything that is no terminal; whatever level the log has, it is written."""
        return json.dumps(
            {
                "event": "serving",
                "address": self.address,
                "version": __version__,
                "models": list(self.models),
                "connecting": list(self.connecting),
                "level": "info",
                "logger": "app",
                "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            }
        )
