"""Deliberate faults: one small change of the program each, such as somebody makes by mistake.

Nothing is changed that no user and no program reads: docstrings, log lines, prose, type annotations, error texts.
"""

import ast
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BOUNDARIES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
EXTREMES = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
SYMMETRIC = {"min", "max", "minimum", "maximum", "hypot", "array_equal"}
CHECKS = {"strict", "usedforsecurity", "optimize"}
"""Arguments that change nothing where the program is right."""
PROSE = {
    *(
        "_",
        "ngettext",
        "pgettext",
        "translations",
        "locale_str",
        "Field",
        "fault",
        "warn",
        "add_argument",
        "add_parser",
        "get_logger",
    ),
    *("cast", "TypeVar"),
}
"""Calls whose strings are read by people."""
LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
UNREACHED = {"TypeError", "NotImplementedError", "AssertionError"}
"""Raised for the sake of a type checker."""
NAMES = {"__all__", "__slots__", "__version__", "__match_args__"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A change of one place in one file.

    Attributes:
        path: the file.
        line: the first line that changes, from 1.
        kind: of mistake.
        start, end: the bytes that are replaced.
        before, after: source, before and after the change.
    """

    path: Path
    line: int
    kind: str
    start: int
    end: int
    before: str
    after: str

    def apply(self, source: bytes) -> bytes:
        """Return the source with this fault in it."""
        return source[: self.start] + self.after.encode() + source[self.end :]

    def __str__(self) -> str:
        before, after = (" ".join(text.split()) for text in (self.before, self.after))
        return f"{self.kind}: {_short(before)} -> {_short(after)}"


def find(path: Path) -> list[Fault]:
    """Return every fault that can be put into a file."""
    source = path.read_bytes()
    return [fault for fault in _Finder(path, source).faults() if _compiles(fault.apply(source))]


def sample(faults: Sequence[Fault], size: int, seed: int) -> list[Fault]:
    """Return so many of the faults, each kind in turn, one a line; the same ones for the same seed."""
    kinds: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        kinds[fault.kind].append(fault)
    dice = random.Random(seed)
    for kind in sorted(kinds):
        dice.shuffle(kinds[kind])
    chosen: dict[tuple[Path, int], Fault] = {}
    turns = [fault for turn in zip_longest(*(kinds[kind] for kind in sorted(kinds))) for fault in turn if fault]
    for fault in turns:
        if len(chosen) < size:
            chosen.setdefault((fault.path, fault.line), fault)
    return sorted(chosen.values(), key=lambda fault: (str(fault.path), fault.line))


FALSY = re.compile(r"\b(bool|int|float|str|bytes|tuple|list|dict|Sequence|Mapping|NDArray)\b")
"""Types with a value that is false: of another type `x is None` and `not x` are the same."""


class _Finder:
    def __init__(self, path: Path, source: bytes) -> None:
        self._path, self._source = path, source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._annotations: dict[str, str] = {}
        self._found: list[Fault] = []

    def faults(self) -> list[Fault]:
        program = ast.parse(self._source)
        for name, annotation in _annotations(program):
            self._annotations[name] = self._annotations.get(name, "") + annotation
        self._visit(program)
        return self._found

    def _visit(self, node: ast.AST) -> None:
        if _is_unread(node):
            return
        for kind, old, new in _mistakes(node):
            if kind != "falsy" or self._may_be_false(node):
                self._add(kind, old, new)
        for child in _children(node):
            self._visit(child)

    def _may_be_false(self, node: ast.AST) -> bool:
        """Return whether what is compared to None may be false, as far as the file says."""
        annotation = self._annotations.get(_name(getattr(node, "left", node)))
        return annotation is None or FALSY.search(annotation) is not None

    def _add(self, kind: str, old: ast.stmt | ast.expr, new: ast.AST | str) -> None:
        assert old.end_lineno is not None
        assert old.end_col_offset is not None
        start = self._starts[old.lineno - 1] + old.col_offset
        end = self._starts[old.end_lineno - 1] + old.end_col_offset
        before = self._source[start:end].decode()
        after = new if isinstance(new, str) else ast.unparse(new)
        if isinstance(old, ast.expr) and not isinstance(new, ast.Constant):
            after = f"({after})"
        if after.strip("()") != before.strip("()"):
            self._found.append(Fault(self._path, old.lineno, kind, start, end, before, after))


def _annotations(program: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names of a file's variables and arguments, and their annotations."""
    for node in ast.walk(program):
        if isinstance(node, ast.arg) and node.annotation is not None:
            yield _name(node), ast.unparse(node.annotation)
        elif isinstance(node, ast.AnnAssign):
            yield _name(node.target), ast.unparse(node.annotation)


def _name(node: ast.AST) -> str:
    """Return the name of a variable, argument or attribute; an attribute has that of the argument it was made from."""
    names = (getattr(node, field, "") for field in ("id", "attr", "arg"))
    return next((name.lstrip("_") for name in names if name), "")


def _mistakes(node: ast.AST) -> Iterator[tuple[str, ast.stmt | ast.expr, ast.AST | str]]:
    """The kind of each mistake at a node, what it replaces, and with what."""
    rule = RULES.get(type(node))
    if rule is not None:
        yield from ((kind, node, new) for kind, new in rule(node))  # type: ignore[misc]


Changes = Iterator[tuple[str, ast.AST | str]]


def _constant(node: ast.Constant) -> Changes:
    match node.value:
        case bool():
            yield "constant", ast.Constant(not node.value)
        case int():
            yield "constant", ast.Constant(node.value + 1)
            if node.value > 0:
                yield "constant", ast.Constant(node.value - 1)
        case float():
            yield "constant", ast.Constant(node.value * 1.5 if node.value else 1.0)
        case str() if node.value and not any(sign.isspace() for sign in node.value):
            yield "string", ast.Constant("X" + node.value)


def _compare(node: ast.Compare) -> Changes:
    (operator, *more), (right, *_) = node.ops, node.comparators
    if more:
        for index, one in enumerate(node.ops):
            ops = [*node.ops]
            ops[index] = COMPARISONS[type(one)]()
            yield "boundary", ast.Compare(node.left, ops, node.comparators)
        return
    kind = "boundary" if isinstance(operator, BOUNDARIES) else "comparison"
    yield kind, ast.Compare(node.left, [COMPARISONS[type(operator)]()], node.comparators)
    if isinstance(right, ast.Constant) and right.value is None:
        if isinstance(operator, ast.Is):
            yield "falsy", ast.UnaryOp(ast.Not(), node.left)
        elif isinstance(operator, ast.IsNot):
            yield "falsy", node.left


def _both(node: ast.BoolOp) -> Changes:
    yield "and/or", ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)


