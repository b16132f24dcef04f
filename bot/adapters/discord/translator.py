"""The descriptions of slash commands in each language that has a catalog."""

from discord import Locale, app_commands
from discord.app_commands import locale_str

from bot.i18n import lazy, use_language


def translatable(text: lazy) -> locale_str:
    """Return a text in English that `CatalogTranslator` can translate."""
    return locale_str(str(text), text=text)


class CatalogTranslator(app_commands.Translator):
    """Translates descriptions; names are the same in every language, as lines that work are."""

    async def translate(
        self, string: locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the text in a language, or None where that is the English one."""
        del context
        text = string.extras.get("text")
        if text is None:
            return None
        with use_language(locale.value):
            translated = str(text)
        return None if translated == string.message else translated
