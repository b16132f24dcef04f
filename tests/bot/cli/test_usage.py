"""Wrong usage of the command line: one line in its own words."""

from pathlib import Path

import pytest

from bot import __version__
from bot.cli.main import main
from tests.bot.cli.test_picture_file import refusal


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("drw 4", "draw 4"),
        ("Draw 4 --seed 7", "draw 4 --seed 7"),
        ("digit 4", "draw 4"),
        ("nummber 2026", "number 2026"),
        ("chek", "check"),
        ("settngs --table", "settings --table"),
    ],
)
def test_a_misspelled_command_is_offered_as_it_was_meant(
    capsys: pytest.CaptureFixture[str], typed: str, meant: str
) -> None:
    """One line with the same arguments behind the right name, also for who types the name that chats have for it."""
    assert main(typed.split()) == 64
    told = capsys.readouterr()
    word = typed.split()[0]
    assert (told.out, told.err) == ("", f"I don't know “{word}”. Did you mean python -m bot {meant}?\n")


def test_a_word_that_is_close_to_no_command_is_answered_with_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is guessed."""
    assert main(["hello"]) == 64
    assert "no command “hello”. The commands are run, draw, number, " in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With the name of the program, on standard output."""
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"Digit Bot {__version__}\n"


@pytest.mark.parametrize(("typed", "usage"), [("help", "python -m bot ["), ("help draw", "python -m bot draw [")])
def test_help_is_a_command_too(capsys: pytest.CaptureFixture[str], typed: str, usage: str) -> None:
    """Whoever types `help` gets what `--help` prints."""
    with pytest.raises(SystemExit, match="0"):
        main(typed.split())
    assert f"usage: {usage}" in capsys.readouterr().out


def test_an_unknown_model_is_told_with_a_line_of_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever compares is shown how to compare, not how to draw."""
    assert main(["compare", "4", "--models", "gpt"]) == 64
    assert capsys.readouterr().err.endswith("Try python -m bot compare 4.\n")


def test_a_value_may_begin_with_a_minus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of all walks do."""
    assert main(["draw", "4", "--walk", "-0.3,-.5", "--out", str(tmp_path / "four.png")]) == 0
    assert "walk -0.3,-0.5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("draw", "4", "--count", "11"), "Try python -m bot draw 4 --count 3."),
        (("draw", "4", "--seed", "x"), "Try python -m bot draw 4 --seed 7."),
        (("draw", "4", "5"), "leave “5” out. For more of the same try python -m bot draw 4 --count 3."),
        (("draw",), "Try python -m bot draw 4."),
        (("draw", "4", "count=3", "--count", "3"), "“--count” is there twice"),
        (("draw", "4", "foo=1"), "The options here are --count, --seed, "),
        (("number",), "Try python -m bot number 2026."),
        (("morph", "3", "3"), "or python -m bot morph 4 for"),
        (("draw", "--all", "--count", "0"), "Try --count 1000."),
        (("draw", "--all", "--style", "ink"), "--count, --seed, --model, --neat, and “--style”"),
        (("draw", "4", "--all"), "leave “4” out"),
        (("draw", "--all", "--originals", "zip"), "--originals"),
        (("draw", "--all", "--out", "-"), "--out"),
        (("draw", "4", "--format", "npz"), "--format is for a data set: add --all"),
        (("draw", "4", "--clean"), "--clean is for a data set: add --all"),
        (("draw", "4", "--force"), "--force is for a data set: add --all"),
        (("draw", "--all", "--format", "tar"), "'idx', 'npz', 'png'"),
        (("draw", "4", "--cuont", "3"), "python -m bot draw: there is no --cuont 3 (--help"),
        (("draw", "4", "--seed"), "--seed"),
        (("run", "--port", "1"), "python -m bot run: there is no --port 1"),
        (("healthcheck", "now"), "there is no now"),
        (("paint",), "run, draw, number, "),
    ],
)
def test_wrong_usage_is_told_in_the_words_of_the_command_line(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], part: str
) -> None:
    """One line, exit code 64, nothing drawn; options have their dashes and what works can be typed as it is."""
    told = refusal(capsys, *arguments)
    assert part in told
    assert "/digit" not in told
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_the_line_in_an_error_works(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever types it gets a picture."""
    told = refusal(capsys, "draw", "4", "5")
    _, _, line = told.partition("try python -m bot ")
    assert main(line.strip().removesuffix(".").split()) == 0


def test_the_script_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever called `digit-bot` reads that in help and in errors."""
    monkeypatch.setattr("sys.argv", ["/somewhere/bin/digit-bot", "draw"])
    assert "Try digit-bot draw 4." in refusal(capsys, "draw")
    assert refusal(capsys, "--paint").startswith("digit-bot: ")
