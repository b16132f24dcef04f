"""Telegram, from a message to its answer: the whole bot and the real client library, against a server of ours."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot import commands, replies
from core.catalog import Catalog
from core.drawing import draw
from core.requests import DrawRequest, Form
from tests.bot.conftest import BotProcess
from tests.fakes.telegram_rules import Json
from tests.fakes.telegram_server import HOST, Telegram
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


def drawn(catalog: Catalog, line: str, form: Form = Form.PICTURE) -> bytes:
    """The file that a line with a seed asks for."""
    asked = commands.parse(line)
    assert isinstance(asked, DrawRequest)
    return draw(catalog, replace(asked, form=form)).data


async def web_page(telegram: Telegram, path: str) -> bytes:
    """What the bot's own web server gives."""
    async with aiohttp.ClientSession() as client, client.get(telegram.bot + path) as response:
        assert response.status == 200
        return await response.read()


async def fetched(telegram: Telegram, result: Json, name: str) -> bytes:
    """The file that Telegram fetches for a result, each time the same, of the seed that the caption tells."""
    url = urlsplit(result[name])
    assert f"{url.scheme}://{url.netloc}" == HOST
    assert f" seed {parse_qs(url.query)['seed'][0]}" in result["caption"]
    file = await web_page(telegram, f"{url.path}?{url.query}")
    assert file == await web_page(telegram, f"{url.path}?{url.query}")
    return file


def labels(message: Json) -> list[list[str]]:
    """What stands on the buttons, row by row."""
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


async def test_the_same_words_give_the_same_strip(telegram: Telegram, catalog: Catalog, alice: int) -> None:
    """`/digit` with a seed gives the very file that those words give anywhere, told in a caption, as a reply."""
    message = await telegram.say("/digit 4 seed=7 count=3", user=alice)
    call = await telegram.next("sendPhoto")
    assert call.file == drawn(catalog, "/digit 4 seed=7 count=3")
    assert call.file_name == "digit-4-seed-7.png"
    assert call["caption"] == "Three fours · cGAN · seed 7"
    assert call["chat_id"] == alice
    assert call["reply_parameters"]["message_id"] == message["message_id"]
    assert labels(call.result) == [["Again", "Originals"], list("01234"), list("56789")]


@pytest.mark.parametrize(
    ("line", "method", "name", "digits"),
    [
        ("/number 24/12/2026 seed=7", "sendPhoto", "number-24-12-2026-seed-7.png", False),
        ("/number 1,50 seed=7 style=ink neat=80", "sendPhoto", "number-1-50-seed-7.png", False),
        ("/morph 3 8 seed=7", "sendAnimation", "morph-3-8-seed-7.gif", False),
        ("/compare 4 seed=7", "sendPhoto", "compare-4-seed-7.png", True),
        ("/digit 4 seed=7 style=transparent", "sendDocument", "digit-4-seed-7.png", True),
        ("/morph 3 8 seed=7 style=transparent", "sendDocument", "morph-3-8-seed-7.gif", False),
    ],
)
async def test_every_command_is_answered_in_its_own_way(
    telegram: Telegram, catalog: Catalog, alice: int, line: str, method: str, name: str, digits: bool
) -> None:
    """A morph moves, what is transparent comes as it is, and ten digits are there where one can be changed."""
    await telegram.say(line, user=alice)
    call = await telegram.next(method)
    assert call.file == drawn(catalog, line)
    assert call.file_name == name
    assert "seed 7" in call["caption"]
    assert ("animation" in call.result) == (method == "sendAnimation")
    assert labels(call.result) == [["Again", "Originals"], *([list("01234"), list("56789")] if digits else [])]


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


@pytest.mark.parametrize(
    ("line", "method", "form", "name"),
    [
        ("/digit random 1 seed=7", "sendPhoto", Form.ORIGINAL, "digit-9-seed-7-original.png"),
        ("/digit random seed=7", "sendPhoto", Form.ARCHIVE, "digit-9-seed-7-original.zip"),
        ("/number 2026 seed=7 style=ink", "sendPhoto", Form.ARCHIVE, "number-2026-seed-7-original.zip"),
        ("/morph 3 8 seed=7", "sendAnimation", Form.ARCHIVE, "morph-3-8-seed-7-original.zip"),
        ("/compare 4 seed=7", "sendPhoto", Form.ARCHIVE, "compare-4-seed-7-original.zip"),
    ],
)
async def test_originals_are_byte_exact(
    telegram: Telegram, catalog: Catalog, alice: int, line: str, method: str, form: Form, name: str
) -> None:
    """*Originals* sends the untouched pixels of that picture as a file, which Telegram does not re-encode."""
    await telegram.say(line, user=alice)
    await telegram.press((await telegram.next(method)).result, "Originals", alice)
    call = await telegram.next("sendDocument")
    assert call.file == drawn(catalog, line, form)
    assert call.file_name == name
    assert "seed 7" in call["caption"]


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


