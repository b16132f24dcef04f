"""A picture to the file or the standard output that `--out` names, in the form that its ending says."""

import argparse
import contextlib
import os
from pathlib import Path
from typing import BinaryIO

from bot.cli.output import print_note, standard_output
from bot.cli.usage import BadUsage
from bot.commands import registry
from bot.conversation import urls
from core.catalog import Catalog
from core.files import replacing
from core.pictures.base import EXTENSIONS, Form, PictureRequest, draw

ENDINGS = {".png": Form.PICTURE, ".gif": Form.PICTURE, ".jpg": Form.JPEG, ".jpeg": Form.JPEG, ".zip": Form.ARCHIVE}
STANDARD_OUTPUT = "-"
RENAME = "Name another one with --out."


def add_argument(parser: argparse.ArgumentParser, more: str = "", *, moving: bool = False) -> None:
    """Add `--out` for a picture.

    Args:
        parser: of the subcommand.
        more: a clause on what else it can be.
        moving: whether the picture is an animation.
    """
    kinds = ", ".join(_endings(moving))
    path = f"the file, whose ending decides what it is ({kinds}), or - for standard output{more}"
    parser.add_argument("--out", metavar="PATH", type=Path, help=f"{path} (default: named after what is drawn, here)")


def form(request: PictureRequest, out: Path | None, originals: Form | None = None) -> Form:
    """Return the form that `--originals` and the ending of `--out` ask for.

    Raises:
        BadUsage: the picture does not come with that ending.
    """
    ending = out.suffix.lower() if out else ""
    endings = _endings(request.moving, originals)
    # A path without an ending, such as /dev/null, promises nothing.
    if ending and ending not in endings:
        kinds = " or ".join(filter(None, (", ".join(endings[:-1]), endings[-1])))
        raise BadUsage(f"{out}: the ending decides what is written, and this comes as {kinds}.")
    return originals or ENDINGS.get(ending, Form.PICTURE)


def write(catalog: Catalog, request: PictureRequest, out: Path | None) -> str:
    """Draw a picture to a file, and return a line about it.

    Raises:
        OSError: the file cannot be written.
    """
    with contextlib.ExitStack() as stack:
        # Opened before anything is drawn: a path that cannot be written is told at once.
        file = stack.enter_context(_opened(out)) if out else None
        picture = draw(catalog, request)
        path = out or Path(urls.file_name(picture))
        (file or stack.enter_context(replacing(path))).write(picture.data)
    return f"{path}: {registry.command_for(request).caption(picture.request, picture.titles)}"


def print_unwritten(error: OSError, out: Path | None, remedy: str = RENAME) -> int:
    """Print why nothing was written, and what to do; return the exit code."""
    path = "standard output" if str(out) == STANDARD_OUTPUT else error.filename or out
    print_note(f"{path} cannot be written ({error.strerror or error}). {remedy}")
    return os.EX_CANTCREAT


def _opened(path: Path) -> contextlib.AbstractContextManager[BinaryIO]:
    return standard_output() if str(path) == STANDARD_OUTPUT else replacing(path)


def _endings(moving: bool, originals: Form | None = None) -> tuple[str, ...]:
    if originals is not None:
        return (f".{EXTENSIONS[originals]}",)
    return (".gif", ".zip") if moving else (".png", ".jpg", ".jpeg", ".zip")
