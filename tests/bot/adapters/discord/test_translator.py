"""The menu in other languages: a catalog is all that it takes."""

from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.adapters.discord.client import Client
from bot.adapters.discord.translator import CatalogTranslator
from tests.bot.adapters.discord.in_process import handlers_of
from tests.fakes.generators import GatedGenerator, serving

MENU = "Write in this hand"
"""The command in the menu of a message, which has a name alone."""
CATALOG = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "How to ask"
msgstr "Wie man fragt"

msgid "How many, 1 to {most}; five if you leave it out"
msgstr "Wie viele, 1 bis {most}; sonst fünf"
"""


class Shouting(app_commands.Translator):
    """A language of capitals."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        """Translate into German, shouted."""
        return string.message.upper() if locale is discord.Locale.german else None


async def payloads(translator: app_commands.Translator) -> dict[str, dict[str, object]]:
    """Return every command by its name, as it is written to Discord."""
    client = Client(handlers_of(serving(GatedGenerator(), queue=1)), None)
    commands = client.tree.get_commands()
    return {each.name: await each.get_translated_payload(client.tree, translator) for each in commands}


async def test_every_word_of_the_menu_can_be_translated() -> None:
    """A translator is asked for each name and description of commands, options and choices."""
    commands = list((await payloads(Shouting())).values())
    options = [option for command in commands for option in command.get("options", [])]
    for thing in (*commands, *options):
        for part in ("name", "description") if "description" in thing else ("name",):
            assert thing[f"{part}_localizations"] == {"de": thing[part].upper()}
    assert options[0]["choices"][-1]["name_localizations"] == {"de": "RANDOM"}


async def test_a_catalog_translates_the_descriptions(catalogs: Path) -> None:
    """A file `de.po` brings German descriptions, numbers in them and all; what it leaves out stays English."""
    (catalogs / "de.po").write_text(CATALOG)
    commands = await payloads(CatalogTranslator())
    assert commands["help"]["description_localizations"] == {"de": "Wie man fragt"}
    assert commands["models"]["description_localizations"] == {}
    count = commands["digit"]["options"][1]
    assert count["description_localizations"] == {"de": "Wie viele, 1 bis 10; sonst fünf"}
    assert count.get("name_localizations", {}) == {}


@pytest.mark.usefixtures("catalogs")
async def test_without_catalogs_the_menu_is_english() -> None:
    """Discord gets no localization where there is nothing to translate with."""
    for name, command in (await payloads(CatalogTranslator())).items():
        part = "name" if name == MENU else "description"
        assert command[part]
        assert command[f"{part}_localizations"] == {}
