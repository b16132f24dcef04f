"""Where a line of the program matters."""

from tests.mutants.faults import find
from tests.mutants.reach import ROOT, Reach, modules, names_at


def test_each_fault_is_in_a_statement() -> None:
    """A decorator belongs to what it decorates."""
    places = {(str(path.relative_to(ROOT)), fault.line) for path in modules("core") for fault in find(path)}
    assert len(places) > 300
    for path, line in places:
        names_at(path, line)
    lines = (ROOT / "core/handwriting.py").read_text(encoding="utf-8").splitlines()
    assert names_at("core/handwriting.py", lines.index("class ReadDigit:")) == {"ReadDigit"}  # the line before, from 1


def test_the_tests_of_a_module_come_first() -> None:
    """They are the likeliest to notice, should there be no time for all; then those beside it, and the quickest."""
    seconds = {
        "tests/core/test_hand.py::test_a": 9.0,
        "tests/core/test_reader.py::test_b": 5.0,
        "tests/core/test_walk.py::test_c": 1.0,
        "tests/bot/test_text.py::test_d": 0.1,
    }
    lines = (ROOT / "core/hand.py").read_text(encoding="utf-8").splitlines()
    line = lines.index("    return _typical(LEVELS[codes])") + 1
    reach = Reach({("core/hand.py", line): frozenset(seconds)}, dict(sorted(seconds.items(), reverse=True)), [])
    assert [test.partition("::")[2] for test in reach.tests("core/hand.py", line)] == [
        "test_a",
        "test_c",
        "test_b",
        "test_d",
    ]


def test_a_constant_is_seen_by_all_tests_of_its_module() -> None:
    """They need not run what mentions it."""
    line = (ROOT / "core/hand.py").read_text(encoding="utf-8").splitlines().index("EVERY_DIGIT = 1") + 1
    reach = Reach({}, {"tests/core/test_hand.py::test_a": 1.0, "tests/core/test_walk.py::test_c": 1.0}, [])
    assert reach.tests("core/hand.py", line) == ["tests/core/test_hand.py::test_a"]
