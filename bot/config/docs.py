"""Settings docs: every setting as a file `.env` to start from, and as a table in Markdown."""

from collections.abc import Sequence

from pydantic.fields import FieldInfo

from bot.config.fields import SettingsGroup
from bot.config.settings import WEIGHTS

HEAD = (
    "Settings of Digit Bot: copy this file to .env and take the # away where you want something else.\n"
    "A setting in the environment wins over one here. Each can stand in a file instead: NAME_FILE=/path/to/it."
)
COLUMNS = ("setting", "default", "meaning")
SHIPPED = "the repository's `weights`"
"""The default of a setting that is another path on each machine."""

Groups = Sequence[type[SettingsGroup]]


def env_example(groups: Groups) -> str:
    """Return a `.env` that changes nothing yet: each setting with its meaning above it."""
    blocks = ["\n".join(f"# {line}" for line in HEAD.splitlines())]
    blocks += [f"# {field.description}\n#{name}={_default(field)}" for name, field in _fields(groups)]
    return "\n\n".join(blocks) + "\n"


def table(groups: Groups) -> str:
    """Return the table in Markdown."""
    rows = [COLUMNS, ("---",) * len(COLUMNS)]
    for name, field in _fields(groups):
        default = SHIPPED if field.default == WEIGHTS else _default(field) and f"`{_default(field)}`"
        rows.append((f"`{name}`", default, field.description or ""))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _fields(groups: Groups) -> list[tuple[str, FieldInfo]]:
    return [(group.variable(name), field) for group in groups for name, field in group.model_fields.items()]


def _default(field: FieldInfo) -> str:
    """Return the default as it is written; nothing where there is none, or where it differs from machine to machine."""
    return "" if field.default is None or field.default == WEIGHTS else str(field.default)
