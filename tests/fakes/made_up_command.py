"""`/tower 4`: a command that the bot does not have, with a kind of picture and an option of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from bot.commands.base import PictureCommand, Values, Words
from bot.commands.converters import from_digit, to_count, to_digit
from bot.commands.errors import MissingDigit
from bot.commands.options import DIGIT, MODEL, SEED, STYLE, Option
from bot.i18n import lazy
from core import latents
from core.catalog import Catalog, Model
from core.errors import BadRequest
from core.generator import one_hot
from core.imaging.encoding import File
from core.pictures.base import OneModelRequest, PictureRequest, originals, picked_digit, still

FLOORS = Option(
    name="floors",
    description=lazy("How high"),
    example="2",
    convert=to_count,
    minimum=1,
    maximum=5,
    label=lazy("Floors"),
)


class TooHigh(BadRequest):
    """The tower has more than five floors."""


@dataclass(frozen=True, slots=True)
class TowerRequest(OneModelRequest):
    """Images of one digit, one above the other."""

    digit: int | None
    floors: int = 3

    def __post_init__(self) -> None:
        PictureRequest.__post_init__(self)
        if self.floors > 5:
            raise TooHigh(self.floors)

    @property
    def digits(self) -> tuple[int, ...]:
        """The digit, once for each floor."""
        return () if self.digit is None else (self.digit,) * self.floors

    def settle(self, seed: int, catalog: Catalog) -> Self:
        """Settle the digit, too."""
        return replace(self, seed=seed, model=catalog.find(self.model).name, digit=picked_digit(self.digit, seed))

    def cost(self, models: Sequence[Model]) -> float:
        """As long as a strip takes."""
        del models
        return (self.floors + 1) / 6

    def render(self, seed: int, models: Sequence[Model]) -> File:
        """Draw each floor from a latent of its own."""
        generator = models[0].generator
        rows = latents.independent(seed, self.floors, generator.latent_dim)
        images = generator.draw(rows, one_hot(self.digits), self.truncation)
        return originals(images, self.digits, self.form) or still(np.vstack(list(images)), self)


class TowerCommand(PictureCommand[TowerRequest]):
    """Draw a tower."""

    name, position, example = "tower", 8, "/tower 4"
    description = lazy("Build a tower of a digit")
    request, argument, options = TowerRequest, DIGIT, (FLOORS, SEED, MODEL, STYLE)
    prompt = lazy("A tower of which digit?")
    sentences: ClassVar = {TooHigh: lazy("A tower has up to {most} floors, not {value}. Try {example}.")}
    sentence_fields: ClassVar = {"most": 5}

    def read(self, words: Words, values: Values) -> TowerRequest:
        """Read a digit."""
        if not words:
            raise MissingDigit(self.name)
        return TowerRequest(to_digit(words[0]), **values)

    def write(self, request: TowerRequest) -> str:
        """Write the digit."""
        return from_digit(request.digit)

    def blank(self) -> TowerRequest:
        """Return a tower of any digit."""
        return TowerRequest(None)

    def choices(self, request: TowerRequest) -> tuple[tuple[str, TowerRequest], ...]:
        """Return a three and an eight."""
        return tuple((str(digit), replace(request, digit=digit)) for digit in (3, 8))

    def subject(self, request: TowerRequest, models: int) -> str:
        """`A tower of 3 times 4`."""
        del models
        return f"A tower of {request.floors} times {request.digit}"

    def depiction(self, request: TowerRequest, models: int) -> str:
        """`A tower of 3 times a handwritten 4`."""
        del models
        return f"A tower of {request.floors} times a handwritten {request.digit}."


COMMAND = TowerCommand()
