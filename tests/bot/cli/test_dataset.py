"""`draw --all`: a synthetic MNIST as files, which replaces nothing that was not meant."""

from pathlib import Path

import numpy as np
import pytest

from bot.cli.main import main
from core.dataset import Dataset
from tests.bot.conftest import finished


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


async def test_a_data_set_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A file where the folder should go is named, with exit code 73."""
    (tmp_path / "set").write_text("in the way")
    code, written = await finished(tmp_path, "draw", "--all", "--count", "1", "--out", "set")
    assert code == 73
    assert "set" in written.splitlines()[-1]
    assert "Traceback" not in written


@pytest.mark.parametrize("name", ["set.npz", "digits.PNG", "digits.zip"])
def test_a_data_set_is_no_file(here: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Whoever names a file meant one: nothing is drawn, and the line says how to ask; a folder of that name is fine."""
    assert main(["draw", "--all", "--count", "1", "--out", name]) == 64
    assert capsys.readouterr().err.count("\n") == 1
    assert not (here / name).exists()
    (here / name).mkdir()
    assert main(["draw", "--all", "--count", "1", "--out", name]) == 0


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
