"""The tests' own tools: a missing program is told, what hangs ends, and no bot outlives its test."""

import os
import signal
from pathlib import Path

import pytest

from tests.bot.conftest import running
from tests.programs import LIBFAKETIME, REDIS, Program
from tests.waiting import until

NAME = "no-such-program-of-ours"
NOWHERE = Program("Nothing", variable="NOTHING", install="apt-get install nothing", names=(NAME,))


@pytest.fixture(autouse=True)
def _no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is named by the developer's own environment."""
    for program in (NOWHERE, REDIS, LIBFAKETIME):
        monkeypatch.delenv(program.variable, raising=False)


def put(path: Path) -> str:
    """Make a program that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return str(path)


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_a_program_is_found_by_each_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever has Valkey in place of Redis needs to set nothing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert REDIS.find() is None
    assert put(tmp_path / name) == REDIS.find()


@pytest.mark.parametrize("folder", ["lib/x86_64-linux-gnu/faketime", "lib/aarch64-linux-gnu/faketime"])
def test_a_library_is_found_in_the_folder_of_its_processor(tmp_path: Path, folder: str) -> None:
    """Debian keeps it apart for each processor."""
    library = Program("A library", variable="NOTHING", install="", paths=(f"{tmp_path}/lib/*-linux-*/faketime/lib.so",))
    assert library.find() is None
    assert put(tmp_path / folder / "lib.so") == library.find()


def test_the_variable_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it names is taken and nothing else, even if that is not there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    put(tmp_path / "redis-server")
    monkeypatch.setenv("REDIS_SERVER", str(tmp_path / "mine"))
    assert REDIS.find() is None
    assert put(tmp_path / "mine") == REDIS.find()


def test_a_missing_program_skips_the_test_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a developer's machine the suite passes without it; under CI it does not."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"needs Nothing: apt-get install nothing, or set NOTHING"):
        NOWHERE.path()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"needs Nothing: apt-get install nothing"):
        NOWHERE.path()


async def test_waiting_ends() -> None:
    """What never comes true is a failure and no hang; what does is returned."""
    with pytest.raises(TimeoutError):
        await until(lambda: False, seconds=0)
    values = iter([0, None, "yes"])
    assert await until(lambda: next(values)) == "yes"


async def test_no_bot_outlives_its_test() -> None:
    """A test that fails leaves no process behind."""
    with pytest.raises(ZeroDivisionError):
        async with running() as bot:
            raise ZeroDivisionError
    assert bot.process.returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(bot.process.pid, 0)
