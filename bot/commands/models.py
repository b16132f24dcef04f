"""`/models`: the models, and how well they draw."""

from bot.commands.base import AnswerContext, TextCommand
from bot.i18n import gettext as _
from bot.i18n import lazy
from bot.text import Example, Text, compose, join_lines


class ModelsCommand(TextCommand):
    """List the models."""

    name = "models"
    description = lazy("What can draw, and how well")
    position = 5

    def answer(self, context: AnswerContext) -> Text:
        """Return a line a model, the default first, and how to pick one."""
        models = context.catalog.models
        lines = [f"{model.name}: {model.title}{_accuracy(model.scores.get('reading'))}" for model in models]
        lines[0] += " " + _("(draws when you name none)")
        pick = compose(
            _("Pick one with {example}, or see all with {comparison}."),
            example=Example(f"/digit 4 model={models[-1].name}"),
            comparison=Example("/compare 4"),
        )
        return join_lines([*(Text((line,)) for line in lines), pick])


def _accuracy(share: float | None) -> str:
    return "" if share is None else _(", {share} of its digits read right").format(share=f"{share:.1%}")


COMMAND = ModelsCommand()
