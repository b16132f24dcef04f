"""The scores of a model, each with a sentence that says what it tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.i18n import lazy
from bot.text import number, percent
from core.catalog import Model


@dataclass(frozen=True, slots=True)
class Score:
    """A score of the manifest; `docs/training.md` says how each is measured.

    Attributes:
        key: in the manifest.
        title: its name.
        sentence: what it tells.
        show: writes its value.
        best: picks the best of several values.
    """

    key: str
    title: lazy
    sentence: lazy
    show: Callable[[float], str] = percent
    best: Callable[[Sequence[float]], float] = max


SCORES = (
    Score(
        "reading",
        lazy("Read right"),
        lazy("Of a model's digits, those that a program which learned from real handwriting reads as it should."),
    ),
    Score(
        "frechet",
        lazy("Distance"),
        lazy("How far all of its digits are from all real ones, in the eyes of that program: the less, the better."),
        lambda distance: number(distance, 1),
        min,
    ),
    Score("precision", lazy("Precision"), lazy("Of its digits, those that could be real.")),
    Score("recall", lazy("Recall"), lazy("Of real digits, those that it could have drawn.")),
    Score(
        "density",
        lazy("Density"),
        lazy("How much its digits keep to where real ones are common: real ones have 1."),
        lambda density: number(density, 2),
    ),
    Score("coverage", lazy("Coverage"), lazy("Of real digits, those that have one of its own close by.")),
    Score(
        "student",
        lazy("As a teacher"),
        lazy("Of real digits, those that a program reads right which has learned from this model's alone."),
    ),
)


@dataclass(frozen=True, slots=True)
class Result:
    """A score of several models.

    Attributes:
        score: that was measured.
        values: titles of the models and their values, as they are written.
        best: titles of the best ones.
    """

    score: Score
    values: dict[str, str]
    best: tuple[str, ...]


def results(models: Sequence[Model]) -> list[Result]:
    """Return the scores that any of these models has."""
    found = []
    for score in SCORES:
        values = {model.title: model.scores[score.key] for model in models if score.key in model.scores}
        if values:
            best = score.best(list(values.values()))
            shown = {title: score.show(value) for title, value in values.items()}
            found.append(Result(score, shown, tuple(title for title, value in values.items() if value == best)))
    return found
