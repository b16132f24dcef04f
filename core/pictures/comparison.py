"""A comparison: one digit by several models, a labelled row for each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from core import latents
from core.catalog import Catalog, Model
from core.generator import one_hot
from core.imaging import encoding
from core.imaging.encoding import File
from core.imaging.page import Row
from core.imaging.rendering import side_by_side
from core.pictures.base import Form, PictureRequest, check_digit, originals, picked_digit, still

ROW_COUNT = 5
"""Images in a row."""


@dataclass(frozen=True, slots=True)
class CompareRequest(PictureRequest):
    """One digit by several models, a labelled row of five for each.

    Attributes:
        digit: 0..9, or None for one that the seed picks.
        names: of models in the catalog, in the order of the rows; none stands for all.

    Raises:
        InvalidDigit: the value is out of its range.
    """

    digit: int | None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        PictureRequest.__post_init__(self)
        check_digit(self.digit)

    @property
    def digits(self) -> tuple[int, ...]:
        """The digit, once for each image of a row."""
        return () if self.digit is None else (self.digit,) * ROW_COUNT

    @property
    def model_names(self) -> tuple[str, ...]:
        """The names."""
        return self.names

    def models(self, catalog: Catalog) -> tuple[Model, ...]:
        """Return the named models, each once, or all."""
        found = {model.name: model for model in map(catalog.find, self.names or catalog.names)}
        return tuple(found.values())

    def settle(self, seed: int, catalog: Catalog) -> Self:
        """Settle the seed, the digit and the models."""
        names = tuple(model.name for model in self.models(catalog))
        return replace(self, seed=seed, digit=picked_digit(self.digit, seed), names=names)

    def cost(self, models: Sequence[Model]) -> float:
        """A row is a strip with a label."""
        return 1.25 * len(models)

    def render(self, seed: int, models: Sequence[Model]) -> File:
        """Draw a row a model, all from the same latents where dimensions are equal, and each image as it comes."""
        weights = one_hot(self.digits)
        rows = []
        for model in models:
            row = latents.independent(seed, ROW_COUNT, model.generator.latent_dim)
            rows.append(model.generator.draw(row, weights, self.truncation))
        untouched = originals(np.concatenate(rows), self.digits * len(models), self.form)
        if untouched:
            return untouched
        if self.form is Form.CARD:
            return still(side_by_side(np.stack([row[0] for row in rows])), self)
        labelled = [Row(model.title, accuracy(model), row) for model, row in zip(models, rows, strict=True)]
        title = (str(self.digit), f"seed={seed}")
        return encoding.page(title, labelled, self.style, as_jpeg=self.form is Form.JPEG)


def accuracy(model: Model) -> str:
    """Return the share of a model's digits that is read right, `99.5%`; empty where it was not measured."""
    share = model.scores.get("reading")
    return "" if share is None else f"{share:.1%}"
