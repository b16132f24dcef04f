"""Catalogs of translations: `python -m tests.catalogs` brings them all up to date with the texts in the code.

`python -m tests.catalogs LANGUAGE` begins a new one. A new or changed text is left empty, and English until somebody
translates it; a text that is gone takes its translation along.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages import Catalog, Message, extract, pofile

from bot.i18n import FOLDER
from tests.conftest import ROOT

METHODS = [("**.py", "python"), ("adapters/web/templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = extract.DEFAULT_KEYWORDS | {"lazy": None, "translations": ((1, "c"), 2)}
PROJECT = "Digit Bot"
COMMENT = "# {language}: translated for the project, not yet checked by a native speaker."
HEADER = """\
{comment}
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def texts() -> Catalog:
    """Return every text that is marked for translation."""
    catalog = Catalog(project=PROJECT)
    found = extract.extract_from_dir(ROOT / "bot", METHODS, keywords=KEYWORDS, strip_comment_tags=True)
    for file, _, text, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalog.add(text, None, [(file, 1)], auto_comments=comments, context=context)
    return catalog


def paths() -> list[Path]:
    """Return the catalogs that ship."""
    return sorted(FOLDER.glob("*.po"))


def read(path: Path) -> Catalog:
    """Read a catalog."""
    with path.open("rb") as file:
        return pofile.read_po(file, locale=path.stem.replace("-", "_"))


def messages(catalog: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalog but for its header."""
    yield from (message for message in catalog if message.id)


def update(path: Path, source: Catalog) -> None:
    """Bring a catalog up to date, or begin it."""
    locale = path.stem.replace("-", "_")
    catalog = read(path) if path.exists() else Catalog(locale, project=PROJECT)
    if not path.exists():
        assert catalog.locale is not None
        catalog.header_comment = COMMENT.format(language=catalog.locale.english_name)
    # A text that only resembles a former one has no translation yet.
    catalog.update(source, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(path, catalog)


def write(path: Path, catalog: Catalog) -> None:
    """Write a catalog, with a header that changes only where something does."""
    header = HEADER.format(comment=catalog.header_comment, language=path.stem, plurals=catalog.plural_forms)
    with path.open("wb") as file:
        file.write(header.encode())
        pofile.write_po(file, catalog, width=0, include_lineno=False, omit_header=True)


def main(languages: Sequence[str]) -> None:
    """Update every catalog and those of these languages, and print what is left to translate."""
    source = texts()
    for path in sorted({*paths(), *(FOLDER / f"{language}.po" for language in languages)}):
        update(path, source)
        missing = [message for message in messages(read(path)) if not message.string or not all(message.string)]
        print(f"{path.name}: {len(missing)} of {len(source)} texts are to be translated")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
