"""Translations: no text for people slips past them, and a catalog is all that a language takes."""

import ast
import contextvars
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import i18n
from bot.i18n import gettext, lazy, ngettext, use_language
from tests.conftest import ROOT

FOR_OPERATORS = {"cli", "config", "telemetry", "console.py", "checks.py", "settings.py", "platform_client.py"}
"""Folders and files whose texts are for operators, in English."""
SOURCES = [path for path in sorted((ROOT / "bot").rglob("*.py")) if not FOR_OPERATORS & set(path.parts)]
MARKS = ("_", "gettext", "ngettext", "lazy")
CATALOG = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Again"
msgstr "Nochmal"

msgid "A digit is 0 to 9, not {value}. Try {example}."
msgstr "Eine Ziffer ist 0 bis 9, nicht {value}. Versuch {example}."

msgid "four"
msgid_plural "fours"
msgstr[0] "Vier"
msgstr[1] "Vieren"
"""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_is_marked_for_translation(path: Path) -> None:
    """Whatever reads like a sentence for a person in a chat goes through gettext."""
    tree = ast.parse(path.read_text())
    passed = {node for parent in ast.walk(tree) for node in _translated_or_unread(parent)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in passed]
    assert [text for text in texts if isinstance(text, str) and SENTENCE.search(text)] == []


SENTENCE = re.compile(r"[a-z]{2} [a-z]+ [a-z].*[.!?…]$", re.DOTALL)


def _translated_or_unread(node: ast.AST) -> Iterator[ast.AST]:
    """Marked texts, docstrings, log lines and the texts of raised errors."""
    match node:
        case ast.Expr(value=ast.Constant() as text):
            yield text
        case ast.Call(func=ast.Name(id=name)) if name in MARKS:
            yield from ast.walk(node)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="logger" | "log"))) | ast.Raise():
            yield from ast.walk(node)


@pytest.fixture
def german(catalogs: Path) -> None:
    """A catalog of German."""
    (catalogs / "de.po").write_text(CATALOG)


@pytest.mark.usefixtures("german")
def test_a_catalog_is_a_language() -> None:
    """A text is translated where its language is in use, whenever the text was defined; a plural by its rule."""
    defined_before = lazy("Again")
    assert str(defined_before) == "Again"
    with use_language("de-AT"):
        assert (str(defined_before), gettext("Again")) == ("Nochmal", "Nochmal")
        assert [ngettext("four", "fours", count) for count in (1, 5)] == ["Vier", "Vieren"]
    assert str(defined_before) == "Again"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("code", ["", "xx", "../de", "fr-FR", "d", "e" * 10_000])
def test_an_unknown_language_is_english(code: str) -> None:
    """Whatever a client calls its language."""
    with use_language(code):
        assert gettext("Again") == "Again"


def test_one_language_for_everybody() -> None:
    """After `use_only` no other language is spoken, whoever asks, English included."""

    def spoken(only: str, asked: str) -> tuple[str, str]:
        i18n.use_only(only)
        with use_language(asked):
            return gettext("Again"), i18n.negotiate([asked])

    assert contextvars.copy_context().run(spoken, "de", "ja") == ("Nochmal", "de")
    assert contextvars.copy_context().run(spoken, "en", "ja") == ("Again", "")
