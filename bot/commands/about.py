"""`/about`: the bot, its model and its data."""

from bot import __version__
from bot.commands.base import AnswerContext, TextCommand
from bot.i18n import gettext as _
from bot.i18n import isolate, lazy, ngettext
from bot.text import Text, number
from core.catalog import Catalog


class AboutCommand(TextCommand):
    """Describe the bot, with the curve of its training."""

    name = "about"
    description = lazy("What this is, how it was trained, and what it keeps")
    position = 7

    def answer(self, context: AnswerContext) -> Text:
        """Return version, training, licences and privacy."""
        lines = [
            _("Digit Bot {version} draws handwritten digits that nobody ever wrote.").format(version=__version__),
            _training(context.catalog),
            _("Program and models: MIT licence. MNIST: Yann LeCun and Corinna Cortes, CC BY-SA 3.0."),
            _("It keeps nothing of what you type, and nobody else gets it."),
        ]
        return Text(("\n".join(lines),))

    def image(self, catalog: Catalog) -> tuple[bytes, str] | None:
        """Return the losses of the default model's training."""
        if catalog.curve is None:
            return None
        return catalog.curve, _(
            "How the losses of the generator and the discriminator went while the default model was trained"
        )


def _training(catalog: Catalog) -> str:
    model = catalog.find(None)
    metadata = model.generator.metadata
    title, data = isolate(model.title), isolate(metadata["data"])
    if "steps" not in metadata:
        return _("Its model {title} was trained from scratch on {data}.").format(title=title, data=data)
    steps, images = int(metadata["steps"]), int(metadata["images"])
    text = ngettext(
        "Its model {title} was trained from scratch on {data}: {steps} step, {images} images in all.",
        "Its model {title} was trained from scratch on {data}: {steps} steps, {images} images in all.",
        steps,
    )
    return text.format(title=title, data=data, steps=number(steps), images=number(images))


COMMAND = AboutCommand()
