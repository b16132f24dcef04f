"""What the buttons under a picture ask for, on every platform that has buttons."""

from dataclasses import dataclass, replace

from core.requests import CompareRequest, DrawRequest, Form, Picture, StripRequest, Style


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be had from a picture.

    Attributes:
        again: what was asked for, with a new seed.
        originals: the untouched images of this very picture: a single one as a PNG, more as a ZIP.
        digits: for a picture of one digit the same of each digit 0..9, with a new seed; else nothing.
    """

    again: DrawRequest
    originals: DrawRequest
    digits: tuple[DrawRequest, ...]


def offers(asked: DrawRequest, picture: Picture) -> Offers:
    """What to offer under the picture that `asked` was answered with."""
    again = replace(asked, seed=None, form=Form.PICTURE)
    form = Form.ORIGINAL if isinstance(asked, StripRequest) and asked.count == 1 else Form.ARCHIVE
    # An original has no colours, and a button no room to spare for them.
    originals = replace(_drawn(asked, picture), form=form, style=Style.CHALK)
    digits: tuple[DrawRequest, ...] = ()
    if isinstance(again, StripRequest | CompareRequest):
        digits = tuple(replace(again, digit=digit) for digit in range(10))
    return Offers(again, originals, digits)


def _drawn(asked: DrawRequest, picture: Picture) -> DrawRequest:
    """What was drawn; where all models drew without being named, their names stay out, too long for a button."""
    drawn = picture.request
    if isinstance(asked, CompareRequest) and isinstance(drawn, CompareRequest):
        return replace(drawn, models=asked.models)
    return drawn