@pytest.mark.parametrize(
    ("line", "method", "kind"),
    [
        ("/morph 3 8", "sendAnimation", "animation"),
        ("/number 2026", "sendPhoto", "photo"),
        ("/morph 3 8 style=transparent", "sendDocument", "document"),
    ],
)
async def test_any_picture_of_a_group_changes_in_place(
    telegram: Telegram, alice: int, group: int, line: str, method: str, kind: str
) -> None:
    """*Again* in a group puts a morph in place of a morph, and a file in place of a file."""
    await telegram.say(line, user=alice, chat=group)
    before = (await telegram.next(method)).result
    caption = before["caption"]
    await telegram.press(before, "Again", alice)
    changed = await telegram.next("editMessageMedia")
    assert changed["media"]["type"] == kind
    assert changed.result["message_id"] == before["message_id"]
    assert changed.result["caption"] != caption
    assert ("animation" in changed.result) == (kind == "animation")


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


@pytest.mark.parametrize(
    ("command", "caption"),
    [("/digit", "Five eights"), ("/compare", "Eights by six models"), ("/Compare@DigitBot ", "E")],
)
async def test_a_command_without_its_digit_asks_which_one(
    telegram: Telegram, alice: int, command: str, caption: str
) -> None:
    """It is answered with ten buttons, and each of them draws what was asked for."""
    await telegram.say(command, user=alice)
    question = (await telegram.next("sendMessage")).result
    assert labels(question) == [list("01234"), list("56789")]
    await telegram.press(question, "8", alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith(caption)


async def test_start_greets_in_one_line(telegram: Telegram, alice: int) -> None:
    """Who opens the chat reads one line and sees what to press."""
    await telegram.say("/start", user=alice)
    greeting = (await telegram.next("sendMessage")).result
    assert "\n" not in greeting["text"]
    assert labels(greeting) == [list("01234"), list("56789")]


@pytest.mark.parametrize(
    ("link", "caption"),
    [
        ("digit_4", "Five fours · "),
        ("digit_4_3", "Three fours · "),
        ("number_2026", "2026 · "),
        ("number_12-24", "12-24 · "),
        ("morph_3_8", "3 → 8 → 3 · "),
        ("compare_4", "Fours by "),
    ],
)
async def test_a_deep_link_draws(telegram: Telegram, alice: int, link: str, caption: str) -> None:
    """A link such as t.me/DigitBot?start=digit_4 opens the chat with a picture."""
    await telegram.say(f"/start {link}", user=alice)
    assert (await telegram.next("sendPhoto", "sendAnimation"))["caption"].startswith(caption)


@pytest.mark.parametrize("topic", [commands.Topic.HELP, commands.Topic.MODELS])
@pytest.mark.parametrize("bot", ["", "@DigitBot"])
async def test_a_question_is_answered_with_text(
    telegram: Telegram, catalog: Catalog, alice: int, topic: commands.Topic, bot: str
) -> None:
    """Commands that draw nothing answer with words, and no part of them is taken for what somebody typed."""
    await telegram.say(f"/{topic.value}{bot}", user=alice)
    message = (await telegram.next("sendMessage")).result
    assert message["text"] == replies.answer(topic, catalog)
    assert not message["entities"]


async def test_about_shows_how_training_went(telegram: Telegram, catalog: Catalog, alice: int) -> None:
    """`/about` comes as the curve of the losses with the words under it."""
    await telegram.say("/about", user=alice)
    call = await telegram.next("sendPhoto")
    assert call.file == catalog.curve
    assert call["caption"] == replies.answer(commands.Topic.ABOUT, catalog)


@pytest.mark.parametrize("text", ["/digit 44", "hello", "/paint 4", "/digit 4 model=gpt", "/start digit_44", "4", ""])
async def test_a_bad_line_is_one_friendly_sentence(telegram: Telegram, alice: int, text: str) -> None:
    """In a private chat everything gets an answer, and a bad line one that shows a line that works."""
    await telegram.say(text, user=alice)
    sentence = (await telegram.next("sendMessage"))["text"]
    assert "\n" not in sentence
    assert "/digit 4" in sentence


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("/number", "/number 2026"),
        ("/number 12a", "/number 2026"),
        ("/number " + 21 * "1", "/number 2026"),
        ("/morph", "/morph 3 8"),
        ("/morph 3 3", "/morph 3 8"),
        ("/compare 44", "/digit 4"),
        ("/start morph_3_3", "/morph 3 8"),
    ],
)
async def test_a_bad_line_is_told_with_one_of_its_own_kind(
    telegram: Telegram, alice: int, text: str, example: str
) -> None:
    """Who asks for a number or a morph that cannot be reads one that can."""
    await telegram.say(text, user=alice)
    sentence = (await telegram.next("sendMessage"))["text"]
    assert "\n" not in sentence
    assert example in sentence


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


