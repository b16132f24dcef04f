"""Files: whole or not there, and nothing that was there is lost."""

import os
import stat
import threading
from pathlib import Path
from typing import BinaryIO, NoReturn

import pytest

from core.files import filling, replacing
from tests.disks import FITS_BYTES, small_disk

NEW = b"new" * FITS_BYTES


def fill(folder: Path, **files: bytes) -> None:
    """Write files."""
    for name, content in files.items():
        (folder / name).write_bytes(content)


def fail_halfway(file: BinaryIO) -> NoReturn:
    """Write a part of a file."""
    file.write(b"half")
    file.flush()
    raise ZeroDivisionError


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """Where the new file does not fit, the old one is there byte for byte, and nothing beside it."""
    with small_disk(tmp_path) as disk:
        path = disk / "ok.png"
        path.write_bytes(b"good")
        with pytest.raises(OSError, match=r"ok\.png"), replacing(path) as file:
            file.write(NEW)
        assert path.read_bytes() == b"good"
        assert list(disk.iterdir()) == [path]


def test_a_full_disk_leaves_no_half_folder(tmp_path: Path) -> None:
    """Of files that do not all fit, none is there, and what was there is as it was."""
    with small_disk(tmp_path) as disk:
        (disk / "mine").write_bytes(b"good")
        with pytest.raises(OSError), filling(disk) as empty:  # noqa: PT011  of whatever number the system gives
            fill(empty, small=b"new", large=NEW)
        assert {path.name: path.read_bytes() for path in disk.iterdir()} == {"mine": b"good"}


def test_an_error_while_drawing_leaves_the_old_file(tmp_path: Path) -> None:
    """Whatever ends the program's work, the file is the old one until the new one is whole."""
    path = tmp_path / "ok.png"
    path.write_bytes(b"good")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        fail_halfway(file)
    assert [(found, found.read_bytes()) for found in tmp_path.iterdir()] == [(path, b"good")]


def test_a_new_file_has_the_rights_that_any_has(tmp_path: Path) -> None:
    """As the umask says; one that was there keeps its own."""
    before = os.umask(0o027)
    try:
        new, old = tmp_path / "new", tmp_path / "old"
        old.touch()
        old.chmod(0o604)
        for path in (new, old):
            with replacing(path) as file:
                file.write(b"x")
        assert [stat.S_IMODE(path.stat().st_mode) for path in (new, old)] == [0o640, 0o604]
    finally:
        os.umask(before)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that it leads to is replaced."""
    link = tmp_path / "link"
    link.symlink_to("file")
    for content in (b"first", b"second"):
        with replacing(link) as file:
            file.write(content)
        assert link.is_symlink()
        assert (tmp_path / "file").read_bytes() == content


@pytest.mark.parametrize("name", ["folder", "missing/file", "file/file"])
def test_what_cannot_be_written_is_told_at_once(tmp_path: Path, name: str) -> None:
    """Before anything is drawn, and under the name that was given."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(OSError) as caught, replacing(tmp_path / name):  # noqa: PT011  of several numbers
        pytest.fail("opened")
    assert caught.value.filename == str(tmp_path / name)


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """`--out /dev/stdout` and a named pipe get the bytes; nothing takes their place."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with replacing(pipe) as file:
        file.write(b"picture")
    reader.join()
    assert read == [b"picture"]
    assert list(tmp_path.iterdir()) == [pipe]
    reading, writing = os.pipe()
    with replacing(Path(f"/dev/fd/{writing}")) as file:
        file.write(b"picture")
    assert os.read(reading, 100) == b"picture"
    os.close(reading)
    os.close(writing)


def test_files_move_into_a_folder_that_has_others(tmp_path: Path) -> None:
    """Each comes to its place, folders included, and what was there stays; until then they are hidden."""
    (tmp_path / "MNIST").mkdir()
    (tmp_path / "MNIST" / "mine").write_text("mine")
    with filling(tmp_path) as empty:
        (empty / "MNIST" / "raw").mkdir(parents=True)
        (empty / "MNIST" / "raw" / "images").write_text("new")
        assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["MNIST"]
    files = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {"MNIST/mine": "mine", "MNIST/raw/images": "new"}


def test_a_folder_in_a_new_folder_is_made(tmp_path: Path) -> None:
    """Nobody has to make the folders above first."""
    with filling(tmp_path / "new" / "set") as empty:
        (empty / "images").write_text("new")
    assert (tmp_path / "new" / "set" / "images").read_text() == "new"


def test_files_that_cannot_all_move_are_taken_back(tmp_path: Path) -> None:
    """Something in the way of one leaves none of them."""
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError), filling(tmp_path) as empty:
        fill(empty, a=b"new", b=b"new", c=b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
