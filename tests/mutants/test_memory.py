"""The limit on memory: a fault that takes too much fails its test, and takes nothing from the machine."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.mutants.memory import MEMORY_BYTES

PROGRAM = """
import subprocess, sys
from tests.mutants.memory import limit_memory
size, within = int(sys.argv[1]), sys.argv[2]
limit_memory()
if within == "child":
    code = f"bytearray({size})"
    sys.exit(subprocess.run([sys.executable, "-c", code]).returncode)
bytearray(size)
"""


@pytest.mark.parametrize("within", ["itself", "child"])
@pytest.mark.parametrize(("size", "fits"), [(MEMORY_BYTES // 10, True), (MEMORY_BYTES, False)])
def test_more_memory_than_allowed_is_an_error(size: int, within: str, *, fits: bool) -> None:
    """In the tests' own process, and in a bot that they start; what the suite usually takes is there."""
    command = [sys.executable, "-c", PROGRAM, str(size), within]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == fits
    assert ("MemoryError" in done.stderr) != fits
