"""`draw --all`: a data set to a folder."""

import argparse
from pathlib import Path

from tqdm import tqdm

from bot.commands.errors import UnexpectedWord, UnknownOption
from bot.commands.options import COUNT, MODEL, NEAT, SEED
from bot.config import loading
from core.dataset import Dataset, Format, check_absent
from core.files import filling
from core.pictures.base import NATURAL, fresh_seed, truncation

CLI_NAME = "draw"
"""The subcommand that takes `--all`."""
DEFAULT_COUNT = 1000
"""Images of each digit."""
OPTIONS = {option.name: option for option in (COUNT, SEED, MODEL, NEAT)}
"""Options that a data set takes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a data set."""
    all_help = "a data set of every digit: --count images of each, 1000 unless you say otherwise"
    parser.add_argument("--all", action="store_true", help=all_help)
    clean_help = "of a data set: draw those again that the reader doubts, as in strips"
    parser.add_argument("--clean", action="store_true", help=clean_help)
    format_help = "of a data set (default: idx, which torchvision.datasets.MNIST loads from the folder)"
    parser.add_argument("--format", choices=list(Format), default=Format.IDX, help=format_help)


def draw_dataset(options: argparse.Namespace, given: dict[str, str]) -> str:
    """Draw a data set to a folder, and return a line about it.

    Args:
        options: parsed arguments.
        given: options of the command, as texts by name.

    Raises:
        OSError: the folder cannot be written to, or holds a data set; nothing is drawn then, and nothing changed.
    """
    if options.words:
        raise UnexpectedWord(options.words[0])
    unknown = next((name for name in given if name not in OPTIONS), None)
    if unknown is not None:
        raise UnknownOption(unknown, OPTIONS)
    values = {name: OPTIONS[name].convert(text) for name, text in given.items()}
    catalog = loading.open_catalog(loading.load({}).settings)
    model = catalog.find(given.get("model"))
    seed, count = values.get("seed", fresh_seed()), values.get("count", DEFAULT_COUNT)
    neat, form = values.get("neat", NATURAL), Format(options.format)
    assert isinstance(seed, int) and isinstance(count, int) and isinstance(neat, int)  # noqa: S101, PT018  converted above
    reader = catalog.reader if options.clean else None
    dataset = Dataset(model.generator, count, seed, truncation(neat), test=form is Format.IDX, reader=reader)
    folder: Path = options.out or Path("digits")
    check_absent(form, folder)
    with filling(folder) as empty:
        with tqdm(total=dataset.size, unit="digit", disable=None) as progress:
            for drawn in dataset.draw():
                progress.update(drawn)
        path = folder / dataset.write(form, empty).relative_to(empty)
    return f"{path}: {dataset.size:,} digits · {model.title} · seed {seed}"
