"""The profile: menus and descriptions, in each language that there is."""

import json
from pathlib import Path

import pytest

from bot.adapters.telegram.profile import language_codes
from bot.commands import registry
from tests.bot.adapters.telegram.conftest import in_process
from tests.fakes.telegram_server import Telegram

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "How to ask"
msgstr "Wie man fragt"

msgid "Draws handwritten digits that nobody ever wrote."
msgstr "Schreibt Ziffern, die nie jemand schrieb."

msgid "Which digit?"
msgstr "Welche Ziffer?"

msgid "I don't know {value}. Try {example}, or {help} for the rest."
msgstr "{value} kenne ich nicht. {example} geht, {help} sagt mehr."

msgid "Again"
msgstr "Noch einmal"

msgid "Draw it in a private chat"
msgstr "Im privaten Chat schreiben"

msgid "I'm not allowed to send pictures here. Please ask whoever runs this chat, or write to me in private."
msgstr "Hier darf ich keine Bilder senden."
"""


@pytest.fixture
def german(catalogs: Path) -> None:
    """A catalog of a language, as a single file."""
    (catalogs / "de.po").write_text(GERMAN)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_menus_are_set_up(telegram: Telegram, alice: int) -> None:
    """Private chats and groups have a menu whose lines are commands, and the profile tells what the bot is."""
    await telegram.say("/digit 4", user=alice)
    await telegram.next("sendPhoto")
    menus = {
        json.loads(scope)["type"]: menu for (subject, scope, _), menu in telegram.shown.items() if "Comm" in subject
    }
    assert set(menus) == {"all_private_chats", "all_group_chats"}
    assert {command["command"] for command in menus["all_private_chats"]} == {
        command.name for command in registry.commands()
    }
    assert {command["command"] for command in menus["all_group_chats"]} == {
        "digit",
        "number",
        "morph",
        "compare",
        "hand",
        "help",
    }
    assert {subject for subject, _, _ in telegram.shown} == {"MyCommands", "MyDescription", "MyShortDescription"}


@pytest.mark.usefixtures("german")
async def test_a_catalog_is_a_language_everywhere(new_telegram: Telegram) -> None:
    """With one file more menus, descriptions, questions, errors, buttons and inline mode speak to whom they should."""
    async with in_process(new_telegram):
        await new_telegram.say("/digit", language="de")
        question = await new_telegram.next("sendMessage")
        assert question["text"] == "Welche Ziffer?"
        await new_telegram.press(question.result, "4", language="de-AT")
        picture = await new_telegram.next("sendPhoto")
        assert picture["reply_markup"]["inline_keyboard"][0][0]["text"] == "Noch einmal"
        await new_telegram.forge(picture.result, "2z", language="en")
        assert "another version" in (await new_telegram.next("answerCallbackQuery", after=1))["text"]
        await new_telegram.say("/paint", language="de")
        assert (await new_telegram.next("sendMessage", after=1))["text"].startswith("“/paint” kenne ich nicht.")
        await new_telegram.type_inline("4", language="de")
        assert (await new_telegram.next("answerInlineQuery"))["button"]["text"] == "Im privaten Chat schreiben"
        new_telegram.refuse("sendPhoto", 400, "Bad Request: not enough rights to send photos to the chat")
        await new_telegram.say("/digit 4", chat=-1, language="de")
        assert (await new_telegram.next("sendMessage", after=2))["text"] == "Hier darf ich keine Bilder senden."
        await new_telegram.until(lambda: len(new_telegram.done("setMyCommands")) == 4)
    shown = {(subject, code): texts for (subject, _, code), texts in new_telegram.shown.items()}
    assert {code for _, code in shown} == {"", "de"}
    assert shown["MyShortDescription", "de"] == {"short_description": "Schreibt Ziffern, die nie jemand schrieb."}
    for code, words in (("", "How to ask"), ("de", "Wie man fragt")):
        assert {"command": "help", "description": words} in shown["MyCommands", code]


def test_languages_are_telegrams_two_letters() -> None:
    """A region's language is shown to all who speak it unless they have one of their own; others cannot be set."""
    assert language_codes(["de", "fil", "pt-BR", "zh-CN", "zh"]) == {"de": "de", "pt": "pt-BR", "zh": "zh"}


def test_menus_keep_to_telegrams_limits() -> None:
    """Names of commands are lower case and short, and a menu has at most a hundred."""
    commands = registry.commands()
    assert len(commands) <= 100
    assert all(command.name.islower() and len(command.name) <= 32 for command in commands)
    assert all(1 <= len(str(command.description)) <= 256 for command in commands)
