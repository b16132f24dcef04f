"""The commands that draw and tell, in a terminal."""

import argparse
import os
import secrets
import sys
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from bot import captions, commands, links, notices, replies
from bot.commands import COMMANDS, Leftover, Topic, UnknownOption
from bot.settings import load_settings, open_catalog
from core import drawing
from core.dataset import Dataset, Format
from core.noise import MAX_SEED
from core.requests import NATURAL, Form

NAMES = {"draw": "digit"} | {name: name for name in COMMANDS if name != "digit"}
"""What a command that draws is called here, and what it is called in a chat."""
FORMS = {"original": Form.ORIGINAL, "zip": Form.ARCHIVE}
EACH = 1000
"""Images of each digit in a data set, where none is given."""
EVERY_DIGIT = ("count", "seed", "model", "neat")
"""Options that a data set takes."""


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=notices.CHAT_BOT)
    subparsers = parser.add_subparsers(dest="command", metavar="command")
    subparsers.add_parser("run", help=notices.RUN)
    for name, command in NAMES.items():
        _add_options(subparsers.add_parser(name, help=replies.DESCRIPTIONS[command]), command)
    for topic in Topic:
        if topic is not Topic.HELP:
            subparsers.add_parser(topic.value, help=replies.DESCRIPTIONS[topic.value])
    subparsers.add_parser("check", help=notices.CHECK)
    settings = subparsers.add_parser("settings", help=notices.SETTINGS)
    settings.add_argument("--table", action="store_true", help=notices.TABLE)
    subparsers.add_parser("healthcheck", help=notices.HEALTHCHECK)
    return parser


def carry_out(options: argparse.Namespace) -> int:
    """Draw or tell, and return the exit code.

    Raises:
        BadRequest, BadSettings, BadWeights: as where they arise.
    """
    if options.command == "check":
        from bot.check import check

        return check(_tell)
    if options.command == "settings":
        from bot import reference

        _tell(reference.table() if options.table else reference.env_example(), end="")
        return os.EX_OK
    if options.command not in NAMES:
        _tell(replies.answer(Topic(options.command), open_catalog(load_settings())))
        return os.EX_OK
    try:
        _say(_draw_all(options) if getattr(options, "all", False) else _draw(options))
    except OSError as error:
        _say(notices.cannot_write(error.filename or options.out, error.strerror or str(error)))
        return os.EX_CANTCREAT
    return os.EX_OK


def _draw(options: argparse.Namespace) -> str:
    """Draw one picture to a file, and tell what it is."""
    command = NAMES[options.command]
    request = commands.request(command, options.words, _given(options, COMMANDS[command].options))
    request = replace(request, form=FORMS.get(options.originals, Form.PICTURE))
    picture = drawing.draw(open_catalog(load_settings()), request)
    path: Path = options.out or Path(links.file_name(picture))
    path.write_bytes(picture.data)
    return f"{path}: {captions.caption(picture)}"


def _draw_all(options: argparse.Namespace) -> str:
    """Draw a data set to a folder, and tell what it is."""
    if options.words:
        raise Leftover(options.words[0])
    given = _given(options, COMMANDS["digit"].options)
    values = commands.values("digit", given)
    unused = next((name for name in given if name not in EVERY_DIGIT), None)
    if unused is not None:
        raise UnknownOption(unused, EVERY_DIGIT)
    model = open_catalog(load_settings()).find(values.get("model"))
    seed = values.get("seed", secrets.randbelow(MAX_SEED + 1))
    spread = drawing.spread(values.get("neat", NATURAL))
    form = Format(options.format)
    dataset = Dataset(model.generator, values.get("count", EACH), seed, spread, test=form is Format.IDX)
    with tqdm(total=dataset.size, unit="digit", disable=None) as progress:
        for drawn in dataset.draw():
            progress.update(drawn)
    path = dataset.write(form, options.out or Path("digits"))
    return notices.dataset(path, dataset.size, model.title, seed)


def _given(options: argparse.Namespace, names: tuple[str, ...]) -> dict[str, str]:
    """Those of these options that were given."""
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _add_options(parser: argparse.ArgumentParser, command: str) -> None:
    (argument, meaning), *_ = replies.ARGUMENTS[command].items()
    several = command in ("number", "morph")
    parser.add_argument("words", nargs="+" if several else "*", metavar=argument, help=meaning)
    for name in COMMANDS[command].options:
        parser.add_argument(f"--{name}", metavar=replies.SHOWN[name], help=replies.OPTIONS[name])
    parser.add_argument("--originals", choices=FORMS, help=notices.ORIGINALS_AS)
    parser.add_argument("--out", metavar="PATH", type=Path, help=notices.OUT)
    if command == "digit":
        parser.add_argument("--all", action="store_true", help=notices.ALL)
        parser.add_argument("--format", choices=list(Format), default=Format.IDX, help=notices.FORMAT)


def _tell(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
