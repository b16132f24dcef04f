"""A drawn picture as a reply: caption, alternative text, note and buttons."""

from bot.commands import parser
from bot.commands.base import Drawing
from bot.conversation import urls
from bot.conversation.handwriting import number_in_hand
from bot.conversation.reply import Button, Buttons, Reply, Suggestion
from bot.i18n import gettext as _
from bot.text import Text
from core.catalog import Catalog
from core.pictures.base import Form, Picture, PictureRequest

SHOWN = (Form.PICTURE, Form.JPEG)
"""The forms that are for looking at."""


def show(command: Drawing, asked: PictureRequest, picture: Picture, catalog: Catalog) -> Reply:
    """Return the reply that shows a picture.

    Args:
        command: that drew it.
        asked: the request as it was made.
        picture: of the settled request.
        catalog: the models.
    """
    return Reply(
        command.caption_text(picture.request, picture.titles),
        asked,
        picture,
        alt_text=command.alt_text(picture.request, picture.titles),
        note=command.note(picture.request.models(catalog)) if asked.form in SHOWN else "",
        file_name=urls.file_name(picture),
        buttons=_buttons(command, asked, picture),
    )


def _buttons(command: Drawing, asked: PictureRequest, picture: Picture) -> Buttons:
    """Return the buttons under a picture; untouched images have none."""
    if asked.form not in SHOWN:
        return Buttons()
    again = command.again(asked)
    number = number_in_hand(again)
    return Buttons(
        Button(_("Again"), again),
        Button(_("Originals"), command.originals(asked, picture)),
        choices(command, again),
        _("Another digit"),
        again,
        number=Button(_("A number in this hand"), number) if number else None,
    )


def choices(command: Drawing, request: PictureRequest) -> tuple[Button, ...]:
    """Return a button for each value of the command's argument."""
    return tuple(Button(label, choice) for label, choice in command.choices(request))


def suggestions(text: Text) -> tuple[Suggestion, ...]:
    """Return the examples in a text, to be pressed."""
    return tuple(Suggestion(line, parser.parse(line)) for line in text.examples)
