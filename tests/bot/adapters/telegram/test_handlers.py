"""Telegram, from a message to its answer: the whole bot and the real client library, against a server of ours."""

from dataclasses import replace

import pytest

from bot.commands import parser, registry
from bot.commands.base import AnswerContext, TextCommand
from core.catalog import Catalog
from core.pictures.base import Form, PictureRequest, draw
from tests.bot.adapters.telegram.conftest import BOTH_WAYS
from tests.bot.conftest import BotProcess
from tests.fakes.telegram_rules import Json
from tests.fakes.telegram_server import Telegram
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), BOTH_WAYS]


def drawn(catalog: Catalog, line: str, form: Form = Form.PICTURE) -> bytes:
    """The file that a line with a seed asks for."""
    asked = parser.parse(line)
    assert isinstance(asked, PictureRequest)
    return draw(catalog, replace(asked, form=form)).data


def answer(name: str, catalog: Catalog) -> str:
    """The text of a command that draws nothing."""
    command = registry.find(name)
    assert isinstance(command, TextCommand)
    return str(command.answer(AnswerContext(catalog, registry.commands())))


def labels(message: Json) -> list[list[str]]:
    """What stands on the buttons, row by row."""
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


async def test_the_same_words_give_the_same_strip(telegram: Telegram, catalog: Catalog, alice: int) -> None:
    """`/digit` with a seed gives the very file that those words give anywhere, told in a caption, as a reply."""
    message = await telegram.say("/digit 4 seed=7 count=3", user=alice)
    call = await telegram.next("sendPhoto")
    assert call.file == drawn(catalog, "/digit 4 seed=7 count=3")
    assert call.file_name == "digit-4-seed-7.png"
    assert call["caption"] == "3 × 4 · cGAN · seed 7"
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
    assert second["caption"].startswith("3 × 4 · ")
    assert second["caption"] != first["caption"]
    await telegram.next("answerCallbackQuery")
    assert not telegram.done("editMessageMedia")


async def test_a_digit_button_draws_that_digit(telegram: Telegram, alice: int) -> None:
    """The ten digits under a strip keep what else was asked for."""
    await telegram.say("/digit 4 count=3", user=alice)
    await telegram.press((await telegram.next("sendPhoto")).result, "9", alice)
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("3 × 9 · ")


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


async def test_a_private_chat_needs_no_commands(telegram: Telegram, alice: int) -> None:
    """A digit, a number, a morph and a command without its slash are answered like their commands."""
    for text in ("4", "2026-11-20", "3 to 8", "digit 7 3", "help"):
        await telegram.say(text, user=alice)
    calls = [await telegram.next("sendPhoto", "sendAnimation", "sendMessage", after=after) for after in range(5)]
    heads = [(call["caption"] or call["text"]).partition(" ")[0] for call in calls]
    assert sorted(heads) == sorted(["5", "2026-11-20", "3", "3", "/digit"])


async def test_a_suggestion_can_be_pressed(telegram: Telegram, alice: int) -> None:
    """Each line that an error or the help suggests is a button that sends it, texts among them."""
    await telegram.say("/digt 7", user=alice)
    offer = await telegram.next("sendMessage")
    assert labels(offer.result) == [["/digit 7"]]
    await telegram.press(offer.result, "/digit 7", alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("5 × 7")
    await telegram.say("hello", user=alice)
    hint = await telegram.next("sendMessage", after=1)
    assert labels(hint.result) == [["/digit 4", "/help"]]
    await telegram.press(hint.result, "/help", alice)
    told = await telegram.next("sendMessage", after=2)
    assert told["text"].startswith("/digit 4 – ")
    assert ["/morph 3 8", "/compare 4"] in labels(told.result)


async def test_a_press_in_a_group_changes_the_strip_in_place(telegram: Telegram, alice: int, group: int) -> None:
    """A group that presses *Again* sees one message that changes, so that the chat stays readable."""
    await telegram.say("/digit 4", user=alice, chat=group)
    strip = (await telegram.next("sendPhoto")).result
    before = strip["caption"]
    await telegram.press(strip, "7", alice)
    changed = await telegram.next("editMessageMedia")
    assert changed.result["message_id"] == strip["message_id"]
    assert changed.result["caption"].startswith("5 × 7")
    assert changed.result["caption"] != before
    await telegram.press(strip, "Again", alice)
    assert (await telegram.next("editMessageMedia", after=1)).result["caption"].startswith("5 × 7")
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
    others = ("/digit@OtherBot 4", "/start@OtherBot", "/start@OtherBot digit_4", "/ban alice", "hello", "/digits 4")
    for text in others:
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
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("5 × 6")


@pytest.mark.parametrize(
    ("command", "caption"),
    [("/digit", "5 × 8"), ("/compare", "8 by 6 models"), ("/Compare@DigitBot ", "8")],
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
        ("digit_4", "5 × 4 · "),
        ("digit_4_3", "3 × 4 · "),
        ("number_2026", "2026 · "),
        ("number_12-24", "12-24 · "),
        ("morph_3_8", "3 → 8 → 3 · "),
        ("compare_4", "4 by "),
    ],
)
async def test_a_deep_link_draws(telegram: Telegram, alice: int, link: str, caption: str) -> None:
    """A link such as t.me/DigitBot?start=digit_4 opens the chat with a picture."""
    await telegram.say(f"/start {link}", user=alice)
    assert (await telegram.next("sendPhoto", "sendAnimation"))["caption"].startswith(caption)


@pytest.mark.parametrize("name", ["help", "models"])
@pytest.mark.parametrize("bot", ["", "@DigitBot"])
async def test_a_question_is_answered_with_text(
    telegram: Telegram, catalog: Catalog, alice: int, name: str, bot: str
) -> None:
    """Commands that draw nothing answer with words, and no part of them is taken for what somebody typed."""
    await telegram.say(f"/{name}{bot}", user=alice)
    message = (await telegram.next("sendMessage")).result
    assert message["text"] == answer(name, catalog)
    assert not message["entities"]


async def test_about_shows_how_training_went(telegram: Telegram, catalog: Catalog, alice: int) -> None:
    """`/about` comes as the curve of the losses with the words under it."""
    await telegram.say("/about", user=alice)
    call = await telegram.next("sendPhoto")
    assert call.file == catalog.curve
    assert call["caption"] == answer("about", catalog)


@pytest.mark.parametrize("text", ["/digit 44", "hello", "/paint 4", "/digit 4 model=gpt", "/start digit_44", "x4", ""])
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
        ("/compare 44", "/compare 4"),
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


async def test_what_people_write_is_in_no_log(
    telegram_and_bot: tuple[Telegram, BotProcess], telegram: Telegram, alice: int
) -> None:
    """The log tells that a number was drawn and its seed, and not the number."""
    _, bot = telegram_and_bot
    await telegram.say("/number 555-0199 seed=7654321", user=alice)
    await telegram.next("sendPhoto")
    await until(lambda: any('"seed": 7654321' in line for line in bot.lines))
    assert not [line for line in bot.lines if "555-0199" in line]
