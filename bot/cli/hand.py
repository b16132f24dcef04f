"""`hand`: read a photo of digits, and draw in the hand that wrote them."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from bot.cli import picture_file
from bot.cli.catalog import open_catalog
from bot.cli.output import print_note, print_result
from bot.commands import registry
from bot.commands.options import SEED, STYLE
from bot.config import loading
from bot.conversation.handwriting import describe
from core.catalog import MANIFEST, Catalog
from core.errors import BadWeights
from core.handwriting import HandReader, Handwriting
from core.pictures.base import Form, OneModelRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = subparsers.add_parser("hand", help="Read a photo of digits, and draw in the same hand")
    parser.add_argument("photo", type=Path, help="a JPEG, PNG or WebP")
    parser.add_argument("--number", metavar="2026", help="a number to write (default: five of the first digit read)")
    for option in (SEED, STYLE):
        parser.add_argument(f"--{option.name}", metavar=option.example, help=str(option.description))
    picture_file.add_argument(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    # Before the photo is read; a strip and a number come in the same forms.
    form = picture_file.form(StripRequest(0), options.out)
    try:
        photo = options.photo.read_bytes()
    except OSError as error:
        print_note(f"{options.photo} cannot be read ({error.strerror}). Name a photo.")
        return os.EX_NOINPUT
    catalog = open_catalog()
    reader = HandReader.of(catalog)
    if reader is None:
        raise BadWeights(loading.load({}).settings.weights / MANIFEST, "lists no reader and encoder, which read a hand")
    handwriting = reader.read(photo)
    # Standard output may be the picture's.
    tell = print_note if str(options.out) == picture_file.STANDARD_OUTPUT else print_result
    tell(str(describe(handwriting)))
    if handwriting.hand is None:
        return os.EX_DATAERR
    tell(f"hand={handwriting.hand}")
    try:
        print_note(_draw(options, form, catalog, handwriting))
    except OSError as error:
        return picture_file.print_unwritten(error, options.out)
    return os.EX_OK


def _draw(options: argparse.Namespace, form: Form, catalog: Catalog, handwriting: Handwriting) -> str:
    """Draw a strip or number in the hand to a file, and return a line about it."""
    request: OneModelRequest = (
        StripRequest(handwriting.digits[0].digit) if options.number is None else NumberRequest(options.number)
    )
    given = {option.name: getattr(options, option.name) for option in (SEED, STYLE)}
    command = registry.command_for(request)
    values = command.convert_options({name: text for name, text in given.items() if text is not None})
    return picture_file.write(catalog, replace(request, hand=handwriting.hand, form=form, **values), options.out)
