"""The buttons under a picture: *Again*, *Originals*, a number in its hand, and a list of choices."""

import discord
from discord import ui

from bot.adapters.discord import custom_ids
from bot.adapters.discord.custom_ids import Kind
from bot.adapters.discord.display import Display
from bot.adapters.discord.rendering import as_typed
from bot.conversation.reply import Buttons
from core.pictures.base import Form

AGAIN_EMOJI, ORIGINALS_EMOJI, NUMBER_EMOJI = "🎲", "🔍", "✍️"
MAX_CHOICES = 25
"""Values that a list may have."""


class ButtonView(ui.View):
    """The buttons of a reply; those whose `custom_id` would be too long are left out.

    Args:
        buttons: of the reply.
        display: of the reply, and of the replies to its buttons.
    """

    def __init__(self, buttons: Buttons, display: Display) -> None:
        super().__init__(timeout=None)
        if buttons.again and (again := custom_ids.write(Kind.AGAIN, buttons.again.request, display)):
            self.add_item(ui.Button(label=buttons.again.label, emoji=AGAIN_EMOJI, custom_id=again))
        if originals := buttons.originals:
            kind = Kind.ARCHIVE if originals.request.form is Form.ARCHIVE else Kind.ORIGINALS
            if custom_id := custom_ids.write(kind, originals.request, display):
                self.add_item(ui.Button(label=originals.label, emoji=ORIGINALS_EMOJI, custom_id=custom_id))
        if buttons.number and (number := custom_ids.write(Kind.AGAIN, buttons.number.request, display)):
            self.add_item(ui.Button(label=buttons.number.label, emoji=NUMBER_EMOJI, custom_id=number))
        if buttons.choices and buttons.blank and (pick := custom_ids.write(Kind.PICK, buttons.blank, display)):
            options = [discord.SelectOption(label=choice.label) for choice in buttons.choices[:MAX_CHOICES]]
            self.add_item(ui.Select(placeholder=buttons.choices_label, options=options, custom_id=pick))
        for suggestion in buttons.suggestions:
            if line := custom_ids.write(Kind.LINE, suggestion.request, display):
                self.add_item(ui.Button(label=as_typed(suggestion.line), custom_id=line))

    def is_finished(self) -> bool:
        """Return True, so that discord.py keeps nothing: a press is answered from its `custom_id` alone.

        A view that discord.py keeps costs memory for each message, and an ephemeral one a timer as well.
        """
        return True