def _binary(node: ast.BinOp) -> Changes:
    other = ARITHMETIC.get(type(node.op))
    if other is not None:
        yield "arithmetic", ast.BinOp(node.left, other(), node.right)


def _unary(node: ast.UnaryOp) -> Changes:
    if isinstance(node.op, ast.Not | ast.USub):
        yield "sign", node.operand


def _return(node: ast.Return) -> Changes:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "returned None", "return None"


def _expression(node: ast.Expr) -> Changes:
    if isinstance(node.value, ast.Call | ast.Await):
        yield "removed", "pass"


def _statement(_: ast.AST) -> Changes:
    yield "removed", "pass"


def _delete(node: ast.Delete) -> Changes:
    # A variable is deleted for the sake of a linter.
    if not all(isinstance(target, ast.Name) for target in node.targets):
        yield "removed", "pass"


def _call(node: ast.Call) -> Changes:
    if isinstance(node.func, ast.Name) and node.func.id in EXTREMES:
        yield "extreme", ast.Call(ast.Name(EXTREMES[node.func.id]), node.args, node.keywords)
    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if len(node.args) > 1 and called not in SYMMETRIC and not any(isinstance(a, ast.Starred) for a in node.args[:2]):
        first, second, *rest = node.args
        yield "swapped", ast.Call(node.func, [second, first, *rest], node.keywords)
    for index, keyword in enumerate(node.keywords):
        if keyword.arg not in {None, *CHECKS}:
            yield "left out", ast.Call(node.func, node.args, node.keywords[:index] + node.keywords[index + 1 :])


RULES: dict[type[ast.AST], Callable[..., Changes]] = {
    ast.Constant: _constant,
    ast.Compare: _compare,
    ast.BoolOp: _both,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Return: _return,
    ast.Expr: _expression,
    ast.AugAssign: _statement,
    ast.Raise: _statement,
    ast.Continue: _statement,
    ast.Break: _statement,
    ast.Delete: _delete,
    ast.Call: _call,
}


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What is below a node, without annotations and without what only people read."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "type_comment", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
                yield child


def _is_unread(node: ast.AST) -> bool:
    """Whether nothing that a user or a program reads is at a node or below it."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in NAMES or _is_alias(node.value)
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) | ast.Name(id=name)):
            return name in UNREACHED
        case ast.keyword(arg=name):
            return name in CHECKS
        case ast.Call():
            return _is_prose(node)
        case ast.Expr(value=ast.Call() as call):
            return _is_prose(call)
    return False


def _is_prose(call: ast.Call) -> bool:
    """Whether a call writes a log line, or is given what people read."""
    match call.func:
        case ast.Attribute(attr=name, value=ast.Name(id="logger" | "log")):
            return name in LOGS
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in PROSE or name.startswith("Bad")
    return False


def _is_alias(value: ast.expr) -> bool:
    """Whether an assigned value is a type: `Images = NDArray[np.uint8]`, `Point = tuple[float, float]`."""
    match value:
        case ast.Subscript(value=ast.Name(id=name)):
            return name[0].isupper() or name in {"dict", "list", "tuple", "type", "set"}
        case ast.BinOp(op=ast.BitOr(), left=ast.Name(id=name)):
            return name[0].isupper()
    return False


def _compiles(source: bytes) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _short(text: str, longest: int = 70) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
