"""Run tests in a copy of the working tree, in a process that has the libraries already."""

import os
import signal
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import mkdtemp

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import pytest

from tests.mutants.memory import limit_memory
from tests.mutants.reach import ROOT, one_process

LIBRARIES = ["aiohttp", "discord", "numpy", "onnx", "onnxruntime", "PIL.Image", "pydantic_settings", "telegram.ext"]
OURS = {"bot", "core", "tests"}


def run(folder: Path, tests: Sequence[str], report: "Connection[int, int]") -> None:
    """Run tests until one fails, send pytest's exit code, and end the process with all that the tests started.

    Args:
        folder: a copy of the working tree, whose packages are taken instead of ours.
        tests: as pytest names them.
        report: takes the exit code.
    """
    # A process group of its own, so that whatever the tests start can be ended with it.
    os.setsid()
    limit_memory()
    os.chdir(folder)
    # Compiled tests are kept in the copy for the next fault.
    sys.dont_write_bytecode = False
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    sys.path[:] = [str(folder), *(place for place in sys.path if Path(place or ".").resolve() not in {ROOT, folder})]
    listed = folder / "tests.txt"
    listed.write_text("\n".join(tests), encoding="utf-8")
    # A folder of its own: pytest fails where it cannot remove that of a run that was killed.
    temporary = f"--basetemp={mkdtemp(dir=folder.parent)}"
    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", temporary, *one_process()]
    report.send(int(pytest.main([*options, f"@{listed}"])))
    os.killpg(0, signal.SIGKILL)
