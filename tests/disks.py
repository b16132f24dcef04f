"""A disk that is soon full."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FITS_BYTES = 64 * 1024


@contextmanager
def small_disk(folder: Path, size_bytes: int = FITS_BYTES) -> Iterator[Path]:
    """Mount a file system of that size; without the right to, limit every file to it."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", disk]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        with _short_files(size_bytes):
            yield disk
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)  # noqa: S607  where the system has it


@contextmanager
def _short_files(size_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
