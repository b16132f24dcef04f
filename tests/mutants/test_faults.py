"""The faults themselves: each changes the program in one place, and none changes what nobody reads."""

import ast
from pathlib import Path

import pytest

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.faults import find, sample
from tests.mutants.reach import ROOT, modules

PROGRAM = '''
"""A docstring of 3 words."""
import logging
logger = logging.getLogger()
Names = tuple[str, 2]
LIMIT: int = 5
def close(a, b=None, *, wide=True):
    """Not this: 1 < 2."""
    logger.info("nor this", 7)
    if b is None and a < LIMIT or not wide:
        print(a, b)
        return max(a, 1)
    if a == 3:
        raise TypeError(9)
    del b
    del a[0]
    return hash("key") - 2
'''
EXPECTED = {
    ("constant", "5", "6"),
    ("constant", "5", "4"),
    ("constant", "True", "False"),
    ("falsy", "b is None", "(not b)"),
    ("comparison", "b is None", "(b is not None)"),
    ("boundary", "a < LIMIT", "(a <= LIMIT)"),
    ("sign", "not wide", "(wide)"),
    ("removed", "print(a, b)", "pass"),
    ("swapped", "print(a, b)", "(print(b, a))"),
    ("extreme", "max(a, 1)", "(min(a, 1))"),
    ("returned None", "return max(a, 1)", "return None"),
    ("comparison", "a == 3", "(a != 3)"),
    ("removed", "del a[0]", "pass"),
    ("string", '"key"', "'Xkey'"),
    ("arithmetic", 'hash("key") - 2', "(hash('key') + 2)"),
}


def test_faults_are_where_mistakes_matter(tmp_path: Path) -> None:
    """Constants, comparisons, falsy zeros, removed and swapped parts; no docstring, log line, type or idle error."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    faults = find(path)
    assert {(fault.kind, fault.before, fault.after) for fault in faults} >= EXPECTED
    lines = {PROGRAM.splitlines()[fault.line - 1].strip() for fault in faults}
    assert lines == {
        "LIMIT: int = 5",
        "def close(a, b=None, *, wide=True):",
        "if b is None and a < LIMIT or not wide:",
        "print(a, b)",
        "return max(a, 1)",
        "if a == 3:",
        "del a[0]",
        'return hash("key") - 2',
    }


def test_falsy_faults_are_where_a_value_may_be_false(tmp_path: Path) -> None:
    """0 and "" are taken for None by mistake; an object that is never false is not."""
    path = tmp_path / "program.py"
    path.write_text("""
def drawn(seed: int | None, reader: Reader | None, unknown):
    return seed is None or reader is None or self._reader is not None or unknown is None or made().name is None
""")
    found = [fault.before for fault in find(path) if fault.kind == "falsy"]
    assert found == ["seed is None", "unknown is None", "made().name is None"]


@pytest.mark.parametrize("path", EQUIVALENT)
def test_what_is_no_fault_is_there(path: str) -> None:
    """Each entry names a change that can still be made."""
    assert EQUIVALENT[path].keys() <= {str(fault) for fault in find(ROOT / path)}


@pytest.mark.parametrize("package", ["core", "bot"])
def test_each_fault_is_another_program(package: str) -> None:
    """Every fault of ours can be compiled and differs from the program in more than its layout."""
    small = sorted(modules(package), key=lambda path: path.stat().st_size)
    for path in small[:5]:
        source = path.read_bytes()
        right = ast.dump(ast.parse(source))
        for fault in find(path):
            assert ast.dump(ast.parse(fault.apply(source))) != right, fault


def test_a_sample_is_the_same_for_the_same_seed_and_has_the_kinds() -> None:
    """So that two people who measure speak of the same faults."""
    small = sorted(modules("core"), key=lambda path: path.stat().st_size)
    faults = [fault for path in small[:16] for fault in find(path)]
    chosen = sample(faults, 40, 1)
    assert chosen == sample(faults, 40, 1) != sample(faults, 40, 2)
    assert len({(fault.path, fault.line) for fault in chosen}) == 40
    # A kind whose few faults all share their lines with others may be left out.
    assert len({fault.kind for fault in chosen}) >= len({fault.kind for fault in faults}) - 1
