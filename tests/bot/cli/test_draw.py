"""The command line: every command draws to a file, and says what it drew or what is wrong."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.cli.main import main
from bot.commands import registry
from core.dataset import Dataset
from tests.bot.conftest import finished
from tests.conftest import ROOT
from tests.disks import small_disk


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
async def test_each_command_draws_to_a_file_of_its_name(
    tmp_path: Path, arguments: tuple[str, ...], name: str, form: str
) -> None:
    """Without `--out` the file is named for what is in it."""
    code, written = await finished(tmp_path, *arguments)
    assert code == 0, written
    assert written.startswith(f"{name}: ")
    with Image.open(tmp_path / name) as image:
        assert image.format == form


async def test_originals_can_be_a_zip(tmp_path: Path) -> None:
    """Each image in a file of its own, and a table of labels."""
    code, _ = await finished(tmp_path, "number", "42", "--originals", "zip", "--out", "n.zip")
    assert code == 0
    with zipfile.ZipFile(io.BytesIO((tmp_path / "n.zip").read_bytes())) as file:
        assert sorted(file.namelist()) == ["00-4.png", "01-2.png", "labels.csv"]


@pytest.mark.parametrize("form", ["idx", "npz", "png"])
async def test_a_data_set_of_every_digit(tmp_path: Path, form: str) -> None:
    """`draw --all` writes so many images of each digit to a folder, and says how many."""
    code, written = await finished(tmp_path, "draw", "--all", "--count", "6", "--format", form, "--out", "set")
    assert code == 0, written
    assert f"{70 if form == 'idx' else 60} digits" in written.splitlines()[-1]
    if form == "idx":
        assert (tmp_path / "set/MNIST/raw/train-images-idx3-ubyte").stat().st_size == 16 + 60 * 784
    elif form == "npz":
        with np.load(tmp_path / "set/digits.npz") as file:
            assert file["images"].shape == (60, 28, 28)
    else:
        assert len(list((tmp_path / "set").glob("*.png"))) == 60


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
async def test_what_cannot_be_drawn_is_refused_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """One sentence, exit code 64, and no file."""
    code, written = await finished(tmp_path, *arguments)
    assert code == 64
    assert written.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_model_is_told_with_a_line_of_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever compares is shown how to compare, not how to draw."""
    assert main(["compare", "4", "--models", "gpt"]) == 64
    assert capsys.readouterr().err.endswith("Try python -m bot compare 4.\n")


def test_a_value_may_begin_with_a_minus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of all walks do."""
    assert main(["draw", "4", "--walk", "-0.3,-.5", "--out", str(tmp_path / "four.png")]) == 0
    assert "walk -0.3,-0.5" in capsys.readouterr().err


async def test_a_data_set_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A file where the folder should go is named, with exit code 73."""
    (tmp_path / "set").write_text("in the way")
    code, written = await finished(tmp_path, "draw", "--all", "--count", "1", "--out", "set")
    assert code == 73
    assert "set" in written.splitlines()[-1]
    assert "Traceback" not in written


