"""The command line: every command draws to a file, and says what it drew or what is wrong."""

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from bot.cli.main import main
from bot.commands import registry
from tests.bot.cli.test_picture_file import refusal


@pytest.mark.parametrize(
    ("arguments", "name", "form"),
    [
        (("draw", "7", "--seed", "1"), "digit-7-seed-1.png", "PNG"),
        (("number", "2026-11-20", "--seed", "1", "--style", "ink"), "number-2026-11-20-seed-1.png", "PNG"),
        (("number", "+49", "30", "1234", "--seed", "1"), "number-49-30-1234-seed-1.png", "PNG"),
        (("morph", "3", "8", "--seed", "1", "--neat", "80"), "morph-3-8-seed-1.gif", "GIF"),
        (("compare", "4", "--seed", "1", "--models", "cgan,vae"), "compare-4-seed-1.png", "PNG"),
        (("draw", "7", "--seed", "1", "--originals", "original"), "digit-7-seed-1-original.png", "PNG"),
    ],
)
def test_each_command_draws_to_a_file_of_its_name(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], name: str, form: str
) -> None:
    """Without `--out` the file is named for what is in it."""
    assert main(arguments) == 0
    assert capsys.readouterr().err.startswith(f"{name}: ")
    with Image.open(here / name) as image:
        assert image.format == form


def test_originals_can_be_a_zip(here: Path) -> None:
    """Each image in a file of its own, and a table of labels."""
    assert main(["number", "42", "--originals", "zip", "--out", "n.zip"]) == 0
    with zipfile.ZipFile(here / "n.zip") as file:
        assert sorted(file.namelist()) == ["00-4.png", "01-2.png", "labels.csv"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("number", "abc"),
        ("number", "1" * 21),
        ("morph", "3", "3"),
        ("morph", "1", "2", "1", "2", "1", "2", "1"),
        ("compare", "10"),
        ("compare", "4", "--models", "gpt"),
        ("draw",),
        ("draw", "4", "--style", "neon"),
        ("draw", "4", "--neat", "101"),
        ("draw", "4", "--all"),
        ("draw", "--all", "--count", "0"),
        ("draw", "--all", "--style", "ink"),
        ("draw", "--all", "--model", "gpt"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """One sentence, exit code 64, and no file."""
    assert refusal(capsys, *arguments)
    assert list(here.iterdir()) == []


def test_the_help_lists_exactly_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command's help has each of its options, with the words that every platform has for it."""
    every = {option for command in registry.picture_commands() for option in command.options}
    for command in registry.picture_commands():
        with pytest.raises(SystemExit):
            main([command.cli_name or command.name, "--help"])
        shown = " ".join(capsys.readouterr().out.split())
        for option in every:
            assert (f"--{option.name} " in shown) == (option in command.options)
        assert "<Format" not in shown
        assert "vae" not in shown, "the models may be others"
