"""Measure what the tests notice: put faults into the program one by one, and run the tests that reach them.

`python -m tests.mutants` takes a sample of each package and prints the share that made a test fail. It is no part of
the test suite: it takes minutes. For one seed and one program it is the same each time. A fault that makes a test hang,
or take more memory than tests/mutants/memory.py allows, counts as noticed; those of tests/mutants/equivalent.py are
left out.
"""

import argparse
import multiprocessing
import os
import queue
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.faults import Fault, find, sample
from tests.mutants.reach import ROOT, Reach, collect, copies, modules
from tests.mutants.run import LIBRARIES, run

PACKAGES: Mapping[str, tuple[str, str | None]] = {
    "core": ("core", None),
    "bot": ("bot", "bot/adapters"),
    "adapters": ("bot/adapters", None),
}
"""The folder of each package, and a folder in it that is left out."""
PER_PACKAGE = 40
WANTED = 85
"""Percent of the faults in a package."""
BUDGET_SECONDS = 60.0
"""Of tests for one fault, by what they took without it: quick files first, and the rest is left out."""
START_SECONDS = 120.0
"""For pytest to start, on a machine that is busy with other things too."""
SLOWER = 6
"""Times that tests may take as long as without the fault: then it is noticed, too, since something hangs."""


FORKS = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a fault.

    Attributes:
        package: where it was.
        fault: the fault.
        outcome: `noticed`, `hangs`, `survived`, or `no test` where none reaches it.
        left_out: tests that reach it and were not run for want of time.
    """

    package: str
    fault: Fault
    outcome: str
    left_out: int = 0

    @property
    def noticed(self) -> bool:
        """Whether a test failed or hung."""
        return self.outcome in {"noticed", "hangs"}

    def __str__(self) -> str:
        place = f"{self.fault.path.relative_to(ROOT)}:{self.fault.line}"
        more = f"  ({self.left_out} tests not run)" if self.left_out and not self.noticed else ""
        return f"{self.outcome:9} {place:38} {self.fault}{more}"


class Workshop:
    """Copies of the working tree in which faults are tried, one at a time in each.

    Args:
        reach: which tests run which line.
        folders: the copies.
        budget_seconds: see BUDGET_SECONDS.
    """

    def __init__(self, reach: Reach, folders: Sequence[Path], budget_seconds: float) -> None:
        self._reach = reach
        self._budget_seconds = budget_seconds
        self._free: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for folder in folders:
            self._free.put(folder)

    def attempt(self, package: str, fault: Fault) -> Result:
        """Put a fault into a copy, run the tests that reach it, and take it out again."""
        path = fault.path.relative_to(ROOT)
        tests, left_out, seconds = self._within_budget(self._reach.tests(str(path), fault.line))
        if not tests:
            return Result(package, fault, "no test")
        folder = self._free.get()
        try:
            _write(folder / path, fault.apply(fault.path.read_bytes()))
            outcome = _outcome(folder, tests, START_SECONDS + SLOWER * seconds)
        finally:
            _write(folder / path, fault.path.read_bytes())
            self._free.put(folder)
        return Result(package, fault, outcome, left_out)

    def _within_budget(self, tests: Sequence[str]) -> tuple[list[str], int, float]:
        chosen: list[str] = []
        seconds = 0.0
        for test in tests:
            if chosen and seconds + self._reach.seconds[test] > self._budget_seconds:
                break
            chosen.append(test)
            seconds += self._reach.seconds[test]
        return chosen, len(tests) - len(chosen), seconds


def _write(path: Path, source: bytes) -> None:
    path.write_bytes(source)
    # Python takes a compiled file for the source's own that is as long and was written in the same second.
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def _outcome(folder: Path, tests: Sequence[str], seconds: float) -> str:
    receiving, sending = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=run, args=(folder, list(tests), sending))
    process.start()
    sending.close()
    with receiving:
        if not receiving.poll(seconds):
            # It is alive, so that its number cannot be another process's by now.
            assert process.pid
            os.killpg(process.pid, signal.SIGKILL)
            process.join()
            return "hangs"
        try:
            code = receiving.recv()
        except EOFError:  # the fault has ended the process
            code = 1
    process.join()
    return "noticed" if code else "survived"


def _sampled(package: str, size: int, seed: int) -> list[Fault]:
    folder, left_out = PACKAGES[package]
    paths = [path for path in modules(folder) if left_out is None or ROOT / left_out not in path.parents]
    chosen = sample([fault for path in paths for fault in find(path)], size, seed)
    # Left out after the choice: what is found to be none changes no other sample.
    return [fault for fault in chosen if str(fault) not in EQUIVALENT.get(str(fault.path.relative_to(ROOT)), {})]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("packages", nargs="*", metavar="package", help="core, bot or adapters; all of them by default")
    parser.add_argument("--size", type=int, default=PER_PACKAGE, help="faults in each package")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--tests", nargs="+", help="files and folders of tests; by default the whole suite")
    parser.add_argument("--budget", type=float, default=BUDGET_SECONDS, help="seconds of tests for one fault")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="faults tried at once")
    return parser.parse_args()


def main() -> int:
    """Try the sample and print the rates; returns 1 where fewer than WANTED percent were noticed."""
    options = _arguments()
    suite = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    began = time.perf_counter()
    # What is imported once need not be imported for each fault.
    FORKS.set_forkserver_preload([*LIBRARIES, "tests.mutants.run"])
    reach = collect(options.tests or suite["testpaths"])
    _say(
        f"{len(reach.seconds)} tests in {sum(reach.seconds.values()):.0f} s; {len(reach.left_out)} fail or are skipped"
    )
    sampled = {name: _sampled(name, options.size, options.seed) for name in options.packages or PACKAGES}
    # A test that was killed may have left a disk mounted there.
    with tempfile.TemporaryDirectory(prefix="digit-mutants-", ignore_cleanup_errors=True) as folder:
        workshop = Workshop(reach, list(copies(options.workers, Path(folder))), options.budget)
        with ThreadPoolExecutor(options.workers) as pool:
            tries = [pool.submit(workshop.attempt, name, fault) for name, each in sampled.items() for fault in each]
            results = []
            for one in tries:
                results.append(one.result())
                _say(str(results[-1]))
    _say(f"\nseed {options.seed}, {time.perf_counter() - began:.0f} s")
    rates = {}
    for name, faults in sampled.items():
        outcomes = Counter(result.outcome for result in results if result.package == name)
        noticed = sum(result.noticed for result in results if result.package == name)
        rates[name] = 100 * noticed / len(faults)
        told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        _say(f"{name:9} {noticed:3} of {len(faults)} faults noticed, {rates[name]:.0f} %  ({told})")
    return int(min(rates.values()) < WANTED)


if __name__ == "__main__":
    sys.exit(main())
