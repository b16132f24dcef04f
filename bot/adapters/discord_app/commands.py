"""The slash commands, with names and descriptions that a translator can take up."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range, locale_str

from bot import commands, replies
from bot.adapters.discord_app.orders import Order
from bot.commands import Topic
from core.noise import MAX_SEED
from core.requests import MAX_COUNT

if TYPE_CHECKING:
    from bot.adapters.discord_app.client import Client

DIGITS = [*(str(digit) for digit in range(10)), commands.RANDOM]
MOST_CHOICES = 25
"""What Discord shows of an autocomplete."""


def every() -> list[app_commands.Command[Any, ..., Any]]:
    """Each command that there is."""
    return [digit, *(_telling(topic) for topic in Topic)]


@app_commands.command(name=locale_str("digit"), description=locale_str(replies.DESCRIPTIONS["digit"]))
@app_commands.describe(**{name: locale_str(text) for name, text in replies.OPTIONS.items()})
@app_commands.choices(digit=[Choice(name=locale_str(name), value=name) for name in DIGITS])
async def digit(
    interaction: "discord.Interaction[Client]",
    digit: str,
    count: Range[int, 1, MAX_COUNT] | None = None,
    seed: Range[int, 0, MAX_SEED] | None = None,
    model: str | None = None,
    ephemeral: bool = False,
    spoiler: bool = False,
) -> None:
    """Draw a strip."""
    # As texts, because a client with an older form of the command sends what this one does not allow.
    options = {name: str(value) for name, value in (("count", count), ("seed", seed)) if value is not None}
    if model is not None:
        options["model"] = model

    def read() -> Order:
        return Order(commands.strip_request(digit, options), ephemeral, spoiler)

    await interaction.client.responder.serve(interaction, read)


@digit.autocomplete("model")
async def _models(interaction: "discord.Interaction[Client]", typed: str) -> list[Choice[str]]:
    models = interaction.client.responder.service.catalog.models
    found = [Choice(name=f"{model.name}: {model.title}", value=model.name) for model in models]
    return [choice for choice in found if typed.lower() in choice.name.lower()][:MOST_CHOICES]


def _telling(topic: Topic) -> app_commands.Command[Any, ..., Any]:
    async def tell(interaction: "discord.Interaction[Client]") -> None:
        await interaction.client.responder.serve(interaction, lambda: Order(topic))

    description = locale_str(replies.DESCRIPTIONS[topic.value])
    return app_commands.Command(name=locale_str(topic.value), description=description, callback=tell)
