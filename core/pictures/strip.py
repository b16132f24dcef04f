"""A strip: images of one digit, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from core import latents
from core import walk as walks
from core.catalog import Catalog, Model
from core.errors import InvalidCount
from core.generator import one_hot
from core.imaging.encoding import File
from core.imaging.rendering import side_by_side
from core.pictures.base import Form, OneModelRequest, check_digit, originals, picked_digit, still

DEFAULT_COUNT = 5
MAX_COUNT = 10
STEP_COST = 1.3
"""Cost of a step of a walk, of the strip at its start: measured, 1.26 for five images and 1.25 for ten."""
OWN_SHARE = 0.5
"""Share of a latent that is an image's own where a hand is asked for: a strip varies as a writer does."""


@dataclass(frozen=True, slots=True)
class StripRequest(OneModelRequest):
    """A strip of images of one digit, side by side.

    Attributes:
        digit: 0..9, or None for one that the seed picks.
        count: images, 1..10.
        walk: place of a walk through the latent space, see `core.walk`; at its start the strip is that of the seed.

    Raises:
        InvalidDigit, InvalidCount, InvalidWalk: a value is out of its range.
    """

    digit: int | None
    count: int = DEFAULT_COUNT
    walk: walks.Place = walks.START

    def __post_init__(self) -> None:
        OneModelRequest.__post_init__(self)
        check_digit(self.digit)
        if not 1 <= self.count <= MAX_COUNT:
            raise InvalidCount(self.count)
        walks.check(self.walk)

    @property
    def digits(self) -> tuple[int, ...]:
        """The digit, once for each image."""
        return () if self.digit is None else (self.digit,) * self.count

    @property
    def is_step(self) -> bool:
        """Whether it is not at the start of a walk."""
        return self.walk != walks.START

    @property
    def originals_form(self) -> Form:
        """A PNG of a single image, a ZIP of several."""
        return Form.ORIGINAL if self.count == 1 else Form.ARCHIVE

    def settle(self, seed: int, catalog: Catalog) -> Self:
        """Settle the digit, too."""
        digit = picked_digit(self.digit, seed)
        (model,) = self.models(catalog)
        return replace(self, seed=seed, model=model.name, digit=digit)

    def cost(self, models: Sequence[Model]) -> float:
        """One image takes a third of five; a step is drawn twice, and encoded once."""
        del models
        return (self.count + 1) / 6 * (STEP_COST if self.is_step else 1)

    def render(self, seed: int, models: Sequence[Model]) -> File:
        """Draw each image from a latent of its own, or of its own in the hand asked for."""
        (model,) = models
        rows = self.rows(seed, self.digits, model, OWN_SHARE)
        if self.hand is None:
            rows = partial(latents.independent, seed, self.count, model.generator.latent_dim)
        images, drawn_from = self.draw(model, rows)
        if self.is_step:
            # Rejection sampling of its own would let images jump along the way.
            moved = walks.move(drawn_from, seed, self.walk)
            images = model.generator.draw(moved, one_hot(self.digits), self.truncation)
        return originals(images, self.digits, self.form) or still(side_by_side(images), self)
