"""Where a line of the program matters."""

from tests.mutants.faults import find
from tests.mutants.reach import ROOT, modules, names_at


def test_each_fault_is_in_a_statement() -> None:
    """A decorator belongs to what it decorates."""
    places = {(str(path.relative_to(ROOT)), fault.line) for path in modules("core", "bot") for fault in find(path)}
    assert len(places) > 1000
    for path, line in places:
        names_at(path, line)
    lines = (ROOT / "core/handwriting.py").read_text(encoding="utf-8").splitlines()
    assert names_at("core/handwriting.py", lines.index("class ReadDigit:")) == {"ReadDigit"}  # the line before, from 1
