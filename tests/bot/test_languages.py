"""A whole conversation in another language, on each platform: questions, pictures, errors and plurals."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from aiohttp import ClientSession

from bot import i18n
from bot.adapters.discord.translator import CatalogTranslator
from bot.adapters.telegram.errors import NO_RIGHTS
from bot.adapters.telegram.handlers import GREETING
from bot.adapters.telegram.inline import HOW_TO_ASK, PRIVATE_CHAT
from bot.adapters.telegram.profile import DESCRIPTION, SHORT_DESCRIPTION
from bot.commands import registry
from bot.commands.base import TextCommand
from bot.conversation.sentences import APOLOGY, SENTENCES, http_sentence
from bot.i18n import ISOLATE, POP_ISOLATE
from bot.text import wait
from core.catalog import Catalog
from core.service import DigitService
from tests.bot.adapters.discord.in_process import drawing_with
from tests.bot.adapters.discord.test_translator import payloads
from tests.bot.adapters.telegram.conftest import in_process
from tests.bot.adapters.web.conftest import Client, say, sentence, serving
from tests.bot.conversation.test_sentences import BAD_LINES
from tests.fakes.discord_payloads import DM, GUILD
from tests.fakes.telegram_server import HOST, Telegram


@dataclass(frozen=True)
class Words:
    """The words that somebody reads.

    Attributes:
        tag: of the language.
        direction: of the script.
        four: a four as they write it.
        once, twice: beginnings of alternative texts.
        seed: in a caption.
        error: after `/digit x`.
        busy: after a second picture within a minute, in a chat that gets one.
        again: a button.
        question: after a command alone.
        tagline: on the page.
        nothing: at a path that does not exist.
    """

    tag: str
    direction: str
    four: str
    once: str
    twice: str
    seed: str
    error: str
    busy: str
    again: str
    question: str
    tagline: str
    nothing: str


TEXTS = {
    "tag": ("de", "ja", "ar"),
    "direction": ("ltr", "ltr", "rtl"),
    "four": ("vier", "四", "أربعة"),
    "once": (
        "Die Ziffer 4, einmal von Hand geschrieben.",
        "1 回手書きした数字 4。",
        "الرقم 4 مكتوب بخط اليد مرة واحدة.",
    ),
    "twice": ("Die Ziffer 4, 2-mal von Hand geschrieben.", "2 回手書きした数字 4。", "الرقم 4 مكتوب بخط اليد مرتين."),
    "seed": ("Seed 7", "シード 7", "البذرة 7"),
    "error": (
        "Eine Ziffer ist 0 bis 9, nicht „x“. Versuch /digit 4.",
        "数字は 0～9 で、「x」は使えません。/digit 4 をお試しください。",
        f"الرقم من 0 إلى 9، وليس {ISOLATE}«x»{POP_ISOLATE}. جرّب {ISOLATE}/digit 4{POP_ISOLATE}.",
    ),
    "busy": ("Deine Adresse hat alle Bilder bekommen", "このアドレスには", "تلقى عنوانك"),
    "again": ("Nochmal", "もう一度", "مرة أخرى"),
    "question": ("Welche Ziffer?", "どの数字にしますか？", "أي رقم؟"),
    "tagline": (
        "Zeichnet Ziffern, die nie jemand geschrieben hat",
        "誰も書いたことのない数字を描きます",
        "يرسم أرقامًا لم يكتبها أحد من قبل",
    ),
    "nothing": ("Hier ist nichts.", "ここには何もありません。", "لا شيء هنا."),
}
"""Of each field of `Words`: in German, in Japanese and in Arabic."""
GERMAN, JAPANESE, ARABIC = [
    Words(**dict(zip(TEXTS, texts, strict=True))) for texts in zip(*TEXTS.values(), strict=True)
]
each_language = pytest.mark.parametrize("words", [GERMAN, JAPANESE, ARABIC], ids=lambda words: words.tag)


@each_language
async def test_a_conversation_on_the_page(catalog: Catalog, words: Words) -> None:
    """The page and all that it says are in the language that its URL chooses, whatever the browser prefers."""
    async with serving(catalog, address_limit=4) as client:
        page = await (await client.get("/", params={"lang": words.tag}, headers={"Accept-Language": "fr"})).text()
        assert f'<html lang="{words.tag}" dir="{words.direction}"' in page
        assert words.tagline in page
        assert words.error == await _error(client, "/digit x", words)
        once, twice = [await _say(client, f"/digit {words.four} {count} seed=7", words) for count in (1, 2)]
        assert (once["alt"].startswith(words.once), twice["alt"].startswith(words.twice)) == (True, True)
        assert words.seed in once["caption"]
        picture = await client.get("/digit/4.png", params={"lang": words.tag, "seed": "7"})
        assert picture.status == 200
        assert (await sentence(await client.get("/nothing", params={"lang": words.tag}))).startswith(words.nothing)
        for _ in range(2):
            refused = await client.get("/digit/4.png", params={"lang": words.tag})
        assert (await sentence(refused)).startswith(words.busy)


@each_language
async def test_a_conversation_on_telegram(new_telegram: Telegram, words: Words) -> None:
    """The menus, the question, the picture, its buttons and the errors are in the person's language."""
    async with in_process(new_telegram, public_url=HOST):
        await new_telegram.say("/digit", language=words.tag)
        assert (await new_telegram.next("sendMessage"))["text"] == words.question
        await new_telegram.say(f"/digit {words.four} seed=7", language=words.tag)
        drawn = await new_telegram.next("sendPhoto")
        assert words.seed in drawn["caption"]
        await new_telegram.press(drawn.result, words.again, language=words.tag)
        await new_telegram.next("sendPhoto", after=1)
        await new_telegram.say("/digit x", language=words.tag)
        assert (await new_telegram.next("sendMessage", after=1))["text"] == words.error
        await new_telegram.say("/digit x", language="nl")
        assert (await new_telegram.next("sendMessage", after=2))["text"].startswith("A digit is")
        await new_telegram.until(lambda: _menus(new_telegram, words.tag) == 2)


