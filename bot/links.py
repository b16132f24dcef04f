"""Addresses on the bot's own web server: of a picture, and of the page that shows it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from yarl import URL

from bot import commands
from core.errors import BadRequest
from core.requests import DrawRequest, Form, MorphRequest, Picture

ENDINGS = {Form.PICTURE: "png", Form.JPEG: "jpg", Form.ORIGINAL: "png", Form.ARCHIVE: "zip"}
FORMS = {
    "png": Form.PICTURE,
    "gif": Form.PICTURE,
    "jpg": Form.JPEG,
    "zip": Form.ARCHIVE,
    "png?original=1": Form.ORIGINAL,
}


class WrongEnding(BadRequest):
    """There is no file of that kind of what was asked for; `value` is the ending."""


def picture(request: DrawRequest) -> URL:
    """Where that picture is to be had, from the root of the server: `/digit/4.png?seed=7`."""
    command = commands.command_of(request)
    # The slash of a number is a sign like any other: a browser would take `1/../2` for a way through folders.
    words = quote(command.write(request), safe="+,:")
    if isinstance(request, MorphRequest):
        words = words.replace("%20", "/")
    query = commands.options_of(request) | ({"original": "1"} if request.form is Form.ORIGINAL else {})
    return URL(f"/{command.name}/{words}.{_ending(request)}", encoded=True).with_query(query)


def read(command: str, words: str, ending: str, query: Mapping[str, str]) -> DrawRequest:
    """What the address of a picture asks for; the way back from `picture`.

    Args:
        command: the name of one of `commands.COMMANDS`.
        words: what stands between the command and the ending, decoded.
        ending: png, gif, jpg or zip.
        query: options by name, `original` among them.

    Raises:
        BadRequest: as `commands.parse`, or `WrongEnding`.
    """
    options = dict(query)
    original = options.pop("original", "0")
    kind = ending if original == "0" else f"{ending}?original={original}"
    if kind not in FORMS:
        raise WrongEnding(kind)
    # A number has slashes of its own.
    listed = words if command == "number" else words.replace("/", " ")
    asked = replace(commands.request(command, listed.split(), options), form=FORMS[kind])
    if _ending(asked) != ending:
        raise WrongEnding(kind)
    return asked


def page(request: DrawRequest) -> URL:
    """The page that shows the answer to a line, from the root of the server: `/?q=/digit%204`."""
    return URL.build(path="/", query={"q": commands.to_text(request)})


def file_name(picture: Picture) -> str:
    """What to call that picture: `digit-4-seed-7.png`."""
    request = picture.request
    command = commands.command_of(request)
    words = re.sub("[^0-9]+", "-", command.write(request)).strip("-")
    original = "-original" * (request.form in (Form.ORIGINAL, Form.ARCHIVE))
    return f"{command.name}-{words}-seed-{picture.seed}{original}.{_ending(request)}"


def _ending(request: DrawRequest) -> str:
    moving = isinstance(request, MorphRequest) and request.form in (Form.PICTURE, Form.JPEG)
    return "gif" if moving else ENDINGS[request.form]
