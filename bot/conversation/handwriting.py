"""A photo that was read, in words, and what is drawn in its hand."""

import math
from dataclasses import replace

from bot.i18n import gettext as _
from bot.text import Text, compose, percent
from core.handwriting import Handwriting
from core.imaging.scanning import MAX_DIGITS
from core.pictures.base import OneModelRequest, PictureRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest

ALL_DIGITS = "0123456789"
"""The number that shows a whole hand."""
MAX_PERCENT = 99
"""Of confidence: nothing is certain, and 1.0 is one only by rounding."""


def describe(handwriting: Handwriting) -> Text:
    """Return what was read: `I read 4 (99% sure).`, or one friendly sentence where there is no digit."""
    if handwriting.crowded:
        return compose(
            _("I read up to {most} digits at a time, and see more than that. Please send a photo of fewer."),
            most=MAX_DIGITS,
        )
    if not handwriting.digits:
        return compose(_("I see no digit in that. Write one large and dark on plain paper, and try again."))
    confidence = min(100 * read.confidence for read in handwriting.digits)
    text = _("I read {number} ({confidence} sure).")
    return compose(text, number=handwriting.text, confidence=percent(min(math.floor(confidence), MAX_PERCENT) / 100, 0))


def written_in(hand: str, what: OneModelRequest | Handwriting) -> OneModelRequest:
    """Return a request in a hand: the one given, or for what was read: five of a single digit, or the number."""
    if isinstance(what, Handwriting):
        one, *more = what.digits
        what = NumberRequest(what.text) if more else StripRequest(one.digit)
    return replace(what, hand=hand)


def number_in_hand(request: PictureRequest) -> NumberRequest | None:
    """Return the request for all ten digits in the hand of a strip; None for any other picture."""
    if not isinstance(request, StripRequest) or request.hand is None:
        return None
    return NumberRequest(ALL_DIGITS, model=request.model, style=request.style, neat=request.neat, hand=request.hand)
