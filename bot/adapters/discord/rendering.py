"""A reply's text in Discord's markdown."""

import math
import re
import time

import discord

from bot.conversation.reply import Reply
from bot.text import Example, OptionExample, Quote, Renderers, Wait


def render(reply: Reply) -> str:
    """Return the content of the message for a reply."""
    text = reply.text.render(CAPTION_RENDERERS if reply.picture else RENDERERS)
    return f"{text}\n{reply.note}" if reply.note else text


def escape(text: str) -> str:
    """Escape markdown, emoji, mentions, links and timestamps: `- 5` is no list, and `:100:` no emoji."""
    return re.sub("[:<@]", r"\\\g<0>", discord.utils.escape_markdown(text, ignore_links=False))


def _quote(quote: Quote) -> str:
    return escape(str(quote))


def as_typed(line: object) -> str:
    """Write options as they are typed on Discord: `seed:7`."""
    return str(line).replace("=", ":")


def _countdown(wait: Wait) -> str:
    """Write a relative timestamp, which each person's client counts down."""
    return f"<t:{math.ceil(time.time()) + wait.seconds}:R>"


RENDERERS: Renderers = {Quote: _quote, Example: as_typed, OptionExample: as_typed, Wait: _countdown}
# A caption repeats a number that somebody typed.
CAPTION_RENDERERS: Renderers = {str: escape}
