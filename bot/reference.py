"""Every setting, for people: as a file `.env` to start from, and as the README's table."""

from pydantic.fields import FieldInfo

from bot import notices
from bot.settings import WEIGHTS, Settings, variable


def env_example() -> str:
    """A `.env` that changes nothing yet: each setting with its meaning above it."""
    blocks = ["\n".join(f"# {line}" for line in notices.SETTINGS_HEAD.splitlines())]
    for name, field in Settings.model_fields.items():
        blocks.append(f"# {field.description}\n#{variable(name)}={_default(field)}")
    return "\n\n".join(blocks) + "\n"


def table() -> str:
    """The table in Markdown."""
    rows = [notices.SETTINGS_COLUMNS, ("---",) * len(notices.SETTINGS_COLUMNS)]
    for name, field in Settings.model_fields.items():
        default = notices.SHIPPED if field.default == WEIGHTS else _default(field) and f"`{_default(field)}`"
        rows.append((f"`{variable(name)}`", default, field.description or ""))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _default(field: FieldInfo) -> str:
    """As it is written; nothing where there is none, or where it is another on each machine."""
    return "" if field.default is None or field.default == WEIGHTS else str(field.default)
