"""Translations: one gettext catalog a language, `locales/LANGUAGE.po`, looked up when a reply is made.

A language is added by its file alone. Texts that are defined when a module is imported are `lazy`: they hold the
English text and find their translation when somebody reads them.
"""

import functools
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "locales"
"""The folder of the catalogs, each named as Discord, Telegram and browsers name its language: `de.po`, `pt-BR.po`."""

ISOLATE, POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
"""Signs of the Unicode Bidirectional Algorithm around words with a direction of their own."""

_language: ContextVar[str] = ContextVar("language", default="")
_only: ContextVar[str | None] = ContextVar("only", default=None)


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Translate into a language within this block, for this task alone.

    Args:
        code: a tag such as `de` or `pt-BR`; English where there is no catalog for it.
    """
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def use_only(code: str) -> None:
    """Translate into one language, whichever is asked for: in this task, and in those that it starts."""
    _only.set(negotiate([code]))


def gettext(text: str) -> str:
    """Translate a text."""
    return _current().gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a text that depends on a number."""
    return _current().ngettext(singular, plural, count)


def pgettext(context: str, text: str) -> str:
    """Translate a text that the context explains to translators."""
    return _current().pgettext(context, text)


def translations(context: str, text: str) -> tuple[str, ...]:
    """Return a text in every language, English first."""
    return tuple(_translations(code).pgettext(context, text) for code in ("", *languages()))


def direction() -> str:
    """Return the direction of the script, `ltr` or `rtl`."""
    return pgettext("direction of the script, ltr or rtl", "ltr")


def isolate(text: object) -> str:
    """Return words that keep their own direction within a text from right to left: `/digit 4` keeps its slash."""
    return str(text) if direction() == "ltr" else f"{ISOLATE}{text}{POP_ISOLATE}"


class lazy:  # noqa: N801  it is read as a function, and Babel finds it by this name
    """A text with named fields that is translated when it is read.

    Args:
        text: in English.
        fields: values for its named fields.
    """

    def __init__(self, text: str, **fields: object) -> None:
        self._text = text
        self._fields = fields

    def __str__(self) -> str:
        text = gettext(self._text)
        fields = {name: value if isinstance(value, int) else isolate(value) for name, value in self._fields.items()}
        return text.format(**fields) if fields else text


def languages() -> tuple[str, ...]:
    """Return the tags of the languages that have a catalog."""
    return tuple(sorted(path.stem for path in _catalogs().values()))


def negotiate(tags: Iterable[str]) -> str:
    """Return the tag of the catalog for the first of these tags that has one; an empty one stands for English.

    Args:
        tags: the most wanted first; they do not matter after `use_only`.
    """
    only = _only.get()
    if only is not None:
        return only
    for tag in tags:
        path = _catalog(tag)
        if path is not None:
            return path.stem
        if tag.lower().split("-")[0] == "en":
            break
    return ""


def _catalog(code: str) -> Path | None:
    """Return the catalog of a language: of the very tag, else of its first part: `de` for `de-AT`, `pt-BR` for `pt`."""
    wanted = code.replace("_", "-").lower()
    language = wanted.split("-")[0]
    related = (path for tag, path in _catalogs().items() if tag.split("-")[0] == language)
    return _catalogs().get(wanted) or _catalogs().get(language) or next(related, None)


@functools.cache
def _catalogs() -> dict[str, Path]:
    return {path.stem.lower(): path for path in sorted(FOLDER.glob("*.po"))}


def _current() -> NullTranslations:
    only = _only.get()
    return _translations(_language.get() if only is None else only)


# Bounded: a tag may be anything that a client sends.
@functools.lru_cache(maxsize=256)
def _translations(code: str) -> NullTranslations:
    path = _catalog(code) if code else None
    return _load(path) if path else NullTranslations()


@functools.cache
def _load(path: Path) -> GNUTranslations:
    # Loaded with the first person who speaks it.
    import polib

    return GNUTranslations(io.BytesIO(polib.pofile(str(path), encoding="utf-8").to_binary()))


def forget() -> None:
    """Look for catalogs anew, for tests."""
    for cached in (_catalogs, _translations, _load):
        cached.cache_clear()