@each_language
async def test_a_conversation_on_discord(catalog: Catalog, words: Words) -> None:
    """A picture that all see is in the language that the server chose, all else in the person's."""
    async with drawing_with(DigitService(catalog, queue=10)) as discord:
        alone = await discord.ask("digit", digit=words.four, seed=7, count=2, locale=words.tag)
        assert words.seed in alone.text
        assert alone.attachments[0]["description"].startswith(words.twice)
        assert words.again in alone.labels
        public = await discord.ask("digit", digit="4", seed=7, locale="fr", server_locale=words.tag)
        assert words.seed in public.text
        private = await discord.ask("digit", digit="4", seed=7, locale=words.tag, server_locale="fr", ephemeral=True)
        assert (words.seed in private.text, private.ephemeral) == (True, True)
        error = await discord.ask("digit", digit="x", locale=words.tag, server_locale="fr")
        assert (error.text, error.ephemeral) == (words.error, True)


async def test_a_server_that_chose_no_language_reads_the_persons(catalog: Catalog) -> None:
    """Discord calls every server en-US that chose nothing, and in direct messages there is no server."""
    async with drawing_with(DigitService(catalog, queue=10)) as discord:
        for where in (GUILD, DM):
            assert "Seed 7" in (await discord.ask("digit", digit="4", seed=7, locale="de", where=where)).text


async def test_one_language_for_all(new_telegram: Telegram) -> None:
    """With DIGIT_LANGUAGE everybody reads that language on every platform, and menus are in it too."""
    async with in_process(new_telegram, language="de") as address, ClientSession(address) as client:
        await new_telegram.say("/digit x", language="ja")
        assert (await new_telegram.next("sendMessage"))["text"] == GERMAN.error
        await new_telegram.until(lambda: _menus(new_telegram, "ja") == 2)
        assert len({str(call["commands"]) for call in new_telegram.done("setMyCommands")}) == 2
        async with client.get("/", params={"lang": "ja"}, headers={"Accept-Language": "ja"}) as page:
            assert '<html lang="de"' in await page.text()


def _menus(telegram: Telegram, tag: str) -> int:
    return sum(call.values.get("language_code") == tag for call in telegram.done("setMyCommands"))


