"""Text to request and back, over texts and requests that nobody thought of."""

from hypothesis import given
from hypothesis import strategies as st

from bot.commands.base import TextRequest
from bot.commands.parser import parse, write
from core.errors import BadRequest
from core.pictures.base import PictureRequest
from tests import fuzzing


@fuzzing.bounded
@given(fuzzing.requests, st.booleans())
def test_a_request_is_read_as_it_was_written(request: PictureRequest, brief: bool) -> None:
    """The line of a request means that very request, cut short or not."""
    assert parse(write(request, brief=brief)) == request


@fuzzing.bounded
@given(fuzzing.lines)
def test_any_text_is_a_request_or_a_named_mistake(text: str) -> None:
    """Whatever somebody types is read, or refused by an error that has a sentence."""
    try:
        request = parse(text)
    except BadRequest:
        return
    if not isinstance(request, TextRequest):
        assert parse(write(request)) == request
