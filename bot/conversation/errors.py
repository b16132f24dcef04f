"""Errors of what reached the bot and cannot be answered; the sentences are in `bot.conversation.sentences`."""

from core.errors import DigitError


class Missed(DigitError):
    """The message was sent too long ago.

    Attributes:
        repeated: whether the chat has been told so within the last minute.
    """

    def __init__(self, *, repeated: bool) -> None:
        super().__init__()
        self.repeated = repeated


class Unreadable(DigitError):
    """The platform sent an event that its library cannot read; nobody can be told."""


class NoHandReader(DigitError):
    """The weights folder has no reader and encoder, so that no photo can be read."""


class NotReceived(DigitError):
    """A photo did not arrive, or not in time."""
