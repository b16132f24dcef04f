"""The catalogs that ship: complete, true to the source, within the platforms' limits, and by CLDR."""

import gettext
import io
import string
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from babel import Locale
from babel.messages import Catalog, Message
from babel.numbers import format_decimal
from telegram.constants import BotCommandLimit, BotDescriptionLimit, CallbackQueryLimit

from bot import i18n
from bot.adapters.discord.display import DISPLAY_OPTIONS
from bot.adapters.telegram.errors import NO_RIGHTS
from bot.adapters.telegram.profile import DESCRIPTION, SHORT_DESCRIPTION
from bot.commands import registry
from bot.commands.converters import to_digit
from bot.commands.errors import Outdated
from bot.conversation.sentences import APOLOGY, sentence
from bot.limits.policy import ChatLimited, CooldownActive
from bot.text import number, percent
from core.errors import Closed, Overloaded, UnknownModel
from tests import catalogs

LANGUAGES = ["ar", "de", "es", "fr", "hi", "ja", "pt-BR", "ru", "tr", "uk", "zh-CN"]
MAX_DISCORD_CHARACTERS = 100
"""Characters of a description on Discord."""
COUNTS = range(1000)
each_catalog = pytest.mark.parametrize("path", catalogs.paths(), ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def source() -> Catalog:
    """Every text in the code."""
    return catalogs.texts()


def test_twelve_languages_are_spoken() -> None:
    """English, and a catalog for each of the others."""
    assert list(i18n.languages()) == LANGUAGES


@each_catalog
def test_a_catalog_is_complete(path: Path, source: Catalog) -> None:
    """`python -m tests.catalogs` has nothing to add, and no text is left untranslated."""
    catalog = catalogs.read(path)
    wanted = {(message.id, message.context) for message in catalogs.messages(source)}
    assert {(message.id, message.context) for message in catalogs.messages(catalog)} == wanted
    assert [message.id for message in catalogs.messages(catalog) if message.fuzzy or not all(_forms(message))] == []
    assert "checked" in catalog.header_comment


@each_catalog
def test_a_translation_has_the_fields_of_its_source(path: Path) -> None:
    """No field is lost, added or misspelled; only a plural form for a single number may leave the number out."""
    catalog = catalogs.read(path)
    counts = _counts(path)
    for message in catalogs.messages(catalog):
        wanted = set(fields(message.id[-1] if isinstance(message.id, tuple) else message.id))
        for index, form in enumerate(_forms(message)):
            missing = wanted ^ set(fields(form))
            named = isinstance(message.id, tuple) and len(counts[index]) == 1
            assert missing <= ({"{count}", "{steps}", "{seconds}"} if named else set()), form


@each_catalog
def test_a_catalog_is_compiled(path: Path) -> None:
    """Every text and every form of a plural is found in what is compiled from the file."""
    compiled = i18n._load(path)
    for message in catalogs.messages(catalogs.read(path)):
        if isinstance(message.id, tuple):
            made = {compiled.ngettext(*message.id, count) for count in COUNTS}
            assert made == set(message.string)
        elif message.context:
            assert compiled.pgettext(message.context, message.id) == message.string
        else:
            assert compiled.gettext(message.id) == message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_platforms_take_the_menus(language: str) -> None:
    """Descriptions fit Discord's and Telegram's menus, and the profile its two descriptions."""
    drawing = registry.picture_commands()
    with i18n.use_language(language):
        options = [option for command in drawing for option in (command.argument, *command.options)]
        texts = [str(each.description) for each in (*registry.commands(), *options, *DISPLAY_OPTIONS)]
        assert [text for text in texts if not 1 <= len(text) <= MAX_DISCORD_CHARACTERS] == []
        assert all(len(text) <= BotCommandLimit.MAX_DESCRIPTION for text in texts)
        assert len(str(DESCRIPTION)) <= BotDescriptionLimit.MAX_DESCRIPTION_LENGTH
        assert len(str(SHORT_DESCRIPTION)) <= BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pressed_button_is_told_everything(language: str) -> None:
    """The sentences above a chat are not cut: each has at most 200 characters."""
    errors = [Outdated("x" * 64), Overloaded(300), Closed(), CooldownActive(60), ChatLimited(60, repeated=False)]
    errors.append(UnknownModel("x" * 64, ("cgan", "vae", "cvae", "cvae-deep", "dense-gan", "ls")))
    with i18n.use_language(language):
        texts = [str(sentence(error)) for error in errors] + [str(NO_RIGHTS), str(APOLOGY)]
    assert [text for text in texts if len(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH] == []


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_numbers_and_directions_are_those_of_cldr(language: str) -> None:
    """Separators, groups of digits, percent signs and the direction of the script, in Western digits."""
    locale = Locale.parse(language or "en", sep="-")
    with i18n.use_language(language):
        for value in (0, 7, 999, 1234567, 7680000, 12345678):
            assert number(value) == format_decimal(value, locale=locale, numbering_system="latn")
        assert number(1234567.8, 1) == format_decimal(1234567.8, locale=locale, numbering_system="latn")
        pattern = locale.percent_formats[None].pattern.replace("#,##,##0", "#,##0")
        assert percent(0.995).strip("\u200e") == pattern.replace("#,##0", number(99.5, 1))
        assert i18n.direction() == {"left-to-right": "ltr", "right-to-left": "rtl"}[locale.character_order]


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_are_read_as_words(language: str) -> None:
    """Each word for a digit is that digit, whoever types it, and no language has another one for it."""
    path = next(path for path in catalogs.paths() if path.stem == language)
    lines = [entry for entry in polib.pofile(str(path)) if "for a digit" in (entry.msgctxt or "")]
    assert len(lines) == 10
    for digit, entry in enumerate(lines):
        for word in entry.msgstr.split():
            assert to_digit(word) == to_digit(word.upper()) == digit, word


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de-AT", "de"),
        ("es-419", "es"),
        ("es-ES", "es"),
        ("pt", "pt-BR"),
        ("pt-br", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("zh-hans", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
        ("zh_CN", "zh-CN"),
        ("ar-EG", "ar"),
        ("en-US", ""),
        ("nl", ""),
    ],
)
def test_a_language_is_known_by_each_of_its_tags(tag: str, language: str) -> None:
    """Discord's locales, Telegram's codes and browsers' tags lead to the catalog of the language."""
    assert i18n.negotiate([tag]) == language


def test_a_new_catalog_is_begun(tmp_path: Path, source: Catalog) -> None:
    """The command writes a file with every text, its rule for plurals, and who has checked it."""
    path = tmp_path / "pl.po"
    catalogs.update(path, source)
    catalog = catalogs.read(path)
    assert len(catalog) == len(source)
    assert catalog.num_plurals == 3
    assert catalog.header_comment.startswith("# Polish: ")
    assert "not yet checked" in catalog.header_comment


def test_an_update_keeps_translations(tmp_path: Path) -> None:
    """A text that stays keeps its translation, a new one is empty, and one that is gone goes."""
    path = tmp_path / "de.po"
    before, after = Catalog(), Catalog()
    for text in ("Again", "Gone"):
        before.add(text)
    for text in ("Again", "Going"):
        after.add(text)
    catalogs.update(path, before)
    path.write_text(path.read_text().replace('msgid "Again"\nmsgstr ""', 'msgid "Again"\nmsgstr "Nochmal"'))
    catalogs.update(path, after)
    assert {message.id: message.string for message in catalogs.messages(catalogs.read(path))} == {
        "Again": "Nochmal",
        "Going": "",
    }


def fields(text: str) -> Iterator[str]:
    """Yield the fields of a text as they stand there."""
    for _, name, addition, _ in string.Formatter().parse(text):
        if name is not None:
            yield f"{{{name}:{addition}}}" if addition else f"{{{name}}}"


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _counts(path: Path) -> dict[int, list[int]]:
    """Return the numbers that each plural form stands for."""
    compiled = gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path)).to_binary()))
    counts: dict[int, list[int]] = {}
    for count in COUNTS:
        counts.setdefault(compiled.plural(count), []).append(count)  # type: ignore[attr-defined]
    return counts
