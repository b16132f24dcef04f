"""The slash commands, with names and descriptions that a translator can take up."""

from collections.abc import Mapping, Sequence
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range, locale_str

from bot import commands, replies
from bot.adapters.discord_app.orders import MANNERS, Order
from bot.commands import Command, Topic
from bot.values import RANDOM
from core.catalog import Model
from core.noise import MAX_SEED
from core.requests import MAX_COUNT, MAX_NEATNESS, MAX_TEXT, Style

if TYPE_CHECKING:
    from bot.adapters.discord_app.client import Client

TYPES: Mapping[str, object] = {
    "number": Range[str, 1, MAX_TEXT],
    "count": Range[int, 1, MAX_COUNT],
    "seed": Range[int, 0, MAX_SEED],
    "neat": Range[int, 0, MAX_NEATNESS],
} | dict.fromkeys(MANNERS, bool)
"""What an argument or an option is, unless it is any text."""
WORDS: Mapping[str, Sequence[str]] = {"digit": [*map(str, range(10)), RANDOM], "style": list(Style)}
CHOICES = {name: [Choice(name=locale_str(word), value=word) for word in words] for name, words in WORDS.items()}
"""What one chooses from, where that never changes."""
MOST_CHOICES = 25
"""What Discord shows of an autocomplete."""
LONGEST_CHOICE = 100
"""Characters that a choice may have."""


def every() -> list[app_commands.Command[Any, ..., Any]]:
    """Each command that there is."""
    return [*map(_drawing, commands.COMMANDS.values()), *map(_telling, Topic)]


def _drawing(command: Command) -> app_commands.Command[Any, ..., Any]:
    async def draw(interaction: "discord.Interaction[Client]", **given: Any) -> None:  # noqa: ANN401
        await interaction.client.responder.serve(interaction, lambda: _order(command, given))

    texts = replies.ARGUMENTS[command.name] | {name: replies.OPTIONS[name] for name in (*command.options, *MANNERS)}
    # discord.py learns from the signature what a callback takes, and the rest from these decorators.
    draw.__signature__ = _signature(command)  # type: ignore[attr-defined]
    app_commands.describe(**{name: locale_str(text) for name, text in texts.items()})(draw)
    app_commands.choices(**{name: choices for name, choices in CHOICES.items() if name in texts})(draw)
    app_commands.autocomplete(**{name: complete for name, complete in COMPLETIONS.items() if name in texts})(draw)
    description = locale_str(replies.DESCRIPTIONS[command.name])
    return app_commands.Command(name=locale_str(command.name), description=description, callback=draw)


def _signature(command: Command) -> Signature:
    defaults = dict.fromkeys(command.options) | dict.fromkeys(MANNERS, False)
    names = ("interaction", command.argument, *defaults)
    return Signature(
        [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                default=defaults.get(name, Parameter.empty),
                annotation=TYPES.get(name, str),
            )
            for name in names
        ]
    )


def _order(command: Command, given: Mapping[str, Any]) -> Order:
    # As texts, because a client with an older form of the command sends what this one does not allow.
    options = {name: str(given[name]) for name in command.options if given[name] is not None}
    request = commands.request(command.name, str(given[command.argument]).split(), options)
    return Order(request, **{name: given[name] for name in MANNERS})


async def _model(interaction: "discord.Interaction[Client]", typed: str) -> list[Choice[str]]:
    found = _matching(interaction, typed)
    return [Choice(name=f"{model.name}: {model.title}", value=model.name) for model in found][:MOST_CHOICES]


async def _models(interaction: "discord.Interaction[Client]", typed: str) -> list[Choice[str]]:
    """Complete the last name of a list."""
    *named, last = (name.strip() for name in typed.split(","))
    found = [model.name for model in _matching(interaction, last) if model.name not in named]
    lists = [",".join((*named, name)) for name in found]
    return [Choice(name=line, value=line) for line in lists if len(line) <= LONGEST_CHOICE][:MOST_CHOICES]


def _matching(interaction: "discord.Interaction[Client]", typed: str) -> list[Model]:
    models = interaction.client.responder.service.catalog.models
    return [model for model in models if typed.lower() in f"{model.name}: {model.title}".lower()]


COMPLETIONS = {"model": _model, "models": _models}
"""What is completed while somebody types, because it depends on the catalog."""


def _telling(topic: Topic) -> app_commands.Command[Any, ..., Any]:
    async def tell(interaction: "discord.Interaction[Client]") -> None:
        await interaction.client.responder.serve(interaction, lambda: Order(topic))

    description = locale_str(replies.DESCRIPTIONS[topic.value])
    return app_commands.Command(name=locale_str(topic.value), description=description, callback=tell)
