"""`/models`: the models, and how well they draw."""

from bot.commands.base import AnswerContext, TextCommand
from bot.i18n import gettext as _
from bot.i18n import isolate, lazy
from bot.text import Example, Text, compose, join_lines, percent
from core.catalog import Model


class ModelsCommand(TextCommand):
    """List the models."""

    name = "models"
    description = lazy("What can draw, and how well")
    position = 6

    def answer(self, context: AnswerContext) -> Text:
        """Return a line a model, the default first, and how to pick one."""
        models = context.catalog.models
        lines = [Text((_line(model, model.name == context.catalog.default),)) for model in models]
        if any("reading" in model.scores for model in models):
            lines.append(
                Text((_("Read right: as the digit asked for, by a program that learned from real handwriting."),))
            )
        if len(models) > 1:
            pick = _("Pick one with {example}, or see all with {comparison}.")
            example = Example(f"/digit 4 model={models[-1].name}")
            lines.append(compose(pick, example=example, comparison=Example("/compare 4")))
        return join_lines(lines)


def _line(model: Model, default: bool) -> str:
    named = isolate(f"{model.name}: {model.title}")
    parts = [_("{model} (default)").format(model=named) if default else named]
    share = model.scores.get("reading")
    if share is not None:
        parts.append(_("{share} read right").format(share=percent(share)))
    return " · ".join(parts)


COMMAND = ModelsCommand()
