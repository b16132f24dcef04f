"""`draw --all`: a data set to a folder."""

import argparse
from pathlib import Path

from tqdm import tqdm

from bot.cli.catalog import open_catalog
from bot.cli.picture_file import ENDINGS
from bot.cli.usage import BadUsage
from bot.commands.errors import UnknownOption
from bot.commands.options import COUNT, MODEL, NEAT, SEED
from core.dataset import Dataset, Format, check_absent, remove
from core.files import filling
from core.pictures.base import NATURAL, fresh_seed, truncation

CLI_NAME = "draw"
"""The subcommand that takes `--all`."""
DEFAULT_COUNT = 1000
"""Images of each digit."""
OPTIONS = {option.name: option for option in (COUNT, SEED, MODEL, NEAT)}
"""Options that a data set takes."""
FLAGS = ("format", "clean", "force")
"""Arguments that only a data set takes."""
FILE_ENDINGS = {".npz", *ENDINGS}
"""Endings that name a file to whoever types them."""
REPLACE = "Name another folder with --out, or replace the data set with --force."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a data set."""
    all_help = "a data set of every digit: --count images of each, 1000 unless you say otherwise"
    parser.add_argument("--all", action="store_true", help=all_help)
    clean_help = "of a data set: draw those again that the reader doubts, as in strips"
    parser.add_argument("--clean", action="store_true", help=clean_help)
    force_help = "of a data set: replace the one that is there"
    parser.add_argument("--force", action="store_true", help=force_help)
    format_help = "of a data set (default: idx, which torchvision.datasets.MNIST loads from the folder)"
    parser.add_argument("--format", choices=[form.value for form in Format], help=format_help)


def is_asked(options: argparse.Namespace) -> bool:
    """Return whether a data set is asked for.

    Raises:
        BadUsage: an argument of a data set stands without `--all`, one of a picture beside it, or `--out` is a file.
    """
    if not getattr(options, "all", False):
        found = next((name for name in FLAGS if getattr(options, name, None)), None)
        if found is not None:
            raise BadUsage(f"--{found} is for a data set: add --all.")
        return False
    if options.words:
        raise BadUsage(f"--all draws every digit: leave “{options.words[0]}” out.")
    if options.originals is not None:
        raise BadUsage("--originals is for a picture: a data set holds the untouched images, in the form of --format.")
    if str(options.out) == "-":
        raise BadUsage("A data set is a folder: name one with --out.")
    if options.out and options.out.suffix.lower() in FILE_ENDINGS and not options.out.is_dir():
        raise BadUsage(
            f"A data set is a folder, unlike {options.out}: name one with --out, and its form with --format."
        )
    return True


def draw_dataset(options: argparse.Namespace, given: dict[str, str]) -> str:
    """Draw a data set to a folder, and return a line about it.

    Args:
        options: parsed arguments.
        given: options of the command, as texts by name.

    Raises:
        OSError: the folder cannot be written to, or holds a data set; nothing is drawn then, and nothing changed.
    """
    unknown = next((name for name in given if name not in OPTIONS), None)
    if unknown is not None:
        raise UnknownOption(unknown, OPTIONS)
    values = {name: OPTIONS[name].convert(text) for name, text in given.items()}
    catalog = open_catalog()
    model = catalog.find(given.get("model"))
    seed, count = values.get("seed", fresh_seed()), values.get("count", DEFAULT_COUNT)
    neat, form = values.get("neat", NATURAL), Format(options.format or Format.IDX)
    assert isinstance(seed, int) and isinstance(count, int) and isinstance(neat, int)  # noqa: S101, PT018  converted above
    reader = catalog.reader if options.clean else None
    dataset = Dataset(model.generator, count, seed, truncation(neat), test=form is Format.IDX, reader=reader)
    folder: Path = options.out or Path("digits")
    if not options.force:
        check_absent(form, folder)
    with filling(folder) as empty:
        with tqdm(total=dataset.size, unit="digit", disable=None) as progress:
            for drawn in dataset.draw():
                progress.update(drawn)
        path = folder / dataset.write(form, empty).relative_to(empty)
        if options.force:
            remove(form, folder)
    return f"{path}: {dataset.size:,} digits · {model.title} · seed {seed}"
