"""Fixtures that tests of every package share, and how the suite is run."""

import fcntl
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.registry import PLATFORMS
from bot.config.settings import Settings
from bot.config.sources import CREDENTIALS_VARIABLE, FILE_SUFFIX, STAND_INS
from core.catalog import Catalog
from tests.fakes.generators import GatedGenerator
from tests.programs import skipped

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "weights"
MOST_WORKERS = 6
LONG_SECONDS = 900
"""Deadline of a test that trains a network or builds an image, which each take minutes."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run the whole suite side by side, and files that are named in this process, as a debugger or a benchmark needs.

    Returns:
        Two workers more than processors, as tests wait half of their time; 0 is this process.
    """
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors + 2, MOST_WORKERS)


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker of this suite."""
    config.addinivalue_line("markers", "alone: nothing else runs meanwhile, as a platform waits for only so long")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give training and the image a deadline of their own."""
    for item in items:
        if {"training", "box"} & set(item.path.relative_to(ROOT).parts):
            item.add_marker(pytest.mark.timeout(LONG_SECONDS))


def pytest_collection_finish() -> None:
    """Keep the garbage collector from looking through thousands of tests again and again."""
    gc.collect()
    gc.freeze()
    # A test leaves few objects to collect.
    gc.set_threshold(100_000)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped for what."""
    for line in skipped(terminalreporter.getreports("skipped")):
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own reaches a test."""
    for group in (Settings, *(platform.settings for platform in PLATFORMS)):
        for variable in group.variables():
            monkeypatch.delenv(variable, raising=False)
            monkeypatch.delenv(variable + FILE_SUFFIX, raising=False)
    for variable in STAND_INS.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv(CREDENTIALS_VARIABLE, raising=False)
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture(autouse=True)
def _turn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Wait until no test in another process runs alone, or, for a test that is to run alone, until none runs."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    shared = tmp_path_factory.getbasetemp().parent
    alone = request.node.get_closest_marker("alone") is not None
    with (shared / "running").open("w") as running:
        # Whoever waits to be alone stands in the door: otherwise others would go on slipping past.
        with (shared / "door").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(running, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


@pytest.fixture(autouse=True)
def _open_gates() -> Iterator[None]:
    """Let go of every thread that a test, if it has failed, leaves waiting."""
    yield
    GatedGenerator.open_all()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The models that ship."""
    return Catalog.open(WEIGHTS)
