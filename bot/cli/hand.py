"""`hand`: read a photo of digits, and draw in the hand that wrote them."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from bot.cli.output import print_note, print_result
from bot.commands import registry
from bot.commands.options import SEED, STYLE
from bot.config import loading
from bot.conversation import urls
from bot.conversation.handwriting import describe
from core.catalog import MANIFEST, Catalog
from core.errors import BadWeights
from core.handwriting import HandReader, Handwriting
from core.pictures.base import OneModelRequest, draw
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = subparsers.add_parser("hand", help="Read a photo of digits, and draw in the same hand")
    parser.add_argument("photo", type=Path, help="a JPEG, PNG or WebP")
    parser.add_argument("--number", metavar="2026", help="a number to write (default: five of the first digit read)")
    for option in (SEED, STYLE):
        parser.add_argument(f"--{option.name}", metavar=option.example, help=str(option.description))
    parser.add_argument("--out", metavar="PATH", type=Path, help="the file (default: named after what is drawn)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    try:
        photo = options.photo.read_bytes()
    except OSError as error:
        print_note(f"{options.photo} cannot be read ({error.strerror}). Name a photo.")
        return os.EX_NOINPUT
    settings = loading.load({}).settings
    catalog = loading.open_catalog(settings)
    reader = HandReader.of(catalog)
    if reader is None:
        raise BadWeights(settings.weights / MANIFEST, "lists no reader and encoder, which read a hand")
    handwriting = reader.read(photo)
    print_result(str(describe(handwriting)))
    if handwriting.hand is None:
        return os.EX_DATAERR
    print_result(f"hand={handwriting.hand}")
    try:
        print_note(_draw(options, catalog, handwriting))
    except OSError as error:
        path, reason = error.filename or options.out, error.strerror or str(error)
        print_note(f"{path} cannot be written ({reason}). Name another one with --out.")
        return os.EX_CANTCREAT
    return os.EX_OK


def _draw(options: argparse.Namespace, catalog: Catalog, handwriting: Handwriting) -> str:
    """Draw a strip or number in the hand to a file, and return a line about it."""
    request: OneModelRequest = (
        StripRequest(handwriting.digits[0].digit) if options.number is None else NumberRequest(options.number)
    )
    given = {option.name: getattr(options, option.name) for option in (SEED, STYLE)}
    command = registry.command_for(request)
    values = command.convert_options({name: text for name, text in given.items() if text is not None})
    picture = draw(catalog, replace(request, hand=handwriting.hand, **values))
    path: Path = options.out or Path(urls.file_name(picture))
    path.write_bytes(picture.data)
    return f"{path}: {command.caption(picture.request, picture.titles)}"
