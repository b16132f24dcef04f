"""URLs on the bot's own web server: of a picture, and of the page that shows it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from yarl import URL

from bot.commands import parser, registry
from bot.commands.errors import WrongExtension
from core.pictures.base import Form, Picture, PictureRequest

FORMS = {
    "png": Form.PICTURE,
    "gif": Form.PICTURE,
    "jpg": Form.JPEG,
    "zip": Form.ARCHIVE,
    "png?original=1": Form.ORIGINAL,
    "png?card=1": Form.CARD,
}
FLAGS = {Form.ORIGINAL: "original", Form.CARD: "card"}
"""Parameters that ask for the forms which have the extension of another."""
SUFFIXES = {Form.ORIGINAL: "-original", Form.ARCHIVE: "-original", Form.CARD: "-card"}
"""Ends of file names."""


def picture_url(request: PictureRequest) -> URL:
    """Return the URL of a picture, from the root of the server: `/digit/4.png?seed=7`."""
    command = registry.command_for(request)
    # A number's slash is quoted: a browser would take `1/../2` for a way through folders.
    words = quote(command.write(request), safe="+,:")
    if command.slashes_separate:
        words = words.replace("%20", "/")
    query = command.given_options(request) | ({FLAGS[request.form]: "1"} if request.form in FLAGS else {})
    return URL(f"/{command.name}/{words}.{request.extension}", encoded=True).with_query(query)


def read_picture_url(name: str, words: str, extension: str, query: Mapping[str, str]) -> PictureRequest:
    """Read the URL of a picture; the way back from `picture_url`.

    Args:
        name: of a command that draws.
        words: between the command and the extension, decoded.
        extension: png, gif, jpg or zip.
        query: options by name, `original` and `card` among them.

    Raises:
        BadRequest: as `parser.parse`, or `WrongExtension`.
    """
    options = dict(query)
    flags = [f"{name}={value}" for name in FLAGS.values() if (value := options.pop(name, "0")) != "0"]
    kind = "?".join([extension, *flags])
    if kind not in FORMS:
        raise WrongExtension(kind)
    if registry.picture_command(name).slashes_separate:
        words = words.replace("/", " ")
    request = replace(parser.read(name, words.split(), options), form=FORMS[kind])
    if request.extension != extension:
        raise WrongExtension(kind)
    return request


def page_url(request: PictureRequest) -> URL:
    """Return the URL of the page that shows the answer to a line, from the root of the server: `/?q=/digit%204`."""
    return URL.build(path="/", query={"q": parser.write(request)})


def file_name(picture: Picture) -> str:
    """Return a file name for a picture: `digit-4-seed-7.png`."""
    request = picture.request
    command = registry.command_for(request)
    words = re.sub("[^0-9]+", "-", command.write(request)).strip("-")
    return f"{command.name}-{words}-seed-{picture.seed}{SUFFIXES.get(request.form, '')}.{request.extension}"
