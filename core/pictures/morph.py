"""A morph: an animation from digit to digit and back to the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from core.catalog import Model
from core.errors import EqualNeighbours, InvalidDigit, InvalidMorph
from core.imaging.encoding import File, animation
from core.imaging.rendering import side_by_side
from core.interpolation import Interpolation
from core.pictures.base import Form, OneModelRequest, originals, still

MAX_STATIONS = 6
"""Digits that a morph may pass through."""
OWN_SHARE = 0.6
"""Share of a latent that is a digit's own, the rest being the hand: the hand moves too, and yet strokes do not thin
out half-way as between two hands."""
OWN_SHARE_IN_HAND = 0.4
"""The same where a hand is asked for: it is to be seen in every frame."""
CARD_FRAMES = 6
"""Frames of a morph on a card, evenly from the whole loop."""
VARIATIONS = 3
"""Images that a morph of a single digit passes through."""


@dataclass(frozen=True, slots=True)
class MorphRequest(OneModelRequest):
    """An animation from digit to digit and back to the first.

    Attributes:
        stations: one to six digits of 0..9, no two neighbours equal; a single one is interpolated among its images.

    Raises:
        InvalidDigit, InvalidMorph, EqualNeighbours: the digit sequence is invalid.
    """

    moving: ClassVar[bool] = True

    stations: tuple[int, ...]

    def __post_init__(self) -> None:
        OneModelRequest.__post_init__(self)
        strange = next((digit for digit in self.stations if not 0 <= digit <= 9), None)
        if strange is not None:
            raise InvalidDigit(strange)
        if not 1 <= len(self.stations) <= MAX_STATIONS:
            raise InvalidMorph(len(self.stations))
        equal = next((one for one, other in pairwise(self.stations) if one == other), None)
        if equal is not None:
            raise EqualNeighbours(equal)

    @property
    def digits(self) -> tuple[int, ...]:
        """The digits that it passes through."""
        return self.stations

    def cost(self, models: Sequence[Model]) -> float:
        """Most of it is the frames, which are as many in every loop; each leg adds its probes."""
        del models
        return 12 + 1.4 * len(self.stations)

    def render(self, seed: int, models: Sequence[Model]) -> File:
        """Draw the frames of one loop."""
        (model,) = models
        single = len(self.digits) == 1
        digits = self.digits * VARIATIONS if single else self.digits
        own_share = OWN_SHARE_IN_HAND if self.hand else 1 if single else OWN_SHARE
        rows = self.rows(seed, digits, model, own_share)(0)
        loop = Interpolation(model.generator, digits, rows, self.truncation)
        untouched = originals(loop.frames, loop.digits, self.form)
        if self.form is Form.CARD:
            return still(side_by_side(loop.frames[:: len(loop.frames) // CARD_FRAMES]), self)
        return untouched or animation(loop.frames, loop.durations_ms, self.style)
