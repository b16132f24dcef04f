"""Which tests reach which line: coverage with a context a test, collected once and kept outside the repository."""

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from coverage import CoverageData

from tests.mutants.contexts import RCFILE, REPORT
from tests.mutants.memory import limit_memory

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "digit-bot-mutants"
RC = """[run]
source = {root}/core
    {root}/bot
data_file = {folder}/data
parallel = true
patch = _exit
context = ${{PYTEST_CURRENT_TEST-}}
"""
"""A process that a test starts has that test's name in its environment."""


@dataclass(frozen=True)
class Reach:
    """Tests by the lines that they run.

    Attributes:
        lines: the tests that run a line, by path within the repository and number.
        seconds: how long each test took.
        left_out: tests that failed or were skipped without any fault.
    """

    lines: dict[tuple[str, int], frozenset[str]]
    seconds: dict[str, float]
    left_out: list[str]

    def tests(self, path: str, line: int) -> list[str]:
        """Return the tests that run a line or what depends on it, file by file.

        The file of the module's own name comes first, of a constant with all of its tests: they may look at it alone.
        Then come those beside it, and among these the quickest.
        """
        own = Path("tests", path).with_name(f"test_{Path(path).name}")
        found: set[str] = set()
        if not any(function.lineno <= line <= (function.end_lineno or 0) for function in _functions(path)):
            found |= {test for test in self.seconds if Path(test.partition("::")[0]) == own}
        for place in _dependents(path, line):
            found |= self.lines.get(place, frozenset())
        files: dict[str, list[str]] = defaultdict(list)
        for test in self.seconds:  # in the order in which they ran, so that what a file's tests share is made once
            if test in found:
                files[test.partition("::")[0]].append(test)

        def order(file: str) -> tuple[bool, bool, float]:
            seconds = sum(self.seconds[test] for test in files[file])
            return Path(file) != own, Path(file).parent != own.parent, seconds

        return [test for file in sorted(files, key=order) for test in files[file]]


def collect(tests: Sequence[str]) -> Reach:
    """Run the tests with coverage, or read what an earlier run of the same program and tests has found."""
    folder = CACHE / _digest(tests)
    report = folder / "report.json"
    if not report.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(tests, folder, report)
    outcome = json.loads(report.read_text(encoding="utf-8"))
    return Reach(_read(folder, outcome["passed"]), outcome["passed"], outcome["left_out"])


def modules(*packages: str) -> list[Path]:
    """Return the modules below these folders, wherever they are."""
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def one_process() -> list[str]:
    """Return the arguments that keep pytest from running tests side by side."""
    return ["-n", "0"] if find_spec("xdist") else []


def _digest(tests: Sequence[str]) -> str:
    content = hashlib.sha256(repr(sorted(tests)).encode())
    for path in [*modules("core", "bot", "tests"), ROOT / "pyproject.toml"]:
        if "mutants" not in path.parts:
            content.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return content.hexdigest()[:16]


def _run(tests: Sequence[str], folder: Path, report: Path) -> None:
    rc = folder / "coverage.ini"
    rc.write_text(RC.format(root=ROOT, folder=folder), encoding="utf-8")
    environment = os.environ | {REPORT: str(report), RCFILE: str(rc)}
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={rc}", "-m", "pytest"]
    options = ["-q", "-p", "tests.mutants.contexts", "-p", "no:cacheprovider", *one_process()]
    # Limited as each try is: a test that cannot live with that is left out.
    limited = {"preexec_fn": limit_memory}
    subprocess.run([*command, *options, *tests], cwd=ROOT, env=environment, check=False, stdout=sys.stderr, **limited)


def _read(folder: Path, passed: Iterable[str]) -> dict[tuple[str, int], frozenset[str]]:
    of_file: dict[str, set[str]] = defaultdict(set)
    for test in passed:
        of_file[test.partition("::")[0]].add(test)
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for path in folder.glob("data*"):
        data = CoverageData(str(path))
        data.read()
        for file in data.measured_files():
            name = str(Path(file).relative_to(ROOT))
            for line, contexts in data.contexts_by_lineno(file).items():
                for context in contexts:
                    found[name, line] |= _tests(context, of_file)
    return {place: frozenset(tests) for place, tests in found.items()}


def _tests(context: str, of_file: dict[str, set[str]]) -> set[str]:
    """The tests of a context such as `tests/bot/test_app.py::test_x`, ` (setup)` after it in a process of its own."""
    for phase in (" (setup)", " (teardown)"):
        if context.endswith(phase):
            # A process of a fixture may serve every test of the file.
            return of_file[context.partition("::")[0]]
    return {context.removesuffix(" (call)")} - {""}


@cache
def _dependents(path: str, line: int) -> frozenset[tuple[str, int]]:
    """The lines to be run for a line to matter: of its function; of a constant, of all that mentions its name."""
    function = next((f for f in reversed(_functions(path)) if f.lineno <= line <= (f.end_lineno or 0)), None)
    if function is not None:
        body = function.body[0].lineno
        return frozenset({(path, line)} if line >= body else {(path, each) for each in _span(function)})
    names, seen, places = names_at(path, line), set[str](), set[tuple[str, int]]()
    for _ in range(3):
        new, seen = names - seen, names | seen
        names = set()
        for module in modules("core", "bot"):
            name = str(module.relative_to(ROOT))
            for statement in _parsed(name).body:
                inner = [
                    node for node in ast.walk(statement) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                ]
                for each in inner:
                    if _mentions(each, new):
                        places |= {(name, number) for number in _span(each)}
                if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and _mentions(statement, new):
                    names |= _names(statement)
    own = {(path, number) for each in _functions(path) for number in _span(each)}
    return frozenset(places or own)


@cache
def _parsed(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_bytes())


@cache
def _functions(path: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, an inner one after the one that it is in."""
    return [node for node in ast.walk(_parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _span(function: ast.FunctionDef | ast.AsyncFunctionDef) -> range:
    return range(function.body[0].lineno, (function.end_lineno or function.lineno) + 1)


def names_at(path: str, line: int) -> set[str]:
    """Return what the statement at a line of a module defines."""
    statement = next(s for s in _parsed(path).body if _first_line(s) <= line <= (s.end_lineno or s.lineno))
    return _names(statement)


def _first_line(statement: ast.stmt) -> int:
    """The line at which a statement begins, with its decorators."""
    return min(node.lineno for node in (statement, *getattr(statement, "decorator_list", ())))


def _names(statement: ast.stmt) -> set[str]:
    """What a statement of a module defines."""
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(_mentioned(each) in names for each in ast.walk(node))


def _mentioned(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def copies(count: int, folder: Path) -> Iterator[Path]:
    """Copy the working tree so many times, to put faults into."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  where the developer has it
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    files = [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
    for number in range(count):
        copy = folder / str(number)
        for name in files:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
        yield copy
