"""Options that commands take, and arguments: how they are read, what they may be, and how they are described."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.commands import converters
from bot.i18n import lazy
from core.catalog import Catalog
from core.imaging.styles import Style
from core.latents import MAX_SEED
from core.pictures.base import MAX_NEATNESS, NATURAL
from core.pictures.strip import MAX_COUNT

Suggest = Callable[[Catalog, str], list[tuple[str, str]]]
"""Completes a value while somebody types it: catalog and text to labels and values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """The words of a command that stand without a name.

    Attributes:
        name: for menus and schemas.
        description: in a few words.
        choices: all values that it may have, if they are few.
        max_length: characters that it may have.
        several: whether it may be several words.
    """

    name: str
    description: lazy
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a command, `name=value`.

    Attributes:
        name: as it is typed.
        description: in a few words.
        example: a value that works.
        convert: reads its value.
        field: of the request that holds it, where that has another name.
        minimum, maximum: of a whole number; None for an option that is none.
        choices: all values that it may have, if they are few.
        suggest: completes its value from the catalog.
        flag: whether it is yes or no; such options are the platforms' own.
        several: whether its value is a list with commas between.
        label: its name on a page that can change it under a finished picture; None for an option without a control.
        ends: words for its minimum and its maximum, beside a slider.
        titles: its values and their titles, where the catalog has them.
        caption: names its value, in a field of its name, in the caption of a picture; None where another part does.
    """

    name: str
    description: lazy
    example: str
    convert: Callable[[str], object] = str
    field: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    suggest: Suggest | None = None
    flag: bool = False
    several: bool = False
    label: lazy | None = None
    ends: tuple[lazy, lazy] | None = None
    titles: Callable[[Catalog], dict[str, str]] | None = None
    caption: lazy | None = None

    def example_for(self, catalog: Catalog) -> str:
        """Return a value that works with the models that there are."""
        if self.titles is None:
            return self.example
        values = list(self.titles(catalog))
        return ",".join(values[:2]) if self.several else values[-1]

    @property
    def request_field(self) -> str:
        """The name of the field of the request."""
        return self.field or self.name

    def values(self, catalog: Catalog) -> dict[str, str]:
        """Return all values that it may have, or that may be in its list, and their titles; none for a number."""
        return self.titles(catalog) if self.titles else {choice: choice for choice in self.choices}


def model_titles(catalog: Catalog) -> dict[str, str]:
    """Return the title of each model by its name."""
    return {model.name: model.title for model in catalog.models}


def suggest_model(catalog: Catalog, typed: str) -> list[tuple[str, str]]:
    """Suggest models whose name or title holds the text."""
    lines = [(f"{name}: {title}", name) for name, title in model_titles(catalog).items()]
    return [(label, name) for label, name in lines if typed.lower() in label.lower()]


def suggest_models(catalog: Catalog, typed: str) -> list[tuple[str, str]]:
    """Suggest models for the last name of a list."""
    *named, last = (name.strip() for name in typed.split(","))
    found = [name for _, name in suggest_model(catalog, last) if name not in named]
    lists = [",".join((*named, name)) for name in found]
    return [(line, line) for line in lists]


COUNT = Option(
    name="count",
    description=lazy("How many, 1 to {most}; five if you leave it out", most=MAX_COUNT),
    example="3",
    convert=converters.to_count,
    minimum=1,
    maximum=MAX_COUNT,
)
SEED = Option(
    name="seed",
    description=lazy("A number from 0 to {seeds}; the same seed draws the same again", seeds=MAX_SEED),
    example="7",
    convert=converters.to_seed,
    minimum=0,
    maximum=MAX_SEED,
)
MODEL = Option(
    name="model",
    description=lazy("Which model draws"),
    example="vae",
    suggest=suggest_model,
    label=lazy("Model"),
    titles=model_titles,
)
MODELS = Option(
    name="models",
    description=lazy("Which models to compare, with commas between; all if you leave it out"),
    example="cgan,vae",
    convert=converters.to_names,
    field="names",
    suggest=suggest_models,
    several=True,
    label=lazy("Models to compare"),
    titles=model_titles,
)
STYLE = Option(
    name="style",
    description=lazy("The colours: {styles}", styles=", ".join(Style)),
    example="ink",
    convert=converters.to_style,
    choices=tuple(Style),
    label=lazy("Style"),
    caption=lazy("style {style}"),
)
NEAT = Option(
    name="neat",
    description=lazy(
        "From 0, wild, to {neatness}, tidy; {natural} is as the models learned it",
        neatness=MAX_NEATNESS,
        natural=NATURAL,
    ),
    example="80",
    convert=converters.to_neatness,
    minimum=0,
    maximum=MAX_NEATNESS,
    label=lazy("Neat"),
    ends=(lazy("wild"), lazy("tidy")),
    caption=lazy("neat {neat}"),
)
HAND = Option(
    name="hand",
    description=lazy("A hand to write in, as /hand gave it to you"),
    example="FhdInVH8KQRqFbtqqZeCWW",
    caption=lazy("hand {hand}"),
)
WALK = Option(
    name="walk",
    description=lazy("Two numbers from -1 to 1: how far to walk from the seed's images, in two directions"),
    example="0.3,-0.5",
    convert=converters.to_place,
    caption=lazy("walk {walk}"),
)
DIGIT = Argument(
    name="digit",
    description=lazy("0 to 9, or random"),
    choices=(*map(str, range(10)), converters.RANDOM),
)
