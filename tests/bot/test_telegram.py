"""Telegram, from a message to its answer: the whole bot and the real client library, against a server of ours."""

import json
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot import replies
from tests.fakes.telegram_rules import Json
from tests.fakes.telegram_server import HOST, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def web_page(telegram: Telegram, path: str) -> bytes:
    """What the bot's own web server gives."""
    async with aiohttp.ClientSession() as client, client.get(telegram.bot + path) as response:
        assert response.status == 200
        return await response.read()


def labels(message: Json) -> list[list[str]]:
    """What stands on the buttons, row by row."""
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


async def test_a_strip_is_the_web_pages(telegram: Telegram, alice: int) -> None:
    """`/digit` with a seed gives the very file that the page gives, told in a caption, as a reply."""
    message = await telegram.say("/digit 4 seed=7 count=3", user=alice)
    call = await telegram.next("sendPhoto")
    assert call.file == await web_page(telegram, "/digit/4.png?seed=7&count=3")
    assert call["caption"] == "Three fours · cGAN · seed 7"
    assert call["chat_id"] == alice
    assert call["reply_parameters"]["message_id"] == message["message_id"]
    assert labels(call.result) == [["Again", "Originals"], list("01234"), list("56789")]


async def test_again_is_a_new_strip_of_the_same_kind(telegram: Telegram, alice: int) -> None:
    """*Again* keeps digit and count and takes a new seed; in a private chat the old strip stays."""
    await telegram.say("/digit 4 seed=7 count=3", user=alice)
    first = await telegram.next("sendPhoto")
    await telegram.press(first.result, "Again", alice)
    second = await telegram.next("sendPhoto", after=1)
    assert second["caption"].startswith("Three fours · ")
    assert second["caption"] != first["caption"]
    await telegram.next("answerCallbackQuery")
    assert not telegram.done("editMessageMedia")


async def test_a_digit_button_draws_that_digit(telegram: Telegram, alice: int) -> None:
    """The ten digits under a strip keep what else was asked for."""
    await telegram.say("/digit 4 count=3", user=alice)
    await telegram.press((await telegram.next("sendPhoto")).result, "9", alice)
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("Three nines · ")


async def test_originals_are_byte_exact(telegram: Telegram, alice: int) -> None:
    """*Originals* sends the untouched pixels of that strip as a file, which Telegram does not re-encode."""
    await telegram.say("/digit random", user=alice)
    strip = (await telegram.next("sendPhoto")).result
    await telegram.press(strip, "Originals", alice)
    call = await telegram.next("sendDocument")
    again = next(b["callback_data"] for b in strip["reply_markup"]["inline_keyboard"][0] if b["text"] == "Originals")
    digit, *options = again.removeprefix("1o/digit ").split()
    assert call.file == await web_page(telegram, f"/digit/{digit}.png?original=1&" + "&".join(options))
    assert call["caption"] == strip["caption"]


async def test_a_press_in_a_group_changes_the_strip_in_place(telegram: Telegram, alice: int, group: int) -> None:
    """A group that presses *Again* sees one message that changes, so that the chat stays readable."""
    await telegram.say("/digit 4", user=alice, chat=group)
    strip = (await telegram.next("sendPhoto")).result
    before = strip["caption"]
    await telegram.press(strip, "7", alice)
    changed = await telegram.next("editMessageMedia")
    assert changed.result["message_id"] == strip["message_id"]
    assert changed.result["caption"].startswith("Five sevens")
    assert changed.result["caption"] != before
    await telegram.press(strip, "Again", alice)
    assert (await telegram.next("editMessageMedia", after=1)).result["caption"].startswith("Five sevens")
    assert len(telegram.done("sendPhoto")) == 1


async def test_the_answer_goes_into_the_topic(telegram: Telegram, alice: int, group: int) -> None:
    """In a group with topics the strip, its originals and its sentences stand where they were asked for."""
    await telegram.say("/digit 4", user=alice, chat=group, topic=5)
    strip = (await telegram.next("sendPhoto")).result
    await telegram.press(strip, "Originals", alice)
    await telegram.say("/digit 44", user=alice, chat=group, topic=6)
    document, sentence = await telegram.next("sendDocument"), await telegram.next("sendMessage")
    assert strip["message_thread_id"] == document["message_thread_id"] == 5
    assert sentence["message_thread_id"] == 6


async def test_only_what_is_meant_for_the_bot_is_answered(telegram: Telegram, alice: int, group: int) -> None:
    """In a group neither chatter nor the commands of other bots get an answer; the bot's own do, its name or not."""
    for text in ("/digit@OtherBot 4", "/start@OtherBot", "/ban alice", "hello", "/digits 4"):
        await telegram.say(text, user=alice, chat=group)
    await telegram.say("/digit@digitbot 4", user=alice, chat=group)
    await telegram.say("/DIGIT 4", user=alice, chat=group)
    await telegram.next("sendPhoto", after=1)
    await telegram.until(lambda: not telegram.pending)
    assert not telegram.done("sendMessage")


async def test_an_edited_message_is_not_answered_again(telegram: Telegram, alice: int) -> None:
    """Who corrects a typing error in an old command gets no second strip for it."""
    message = await telegram.say("/digit 4", user=alice)
    await telegram.next("sendPhoto")
    await telegram.edit(message, "/digit 5")
    await telegram.say("/digit 6", user=alice)
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("Five sixes")


