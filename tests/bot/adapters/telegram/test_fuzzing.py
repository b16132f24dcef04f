"""Callback data, deep links and inline queries, over texts and requests that nobody thought of."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message

from bot.adapters.telegram import callback_data, inline
from bot.adapters.telegram.handlers import line_of
from bot.commands import parser, registry
from bot.commands.base import TextRequest
from bot.commands.errors import Outdated
from core.errors import BadRequest
from core.pictures.base import Form, PictureRequest
from tests import fuzzing
from tests.fakes import telegram_rules as rules

FORGED = st.text(max_size=64) | st.builds("1{}{}".format, st.sampled_from("doaxz1"), fuzzing.lines)
"""Data that nobody's button carries, and data that looks like ours."""
LINKS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)


def opened(parameter: str) -> str:
    """Return the line that a link into the private chat stands for."""
    return line_of(Message(1, datetime.now(UTC), Chat(1, Chat.PRIVATE), text=f"/start {parameter}"))


@fuzzing.bounded
@given(fuzzing.requests, st.sampled_from([Form.PICTURE, Form.ORIGINAL, Form.ARCHIVE]))
def test_a_button_asks_for_what_it_was_made_for(request: PictureRequest, form: Form) -> None:
    """Data that fits is taken by Telegram and read as the very request; what does not fit has no button."""
    data = callback_data.write(replace(request, form=form))
    if data is not None:
        rules.check_keyboard({"inline_keyboard": [[{"text": "4", "callback_data": data}]]})
        assert callback_data.read(data) == replace(request, form=form)


@fuzzing.bounded
@given(FORGED)
def test_a_forged_button_is_outdated_at_worst(data: str) -> None:
    """Any data is a request for a picture, or told to be from another version."""
    try:
        request = callback_data.read(data)
    except Outdated:
        return
    written = callback_data.write(request)
    assert written is None or callback_data.read(written) == request


@fuzzing.bounded
@given(fuzzing.lines)
def test_whatever_is_typed_inline_leads_somewhere(text: str) -> None:
    """The button under any text carries a parameter that Telegram takes, to a line that draws, asks or explains."""
    parameter = inline.start_parameter(text)
    assert re.fullmatch("[A-Za-z0-9_-]{1,64}", parameter)
    if "_" in parameter:
        assert isinstance(parser.parse(opened(parameter)), PictureRequest)
    else:
        assert parameter in registry.names()


@fuzzing.bounded
@given(LINKS)
def test_a_forged_link_is_a_bad_line_at_worst(parameter: str) -> None:
    """Whoever writes a link of their own makes people read a sentence, and nothing worse."""
    try:
        request = parser.parse(opened(parameter))
    except BadRequest:
        return
    assert isinstance(request, PictureRequest | TextRequest)
