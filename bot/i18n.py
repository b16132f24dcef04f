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

_language: ContextVar[str] = ContextVar("language", default="")


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


def gettext(text: str) -> str:
    """Translate a text."""
    return _translations(_language.get()).gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a text that depends on a number."""
    return _translations(_language.get()).ngettext(singular, plural, count)


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
        return text.format(**self._fields) if self._fields else text


def languages() -> tuple[str, ...]:
    """Return the tags of the languages that have a catalog."""
    return tuple(sorted(path.stem for path in _catalogs().values()))


def negotiate(tags: Iterable[str]) -> str:
    """Return the tag of the catalog for the first of these tags that has one; an empty one stands for English.

    Args:
        tags: the most wanted first.
    """
    for tag in tags:
        path = _catalog(tag)
        if path is not None:
            return path.stem
        if tag.lower().split("-")[0] == "en":
            break
    return ""


def _catalog(code: str) -> Path | None:
    """Return the catalog of a language: of the very tag, else of its first part."""
    wanted = code.replace("_", "-").lower()
    return _catalogs().get(wanted) or _catalogs().get(wanted.split("-")[0])


@functools.cache
def _catalogs() -> dict[str, Path]:
    return {path.stem.lower(): path for path in FOLDER.glob("*.po")}


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
