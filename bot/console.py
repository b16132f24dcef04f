"""Console messages: one line each, for the operator who starts the bot."""

from collections.abc import Mapping, Sequence

from bot import __version__
from bot.config import sources
from bot.config.sources import BadSettings
from core.catalog import Catalog
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


def welcome(address: str, catalog: Catalog, connecting: Sequence[str], missing: Mapping[str, str]) -> str:
    """Return the line about a bot that serves.

    Args:
        address: of the web page.
        catalog: the models.
        connecting: titles of the platforms that have a token.
        missing: the variable of the token by the title of each platform that has none.
    """
    models = ", ".join(catalog.names)
    lines = [f"Digit Bot {__version__} draws at {address} with {models}. Stop it with Ctrl+C."]
    if connecting:
        lines.append(f"Connecting to {' and '.join(connecting)}.")
    lines += [f"Set {token} to serve {title} too." for title, token in missing.items()]
    return " ".join(lines)
