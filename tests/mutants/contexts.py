"""A pytest plugin: tells coverage which test is running, and writes down how each one ended and how long it took."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

REPORT = "MUTANTS_REPORT"
"""The variable that names the file to write."""
RCFILE = "MUTANTS_RCFILE"
"""The variable that names the configuration of coverage."""

_seconds: dict[str, float] = {}
_failed: set[str] = set()


def pytest_configure() -> None:
    """Have the processes measured that tests start; this one is measured already."""
    os.environ["COVERAGE_PROCESS_START"] = os.environ[RCFILE]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Name the test as the context of whatever runs until its end."""
    measuring = coverage.Coverage.current()
    assert measuring is not None
    measuring.switch_context(item.nodeid)
    result: None = yield
    measuring.switch_context("")
    return result


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the phases of a test."""
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0.0) + report.duration
    if report.outcome != "passed":
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write the report."""
    passed = {test: seconds for test, seconds in _seconds.items() if test not in _failed}
    Path(os.environ[REPORT]).write_text(json.dumps({"passed": passed, "left_out": sorted(_failed)}), encoding="utf-8")