def test_a_full_disk_keeps_the_picture_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--out ok.gif` on a full disk is a line and exit code 73; with a name or without, nothing is left or lost."""
    with small_disk(tmp_path) as disk:
        monkeypatch.chdir(disk)
        Path("ok.gif").write_text("mine")
        for out, name in (["--out", "ok.gif"], "ok.gif"), ([], "morph-0-1-2-3-4-5-seed-1.gif"):
            assert main(["morph", "0", "1", "2", "3", "4", "5", "--seed", "1", *out]) == 73
            assert capsys.readouterr().err.startswith(f"{name} cannot be written (")
        assert main(["draw", "--all", "--count", "20", "--out", "."]) == 73
        assert [(path.name, path.read_text()) for path in Path().iterdir()] == [("ok.gif", "mine")]
        monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("draw", "4", "--out", "missing/four.png"),
        ("draw", "4", "--out", "."),
        ("draw", "--all", "--out", "file/set"),
        ("draw", "--all", "--out", "older"),
        ("draw", "--all", "--out", "older", "--format", "png"),
        ("draw", "--all", "--out", "older", "--format", "npz"),
        ("draw", "--all", "--out", "foreign", "--format", "png"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_anything_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """A folder with an older data set or with labels of somebody's own is such a place: nothing in it changes."""
    for name in ("file", "older/MNIST/raw/train-labels-idx1-ubyte", "older/000000-0.png", "older/digits.npz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "labels.csv").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Dataset, "draw", lambda _: pytest.fail("drawn"))
    monkeypatch.setattr("bot.cli.picture_file.draw", lambda *_: pytest.fail("drawn"))
    assert main(arguments) == 73
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
    assert {path.read_text() for path in before if path.is_file()} == {"mine"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line with which the command line refuses these arguments as wrong usage."""
    try:
        code: object = main(arguments)
    except SystemExit as error:
        code = error.code
    told = capsys.readouterr()
    assert (code, told.out, told.err.count("\n")) == (64, "", 1), told.err
    return told.err


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("draw", "4", "--out", "a.png"), "PNG"),
        (("draw", "4", "--out", "a.JPG"), "JPEG"),
        (("compare", "4", "--models", "cgan,vae", "--out", "a.jpeg"), "JPEG"),
        (("morph", "3", "--out", "a.gif"), "GIF"),
        (("draw", "4", "--originals", "original", "--out", "a.png"), "PNG"),
        (("draw", "4", "--out", "a"), "PNG"),
    ],
)
def test_the_ending_decides_what_a_picture_is(here: Path, arguments: tuple[str, ...], kind: str) -> None:
    """A file is what its name says; one without an ending is what the command draws."""
    assert main(arguments) == 0
    (path,) = here.iterdir()
    with Image.open(path) as image:
        assert image.format == kind


@pytest.mark.parametrize("arguments", [("draw", "4", "--count", "2"), ("number", "42"), ("morph", "3", "8")])
def test_a_zip_holds_the_originals(here: Path, arguments: tuple[str, ...]) -> None:
    """`--out a.zip` needs no `--originals zip`."""
    assert main([*arguments, "--out", "a.zip"]) == 0
    with zipfile.ZipFile(here / "a.zip") as file:
        assert "labels.csv" in file.namelist()


@pytest.mark.parametrize(
    ("arguments", "endings"),
    [
        (("draw", "4", "--out", "a.gif"), ".png, .jpg, .jpeg or .zip"),
        (("draw", "4", "--out", "a.webp"), ".png, .jpg, .jpeg or .zip"),
        (("morph", "3", "8", "--out", "a.png"), ".gif or .zip"),
        (("draw", "4", "--originals", "zip", "--out", "a.png"), ".zip"),
        (("draw", "4", "--originals", "original", "--out", "a.jpg"), ".png"),
    ],
)
def test_an_ending_that_the_picture_does_not_come_with_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], endings: str
) -> None:
    """No file holds another thing than its name says; the endings that work are named."""
    assert f"comes as {endings}." in refusal(capsys, *arguments)
    assert list(here.iterdir()) == []


def test_a_dash_is_standard_output(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """`--out -` writes the picture alone there, the line about it to standard error, and no file."""
    assert main(["draw", "4", "--seed", "7", "--out", "-"]) == 0
    told = capfdbinary.readouterr()
    assert main(["draw", "4", "--seed", "7", "--out", "a.png"]) == 0
    assert told.out == (here / "a.png").read_bytes()
    assert b"seed 7" in told.err
    assert [path.name for path in here.iterdir()] == ["a.png"]


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
        (("paint",), "'draw', 'number'"),
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
    assert refusal(capsys, "paint").startswith("digit-bot: ")


@pytest.mark.parametrize("form", ["idx", "npz", "png"])
def test_a_data_set_is_replaced_only_with_force(here: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """Without `--force` the older one stays and the line says how; with it nothing of the older one remains."""
    arguments = ["draw", "--all", "--out", "set", "--format", form, "--seed", "1", "--count"]
    assert main([*arguments, "2"]) == 0
    (here / "set" / "notes.txt").write_text("mine")
    older = {path: path.read_bytes() for path in (here / "set").rglob("*") if path.is_file()}
    assert main([*arguments, "1"]) == 73
    assert "--force" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (here / "set").rglob("*") if path.is_file()} == older
    assert main([*arguments, "1", "--force"]) == 0
    (here / "set").rename(here / "replaced")
    assert main([*arguments, "1"]) == 0
    assert (here / "replaced" / "notes.txt").read_text() == "mine"
    (here / "replaced" / "notes.txt").unlink()
    new, fresh = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (here / "replaced", here / "set")
    )
    assert new.keys() == fresh.keys()
    assert form == "npz" or new == fresh


def test_a_data_set_that_fails_replaces_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--force`, too, the older one goes only once the new one is complete."""
    assert main(["draw", "--all", "--count", "1", "--out", "set"]) == 0
    older = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Dataset, "write", interrupted)
    assert main(["draw", "--all", "--count", "2", "--out", "set", "--force"]) == 130
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == older


@pytest.mark.parametrize("topic", ["models", "about"])
async def test_what_tells_writes_to_standard_output(topic: str) -> None:
    """`models` and `about` are answered in the terminal; nothing goes to standard error."""
    code, written = await finished(ROOT, topic)
    assert (code, written) == (0, "")


async def test_the_help_lists_exactly_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
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
