"""The playground: a strip that follows its controls."""

from bot.adapters.web.wording import PLAYGROUND_SCRIPT_WORDS, PLAYGROUND_WORDS
from bot.commands import converters, registry
from bot.commands.options import SEED, Option
from core.catalog import Catalog
from core.pictures.strip import StripRequest

FIRST = StripRequest(4)
"""The picture that it opens with, but for the seed."""


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
        "playground_options": [option for option in command.options if _has_list_or_slider(option, catalog)],
        "playground_digits": [label for label, _ in command.choices(FIRST)],
        "playground_digit": converters.from_digit(FIRST.digit),
        "playground_first": first,
    }


def _has_list_or_slider(option: Option, catalog: Catalog) -> bool:
    """Return whether its values fit a list or a slider; the seed and the walk have controls of their own."""
    return option is not SEED and (option.maximum is not None or bool(option.values(catalog)))
