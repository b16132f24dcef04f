"""A network: what it keeps of its file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.generator import Generator
from tests.conftest import WEIGHTS


@pytest.mark.parametrize("name", ["cgan", "vae"])
def test_the_bytes_of_a_file_are_not_kept(name: str) -> None:
    """Beside the network they would be as large again, for as long as the bot runs."""
    path = WEIGHTS / f"{name}.onnx"
    content = path.read_bytes()
    before = sys.getrefcount(content)
    generator = Generator.load(path, content)
    assert generator.metadata
    assert sys.getrefcount(content) == before


DRAW = """
import os, socket, sys

def refuse(*_):
    raise AssertionError("a socket was opened")

socket.socket.connect = refuse
from pathlib import Path
from core.catalog import Catalog
from core.pictures.strip import StripRequest
from core.pictures.base import draw
assert draw(Catalog.open(Path(sys.argv[1])), StripRequest(4)).data
assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
print(len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1)
"""


def test_drawing_writes_nothing_and_sends_nothing(tmp_path: Path) -> None:
    """Loading a model and drawing leaves the home folder empty and starts no thread that could report."""
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY" and not k.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(WEIGHTS)],
        env=environment | {"HOME": str(tmp_path), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=WEIGHTS.parent,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1\n"
    assert list(tmp_path.iterdir()) == []