async def _say(client: Client, line: str, words: Words) -> dict[str, str]:
    async with client.post("/api/chat", json={"text": line}, params={"lang": words.tag}) as response:
        body: dict[str, str] = await response.json()
    return body


async def _error(client: Client, line: str, words: Words) -> str:
    return (await _say(client, line, words))["error"]


SHIPPED = i18n.FOLDER
ALLOWED = re.compile(
    r"/?(digit|number|morph|compare|help|models|about|hand|start)\b|\b(seed|model|models|count|style|neat|hand|ephemeral|spoiler)=\S*"
    r"|\b(random|chalk|ink|blueprint|transparent)\b",
)
"""Words of the commands' own syntax, which are the same in every language."""


@pytest.fixture
def pseudo(catalogs: Path) -> None:
    """A catalog named de.po in which every text stands in brackets."""
    catalog = polib.pofile(str(SHIPPED / "de.po"))
    for entry in catalog:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: f"⟦{entry.msgid}⟧", 1: f"⟦{entry.msgid_plural}⟧"}
        elif entry.msgctxt:
            entry.msgstr = entry.msgid
        else:
            entry.msgstr = f"⟦{entry.msgid}⟧"
    catalog.save(str(catalogs / "de.po"))


def slipped_past(text: str, titles: tuple[str, ...] = ()) -> str:
    """Return the words of a text that are in no brackets and belong to no syntax."""
    while (inner := re.sub("⟦[^⟦⟧]*⟧", "", text)) != text:
        text = inner
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title, "")
    return " ".join(re.findall("[A-Za-z]{2,}", ALLOWED.sub("", text)))


class _Texts(HTMLParser):
    """Collects what a page says: text, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag == "script"
        names = {"aria-label", "placeholder", "alt", "title"} | ({"content"} if _described(attrs) else set())
        self.found += [value for name, value in attrs if name in names and value]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def _described(attributes: list[tuple[str, str | None]]) -> bool:
    described = {"description", "og:site_name", "og:description", "og:title", "og:image:alt"}
    return any(name in ("name", "property") and value in described for name, value in attributes)


@pytest.mark.usefixtures("pseudo")
async def test_no_word_of_the_page_slips_past(catalog: Catalog) -> None:
    """The page, its link card, captions, alternative texts, answers and errors come from the catalog."""
    titles = tuple(f"{model.name}: {model.title}" for model in catalog.models)
    titles += tuple(model.title for model in catalog.models) + tuple(catalog.names)
    async with serving(catalog) as client:
        for query in ("/?lang=de", "/?lang=de&q=/morph 3 8 seed=1", "/?lang=de&q=/compare 4 style=ink neat=9"):
            page = _Texts()
            page.feed(await (await client.get(query)).text())
            assert [text for text in page.found if slipped_past(text, titles)] == []
        lines = [command.example for command in registry.picture_commands()]
        lines += [f"/{command.name}" for command in registry.commands() if isinstance(command, TextCommand)]
        for line in (*lines, *BAD_LINES, "/morph 4", "/digit random", "/digit 4 style=ink neat=80"):
            body = await say(client, line, **{"Accept-Language": "de"})
            texts = [str(body.get(name, "")) for name in ("text", "caption", "alt", "error")]
            assert [text for text in texts if slipped_past(text, titles)] == [], line


@pytest.mark.usefixtures("pseudo")
async def test_no_word_of_the_platforms_slips_past() -> None:
    """Descriptions of commands and options, the greeting, the profile, every error and the time to wait."""
    for command in (await payloads(CatalogTranslator())).values():
        for each in (command, *command.get("options", [])):
            # A command in the menu of a message has a name alone.
            part = "description" if each.get("description") else "name"
            assert slipped_past(each[f"{part}_localizations"]["de"]) == ""
    with i18n.use_language("de"):
        texts: list[object] = [
            GREETING,
            HOW_TO_ASK,
            PRIVATE_CHAT,
            DESCRIPTION,
            SHORT_DESCRIPTION,
            NO_RIGHTS,
            APOLOGY,
            wait(3),
        ]
        texts += [*SENTENCES.values(), *map(http_sentence, (400, 401, 404, 405, 413, 500))]
        assert [str(text) for text in texts if slipped_past(str(text))] == []
