"""The file of a picture: its ending decides what it is, and nothing half-written stays."""

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from bot.cli.main import main
from core.dataset import Dataset
from tests.disks import small_disk


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
