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
    """`--out ok.png` on a full disk is a line and exit code 73; with a name or without, nothing is left or lost."""
    with small_disk(tmp_path) as disk:
        monkeypatch.chdir(disk)
        assert main(["draw", "4", "--out", "ok.png"]) == 0
        before = Path("ok.png").read_bytes()
        capsys.readouterr()
        for out, name in (["--out", "ok.png"], "ok.png"), ([], "morph-0-1-2-3-4-5-seed-1.gif"):
            assert main(["morph", "0", "1", "2", "3", "4", "5", "--seed", "1", *out]) == 73
            assert capsys.readouterr().err.startswith(f"{name} cannot be written (")
        assert main(["draw", "--all", "--count", "20", "--out", "."]) == 73
        assert [(path.name, path.read_bytes()) for path in Path().iterdir()] == [("ok.png", before)]
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
    monkeypatch.setattr("bot.cli.draw.draw", lambda *_: pytest.fail("drawn"))
    assert main(arguments) == 73
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
    assert {path.read_text() for path in before if path.is_file()} == {"mine"}


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
