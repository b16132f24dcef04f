"""Text on Discord: options as they are typed there, times that count down, and nobody's words as markdown."""

import re
import time

import pytest

from bot.adapters.discord.rendering import escape, render
from bot.commands import registry
from bot.commands.base import AnswerContext, TextCommand
from bot.conversation.reply import Reply
from bot.text import Example, OptionExample, Quote, Text, wait
from core.catalog import Catalog


def test_an_option_is_written_as_it_is_typed() -> None:
    """A slash command takes `seed:7`; an equals sign in prose stays."""
    text = Text((Example("/digit 4 count=3 seed=7"), " = ", OptionExample("neat", "80")))
    assert render(Reply(text)) == "/digit 4 count:3 seed:7 = neat:80"


def test_a_wait_counts_down() -> None:
    """A time to come is one that each person's client counts down to, never earlier than it is."""
    found = re.fullmatch(r"Try again <t:(\d+):R>\.", render(Reply(Text(("Try again ", wait(30), ".")))))
    assert found is not None
    assert time.time() + 29 < int(found[1]) <= time.time() + 31


@pytest.mark.parametrize(
    "words",
    ["*a* _b_ ~c~ |d|", "`code`", ":100:", "<@1>", "<#1>", "<t:1:R>", "@everyone", "https://a.bc/_d_", "[a](b)", "\\"],
)
def test_a_persons_words_are_shown_as_they_are(words: str) -> None:
    """Each sign that Discord could make something of is escaped, and nothing else is added."""
    rendered = render(Reply(Text((Quote(words),))))
    assert re.sub(r"\\(.)", r"\1", rendered) == f"“{words}”"
    assert not re.search(r"(?<!\\)(\\\\)*[*_~|`:<@]", rendered)
    assert "[a](" not in rendered.replace("\\[", "")


@pytest.mark.parametrize(("caption", "escaped"), [("- 5", "\\- 5"), (":100:", "\\:100\\:"), ("2026", "2026")])
def test_a_number_is_no_list_and_no_emoji(caption: str, escaped: str) -> None:
    """A caption is read as its number was typed."""
    assert escape(caption) == escaped


@pytest.mark.parametrize("command", [each for each in registry.commands() if isinstance(each, TextCommand)])
def test_answers_show_options_as_they_are_typed(catalog: Catalog, command: TextCommand) -> None:
    """No answer shows the syntax of another platform."""
    assert "=" not in render(Reply(command.answer(AnswerContext(catalog, registry.commands()))))
