"""The buttons under a picture: *Again*, *Originals* and a list of digits."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot import replies
from bot.adapters.discord_app.orders import Kind, Order, read_custom_id, to_custom_id
from bot.offers import Offers
from core.requests import Form

if TYPE_CHECKING:
    from bot.adapters.discord_app.client import Client


class Press(ui.DynamicItem[ui.Item[Any]], template=re.compile(".*", re.DOTALL)):
    """Any button or list of ours, whichever process or version sent it.

    One class for all of them: discord.py drops what no template matches, and the person would read
    that the interaction failed; so the template takes everything and `read_custom_id` judges.
    """

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """The pressed one, as discord.py rebuilt it from the message."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with a message of its own."""
        client: Client = interaction.client
        values = self.item.values if isinstance(self.item, ui.Select) else ()
        await client.responder.serve(interaction, lambda: read_custom_id(self.custom_id, values))


class Buttons(ui.View):
    """What stands under a picture: of what is offered there, all that fits a button.

    Args:
        order: what the picture answers.
        offered: what can be had from it.
    """

    def __init__(self, order: Order, offered: Offers) -> None:
        super().__init__(timeout=None)
        untouched = Kind.ARCHIVE if offered.originals.form is Form.ARCHIVE else Kind.ORIGINALS
        if again := to_custom_id(Kind.AGAIN, offered.again, order):
            self.add_item(Press(ui.Button(label=replies.AGAIN, emoji="🎲", custom_id=again)))
        if originals := to_custom_id(untouched, offered.originals, order):
            self.add_item(Press(ui.Button(label=replies.ORIGINALS, emoji="🔍", custom_id=originals)))
        if offered.digits and (pick := to_custom_id(Kind.PICK, offered.again, order)):
            options = [discord.SelectOption(label=str(request.digits[0])) for request in offered.digits]
            self.add_item(Press(ui.Select(placeholder=replies.PICK, options=options, custom_id=pick)))

    def is_finished(self) -> bool:
        """True: discord.py is to keep nothing of it.

        A press is answered from its `custom_id` alone. A view that discord.py keeps costs memory for
        each message, an ephemeral one a timer as well, and one that ends may take the template along.
        """
        return True
