"""Custom_ids, over texts and requests that nobody thought of."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import custom_ids
from bot.adapters.discord.custom_ids import MAX_CHARACTERS, Kind
from bot.adapters.discord.display import Display
from bot.commands.errors import Outdated
from core.pictures.base import PictureRequest
from tests import fuzzing

FORGED = st.text(max_size=100) | st.builds(
    "1:{}:{}:{}".format, st.sampled_from(Kind), st.text("eshp", max_size=3), fuzzing.lines
)
"""Ids that nobody's button has, and ids that look like ours."""


@fuzzing.bounded
@given(fuzzing.requests, st.builds(Display, st.booleans(), st.booleans()))
def test_a_button_asks_for_what_it_was_made_for(request: PictureRequest, display: Display) -> None:
    """An id that fits is read as the very request, shown as it was; what does not fit has no button."""
    custom_id = custom_ids.write(Kind.AGAIN, request, display)
    if custom_id is not None:
        assert len(custom_id) <= MAX_CHARACTERS
        assert custom_ids.read(custom_id, ()) == request
        assert custom_ids.read_display(custom_id) == display


@fuzzing.bounded
@given(FORGED, st.lists(st.text(max_size=8), max_size=2))
def test_a_forged_button_is_outdated_at_worst(custom_id: str, values: Sequence[str]) -> None:
    """Any id is a request for a picture, or told to be from another version."""
    custom_ids.read_display(custom_id)
    try:
        request = custom_ids.read(custom_id, values)
    except Outdated:
        return
    assert isinstance(request, PictureRequest)