async def test_buttons_of_the_first_version_go_on_working(telegram: Telegram, catalog: Catalog, alice: int) -> None:
    """A message from before there were numbers and morphs keeps its buttons: a strip, and its originals in a row."""
    await telegram.say("/digit 4", user=alice)
    strip = (await telegram.next("sendPhoto")).result
    await telegram.forge(strip, "1d/digit 4 count=3", alice)
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("Three fours")
    await telegram.forge(strip, "1o/digit 4 count=3 seed=7 model=cgan", alice)
    assert (await telegram.next("sendDocument")).file == drawn(catalog, "/digit 4 count=3 seed=7", Form.ORIGINAL)


@pytest.mark.parametrize("data", ["1d/digit 44", "1d/help", "2d/digit 4", "1z/digit 4", "nonsense", "1d", "1o/digit"])
async def test_a_button_of_another_version_is_told(telegram: Telegram, alice: int, data: str) -> None:
    """A press that cannot be read is answered with a sentence all the same."""
    await telegram.say("/digit 4", user=alice)
    await telegram.forge((await telegram.next("sendPhoto")).result, data, alice)
    assert "another version" in (await telegram.next("answerCallbackQuery"))["text"]


@pytest.mark.parametrize(
    ("text", "captions", "start"),
    [
        ("4", 3, "Five fours · "),
        ("4 seed=7", 1, "Five fours · cGAN · seed 7"),
        ("٤ 3", 3, "Three fours · "),
        ("", 3, "Five "),
        ("2026", 3, "2026 · "),
        ("24/12 2026 style=ink seed=7", 1, "24/12 2026 · cGAN · seed 7 · style ink"),
        ("/number 4", 3, "4 · "),
        ("compare 4", 3, "Fours by six models"),
    ],
)
async def test_inline_offers_what_is_then_sent(telegram: Telegram, text: str, captions: int, start: str) -> None:
    """Each picture that is offered is a JPEG of ours with a seed of its own, the one that its caption tells."""
    await telegram.type_inline(text)
    call = await telegram.next("answerInlineQuery")
    assert len({result["photo_url"] for result in call["results"]}) == captions
    for result in call["results"]:
        assert result["caption"].startswith(start)
        assert (await fetched(telegram, result, "photo_url")).startswith(b"\xff\xd8")


@pytest.mark.parametrize("text", ["morph 3 8", "/morph 38"])
async def test_inline_offers_morphs(telegram: Telegram, text: str) -> None:
    """A morph is offered as a GIF, with its slash or without."""
    await telegram.type_inline(text)
    call = await telegram.next("answerInlineQuery")
    assert len({result["gif_url"] for result in call["results"]}) == 3
    for result in call["results"]:
        assert result["caption"].startswith("3 → 8 → 3")
        assert (await fetched(telegram, result, "gif_url")).startswith(b"GIF89a")


async def test_again_under_an_inline_picture_can_be_asked(telegram: Telegram) -> None:
    """*Again* under what was sent inline writes a line that inline mode understands."""
    await telegram.type_inline("morph 3 8 neat=80 seed=7")
    (result,) = (await telegram.next("answerInlineQuery"))["results"]
    ((again,),) = result["reply_markup"]["inline_keyboard"]
    await telegram.type_inline(again["switch_inline_query_current_chat"])
    results = (await telegram.next("answerInlineQuery", after=1))["results"]
    assert len(results) == 3
    assert all(result["caption"].endswith("neat 80") for result in results)


@pytest.mark.parametrize("text", ["hello", "4 seed=x", "2026 model=gpt", "2026 count=3", "@durov", "morph", "/help"])
async def test_inline_text_that_asks_for_nothing_shows_the_way(telegram: Telegram, text: str) -> None:
    """What cannot be drawn is answered with a button that explains how to ask."""
    await telegram.type_inline(text)
    call = await telegram.next("answerInlineQuery")
    assert call["results"] == []
    assert call["button"]["start_parameter"] == "help"


async def test_what_people_write_is_in_no_log(
    telegram_and_bot: tuple[Telegram, BotProcess], telegram: Telegram, alice: int
) -> None:
    """The log tells that a number was drawn and its seed, and not the number."""
    _, bot = telegram_and_bot
    await telegram.say("/number 555-0199 seed=7654321", user=alice)
    await telegram.next("sendPhoto")
    await until(lambda: any('"seed": 7654321' in line for line in bot.lines))
    assert not [line for line in bot.lines if "555-0199" in line]


async def test_the_menus_are_set_up(telegram: Telegram) -> None:
    """Private chats and groups have a menu whose lines are commands, and the profile tells what the bot is."""
    menus = {
        json.loads(scope)["type"]: menu for (subject, scope, _), menu in telegram.shown.items() if "Comm" in subject
    }
    assert set(menus) == {"all_private_chats", "all_group_chats"}
    assert {command["command"] for command in menus["all_private_chats"]} == set(replies.DESCRIPTIONS)
    assert {command["command"] for command in menus["all_group_chats"]} == {*commands.COMMANDS, "help"}
    assert {subject for subject, _, _ in telegram.shown} == {"MyCommands", "MyDescription", "MyShortDescription"}
