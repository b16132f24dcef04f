"""Texts as parts: what people typed is quoted and nothing more, and a time is told as the platform does."""

import pytest

from bot.commands.parser import parse
from bot.conversation.sentences import sentence
from bot.limits.policy import AddressLimited, ChatLimited, CooldownActive
from bot.text import MAX_QUOTED, Quote, Wait
from core.errors import BadRequest, Overloaded


def test_a_long_text_is_not_thrown_back() -> None:
    """What was wrong is quoted in at most a line, however long it was."""
    with pytest.raises(BadRequest) as caught:
        parse("/digit " + "9" * 1_000_000)
    assert len(str(sentence(caught.value))) < 100


@pytest.mark.parametrize(
    ("typed", "quoted"), [("x" * MAX_QUOTED, "x" * MAX_QUOTED), ("x" * (MAX_QUOTED + 1), "x" * MAX_QUOTED + "…")]
)
def test_what_just_fits_is_quoted_whole(typed: str, quoted: str) -> None:
    """What is longer ends with three dots."""
    assert Quote(typed).shown == quoted


def test_braces_are_only_braces() -> None:
    """A text with the signs of a format string is quoted, not carried out."""
    with pytest.raises(BadRequest) as caught:
        parse("/digit {value.__class__}")
    assert "{value.__class__}" in str(sentence(caught.value))


def test_a_platform_may_tell_the_time_in_its_own_way() -> None:
    """What says when to come back can be a clock of the platform's own."""
    for error in (Overloaded(3), CooldownActive(3), AddressLimited(3), ChatLimited(3, repeated=False)):
        assert "at stroke 3." in sentence(error).render({Wait: lambda wait: f"at stroke {wait.seconds}"})
