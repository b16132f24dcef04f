"""Files: read only where they are ordinary ones, and written whole or not at all."""

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from core.errors import BadWeights

MAX_WEIGHTS_BYTES = 100_000_000
"""Of a file in the weights folder: forty times the default model. What is larger is no model of digits, and might not
fit into memory."""


def read_weights(path: Path) -> bytes:
    """Read a file of the weights folder.

    Raises:
        BadWeights: it is missing, too large, or no ordinary file: the reader of a pipe might wait for ever.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise BadWeights(path, "cannot be read (it is no ordinary file)")
        if status.st_size > MAX_WEIGHTS_BYTES:
            raise BadWeights(path, f"has {status.st_size:,} bytes, and may have {MAX_WEIGHTS_BYTES:,}")
        return path.read_bytes()
    except FileNotFoundError:
        raise BadWeights(path, "is missing") from None
    except OSError as error:
        raise BadWeights(path, f"cannot be read ({error.strerror})") from error
    except ValueError:  # NUL, or half a character
        raise BadWeights(path, "is no path") from None


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path` that takes its place at the end; on an error `path` stays as it was.

    A pipe or a device, such as /dev/stdout, is written to as it is.

    Raises:
        OSError: `path` cannot be written, at once where that shows at once; the error names it.
    """
    try:
        if path.exists():
            with path.open("ab") as file:  # a read-only file could be replaced, but is not meant to be
                if not path.is_file():
                    yield file
                    return
        target = path.resolve()  # of a link the file that it leads to
        beside = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with beside.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        error.filename = str(path)
        raise


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Make an empty folder within `folder`, and move its files to the same places in `folder` at the end.

    On an error nothing is moved. The files have to be new: the last of them by name is moved last.

    Raises:
        OSError: `folder` cannot be written to, at once where that shows at once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", suffix=".part", dir=folder) as place:
        beside = Path(place)
        yield beside
        _move_files(beside, folder)


def _move_files(source: Path, folder: Path) -> None:
    moved: list[Path] = []
    try:
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            moved.append(target)
    except BaseException:
        for target in moved:
            target.unlink()
        raise
