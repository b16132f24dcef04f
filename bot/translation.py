"""Gettext: `_` and `ngettext` look a text up in the catalog of the process, and give it back while there is none."""

from gettext import NullTranslations

_TRANSLATIONS = NullTranslations()
_, ngettext = _TRANSLATIONS.gettext, _TRANSLATIONS.ngettext