async def test_digit_alone_asks_which_one(telegram: Telegram, alice: int) -> None:
    """`/digit` is answered with ten buttons, and each of them draws."""
    await telegram.say("/digit", user=alice)
    question = (await telegram.next("sendMessage")).result
    assert labels(question) == [list("01234"), list("56789")]
    await telegram.press(question, "8", alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("Five eights")


async def test_start_greets_in_one_line(telegram: Telegram, alice: int) -> None:
    """Who opens the chat reads one line and sees what to press."""
    await telegram.say("/start", user=alice)
    greeting = (await telegram.next("sendMessage")).result
    assert "\n" not in greeting["text"]
    assert labels(greeting) == [list("01234"), list("56789")]


@pytest.mark.parametrize(("link", "caption"), [("digit_4", "Five fours"), ("digit_4_3", "Three fours")])
async def test_a_deep_link_draws(telegram: Telegram, alice: int, link: str, caption: str) -> None:
    """A link such as t.me/DigitBot?start=digit_4 opens the chat with a strip."""
    await telegram.say(f"/start {link}", user=alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith(caption)


@pytest.mark.parametrize("text", ["/help", "/models", "/about", "/help@DigitBot"])
async def test_a_question_is_answered_with_text(telegram: Telegram, alice: int, text: str) -> None:
    """Commands that draw nothing answer with words."""
    await telegram.say(text, user=alice)
    assert len((await telegram.next("sendMessage"))["text"]) > 40


@pytest.mark.parametrize("text", ["/digit 44", "hello", "/paint 4", "/digit 4 model=gpt", "/start digit_44", "4", ""])
async def test_a_bad_line_is_one_friendly_sentence(telegram: Telegram, alice: int, text: str) -> None:
    """In a private chat everything gets an answer, and a bad line one that shows a line that works."""
    await telegram.say(text, user=alice)
    sentence = (await telegram.next("sendMessage"))["text"]
    assert "\n" not in sentence
    assert "/digit 4" in sentence


@pytest.mark.parametrize(
    "word",
    [
        *("*bold*_it_", "<b>fat</b>", "[a](tg://durov)", "@durov_himself", "😀😀@durov", "https://a.org", "#tag"),
        *("שלום@durov", "\N{RIGHT-TO-LEFT OVERRIDE}4", "”@durov_x", "9" * 4089),
    ],
)
async def test_what_people_type_stays_text(telegram: Telegram, alice: int, group: int, word: str) -> None:
    """An argument is shown as it was typed: no markup, no link, and nobody is mentioned."""
    await telegram.say(f"/digit {word}", user=alice, chat=group)
    message = (await telegram.next("sendMessage")).result
    assert f"“{word[: replies.LONGEST_QUOTE]}" in message["text"]
    assert {entity["type"] for entity in message["entities"]} == {"code"}


@pytest.mark.parametrize("data", ["1d/digit 44", "1d/help", "2d/digit 4", "1z/digit 4", "nonsense", "1d", "1o/digit"])
async def test_a_button_of_another_version_is_told(telegram: Telegram, alice: int, data: str) -> None:
    """A press that cannot be read is answered with a sentence all the same."""
    await telegram.say("/digit 4", user=alice)
    await telegram.forge((await telegram.next("sendPhoto")).result, data, alice)
    assert "another version" in (await telegram.next("answerCallbackQuery"))["text"]


@pytest.mark.parametrize(("text", "captions"), [("4", 3), ("4 seed=7", 1), ("2026 count=3", 3), ("", 3), ("٤", 3)])
async def test_inline_offers_what_is_then_sent(telegram: Telegram, text: str, captions: int) -> None:
    """Each strip that is offered is a JPEG of ours with a seed of its own, the one that its caption tells."""
    await telegram.type_inline(text)
    call = await telegram.next("answerInlineQuery")
    assert len({result["photo_url"] for result in call["results"]}) == captions
    for result in call["results"]:
        url = urlsplit(result["photo_url"])
        assert f"{url.scheme}://{url.netloc}" == HOST
        assert result["caption"].endswith(" seed " + parse_qs(url.query)["seed"][0])
        picture = await web_page(telegram, f"{url.path}?{url.query}")
        assert picture[:2] == b"\xff\xd8"
        assert picture == await web_page(telegram, f"{url.path}?{url.query}")


@pytest.mark.parametrize("text", ["hello", "4 seed=x", "2026 model=gpt", "@durov"])
async def test_inline_text_that_asks_for_nothing_shows_the_way(telegram: Telegram, text: str) -> None:
    """What cannot be drawn is answered with a button that explains how to ask."""
    await telegram.type_inline(text)
    call = await telegram.next("answerInlineQuery")
    assert call["results"] == []
    assert call["button"]["start_parameter"] == "help"


async def test_the_menus_are_set_up(telegram: Telegram) -> None:
    """Private chats and groups have a menu whose lines are commands, and the profile tells what the bot is."""
    menus = {
        json.loads(scope)["type"]: menu for (subject, scope, _), menu in telegram.shown.items() if "Comm" in subject
    }
    assert set(menus) == {"all_private_chats", "all_group_chats"}
    assert {command["command"] for command in menus["all_private_chats"]} == {"digit", "models", "about", "help"}
    assert {subject for subject, _, _ in telegram.shown} == {"MyCommands", "MyDescription", "MyShortDescription"}
