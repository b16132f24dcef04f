"""Answers of commands that draw nothing."""

from bot.commands import registry
from bot.commands.base import AnswerContext, TextRequest
from core.catalog import Catalog


def answer(name: str, catalog: Catalog) -> str:
    """Return the answer of a command."""
    return str(registry.text_command(TextRequest(name)).answer(AnswerContext(catalog, registry.commands())))
