"""Whom Telegram names as the sender of a message."""

import pytest
from telegram import Chat, User

from bot.adapters.telegram.handlers import SHARED_USERS, _sender

GROUP, CHANNEL = Chat(-1, Chat.SUPERGROUP), Chat(-2, Chat.CHANNEL)
ALICE, SHARED = (User(number, "Alice", is_bot=False) for number in (5, min(SHARED_USERS)))


@pytest.mark.parametrize(
    ("user", "sender_chat", "person"),
    [(ALICE, None, 5), (ALICE, CHANNEL, 5), (SHARED, CHANNEL, -2), (None, CHANNEL, -2), (SHARED, None, -1)],
)
def test_who_writes_for_a_chat_is_that_chat(user: User | None, sender_chat: Chat | None, person: int) -> None:
    """Else all who do would share a cooldown, being one user to Telegram."""
    assert _sender(user, GROUP, sender_chat).person == person
