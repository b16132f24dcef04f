"""The playground: a strip that follows its controls."""

from bot.adapters.web.wording import PLAYGROUND_SCRIPT_WORDS, PLAYGROUND_WORDS
from bot.commands import converters, registry
from core.catalog import Catalog
from core.pictures.strip import StripRequest

FIRST = StripRequest(4)
"""The picture that it opens with, but for the seed."""
TYPED = ("seed", "hand", "walk")
"""Options that have no list or slider: the first and the last have controls of their own."""


def content(catalog: Catalog) -> dict[str, object]:
    """Return everything in the playground: the options of the command that draws it, and what each may be."""
    command = registry.command_for(FIRST)
    first = {option.name: getattr(FIRST, option.request_field) for option in command.options} | {
        "model": catalog.default
    }
    return {
        "playground": PLAYGROUND_WORDS,
        "playground_data": {
            "command": f"/{command.name}",
            "words": {name: str(text) for name, text in PLAYGROUND_SCRIPT_WORDS.items()},
        },
        "playground_options": [option for option in command.options if option.name not in TYPED],
        "playground_digits": [label for label, _ in command.choices(FIRST)],
        "playground_digit": converters.from_digit(FIRST.digit),
        "playground_first": first,
    }
