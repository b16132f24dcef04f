"""deploy/digit-bot.service, as systemd itself reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import programs
from tests.conftest import ROOT

UNIT = ROOT / "deploy" / "digit-bot.service"
MOST_EXPOSED = 15
"""Tenths of systemd's scale from 0, nothing to attack, to 10."""

OLDEST = 250
"""The first systemd that looks at a unit that is not installed."""


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run systemd-analyze."""
    program = programs.SYSTEMD_ANALYZE.path()
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def _new_enough() -> None:
    """Skip the tests where systemd is too old."""
    # Begins with: systemd 252 (252.38-1~deb12u1)
    if int(analyze("--version").stdout.split()[1]) < OLDEST:
        programs.SYSTEMD_ANALYZE.missing()


def installed(folder: Path, text: str) -> str:
    """The unit, as if the bot were installed: systemd looks whether the program and its folder are there."""
    # In quotes: the folder of the checkout may have a space in its name.
    here = text.replace("/opt/digit-bot/.venv/bin/python", f'"{sys.executable}"').replace(
        "=/opt/digit-bot\n", f"={ROOT}\n"
    )
    unit = folder / UNIT.name
    unit.write_text(here)
    return str(unit)


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """No line of the unit is unknown or malformed to systemd, which would say so and go on without it."""
    read = analyze("verify", "--man=no", installed(tmp_path, UNIT.read_text()))
    assert (read.returncode, read.stderr) == (0, "")
    misspelt = UNIT.read_text().replace("NoNewPrivileges", "NoNewPrivilege")
    assert "NoNewPrivilege" in analyze("verify", "--man=no", installed(tmp_path, misspelt)).stderr


def test_the_unit_is_a_tight_one() -> None:
    """The service is as little exposed as systemd can make one that needs the network."""
    offline = ("security", "--offline=yes", f"--threshold={MOST_EXPOSED}")
    seen = analyze(*offline, str(UNIT))
    assert seen.returncode == 0, seen.stdout
    assert "Overall exposure level" in seen.stdout


def test_a_crash_leaves_no_core_dump() -> None:
    """The tokens are in the bot's memory; the number of its connections is bounded as its memory is."""
    lines = UNIT.read_text().splitlines()
    assert {"LimitCORE=0", "LimitNOFILE=4096"} <= set(lines)
