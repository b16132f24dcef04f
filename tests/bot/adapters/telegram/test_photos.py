"""Photos on Telegram: which ones are read, what comes back, and what becomes of bad ones."""

import pytest

from core.imaging.photo import MAX_BYTES
from tests.bot.conftest import BotProcess
from tests.bot.hands import BLANK, FOUR, LEANINGS, leaning, slant, token
from tests.fakes.telegram_rules import Json
from tests.fakes.telegram_server import TOKEN, Telegram
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_RECEIVED = "did not arrive"


def labels(message: Json) -> list[str]:
    """What stands on the buttons."""
    return [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


@pytest.mark.parametrize("media_type", ["", "image/jpeg"], ids=["photo", "file"])
async def test_a_photo_is_answered_in_its_hand(telegram: Telegram, alice: int, media_type: str) -> None:
    """Five in the same hand come back, whose slant follows that of the photo, and so does a number's."""
    strips, numbers = [], []
    for leans in LEANINGS:
        telegram.calls.clear()
        await telegram.show(leaning(4, leans), media_type=media_type, user=alice)
        strip = await telegram.next("sendPhoto")
        read, caption = strip["caption"].splitlines()
        assert read.startswith("I read 4 (")
        assert caption.startswith("5 × 4 · ")
        await telegram.press(strip.result, "Originals", alice)
        await telegram.say(f"/number 2026 hand={token(caption)}", user=alice)
        number = await telegram.next("sendPhoto", after=1)
        await telegram.press(number.result, "Originals", alice)
        await telegram.next("sendDocument", after=1)
        files = {call.file_name.partition("-")[0]: call.file for call in telegram.done("sendDocument")}
        strips.append(slant(files["digit"]))
        numbers.append(slant(files["number"]))
    assert strips[1] - strips[0] > 0.3
    assert numbers[1] - numbers[0] > 0.3


async def test_each_button_keeps_the_hand(telegram: Telegram, alice: int) -> None:
    """*Again*, another digit and a number are in the hand of the photo, and so are the buttons under them."""
    await telegram.show(FOUR, user=alice)
    strip = (await telegram.next("sendPhoto")).result
    hand = token(strip["caption"])
    assert labels(strip) == ["Again", "Originals", *"0123456789", "A number in this hand"]
    for number, (label, begins) in enumerate(
        [("Again", "5 × 4"), ("9", "5 × 9"), ("A number in this hand", "0123456789 ·")], start=1
    ):
        await telegram.press(strip, label, alice)
        answer = await telegram.next("sendPhoto", after=number)
        assert answer["caption"].startswith(begins)
        assert token(answer["caption"]) == hand


@pytest.mark.parametrize("in_caption", [True, False], ids=["caption", "answer"])
async def test_a_group_asks_with_the_command(telegram: Telegram, alice: int, group: int, in_caption: bool) -> None:
    """`/hand` under a photo or as a reply to one, with a number that is to be written."""
    line = "/hand@DigitBot 12 style=ink"
    if in_caption:
        await telegram.show(FOUR, line, user=alice, chat=group)
    else:
        photo = await telegram.show(FOUR, user=alice, chat=group)
        await telegram.say(line, user=alice, chat=group, reply_to_message=photo)
    answer = await telegram.next("sendPhoto")
    read, caption = answer["caption"].splitlines()
    assert read.startswith("I read 4 (")
    assert caption.startswith("12 · ")
    assert "style ink" in caption


async def test_a_group_is_left_alone(telegram: Telegram, alice: int, group: int) -> None:
    """Photos without the command are none of the bot's business: they are not even loaded."""
    await telegram.show(FOUR, user=alice, chat=group)
    await telegram.show(FOUR, "look at my 4", user=alice, chat=group)
    await telegram.show(FOUR, "/digit@OtherBot 4", media_type="image/png", user=alice, chat=group)
    await telegram.say("/digit 4", user=alice, chat=group)
    answer = await telegram.next("sendPhoto")
    assert answer["caption"].startswith("5 × 4")
    assert {call.method for call in telegram.calls} <= {"getUpdates", "sendPhoto"}


async def test_without_a_photo_the_command_explains_itself(telegram: Telegram, alice: int, group: int) -> None:
    """Alone, and as a reply to words."""
    words = await telegram.say("a four", user=alice, chat=group)
    await telegram.say("/hand", user=alice, chat=group, reply_to_message=words)
    await telegram.say("/hand 2026", user=alice)
    for number in range(2):
        answer = await telegram.next("sendMessage", after=number)
        assert "send me the photo, or answer one with /hand" in answer["text"]


async def test_words_with_a_photo_stay_a_command(telegram: Telegram, alice: int) -> None:
    """Another command in a caption is answered as such, and words that are none are about the photo."""
    await telegram.show(FOUR, "/number 2026", user=alice)
    assert (await telegram.next("sendPhoto"))["caption"].startswith("2026 · ")
    assert not telegram.called("getFile")
    await telegram.show(FOUR, "my own 4", user=alice)
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("I read 4")


async def test_the_menus_have_the_command(telegram_and_bot: tuple[Telegram, BotProcess], alice: int) -> None:
    """In private chats and in groups, and `/help` lists it."""
    telegram, _ = telegram_and_bot
    menus = [shown for (subject, *_), shown in telegram.shown.items() if subject == "MyCommands"]
    assert menus
    assert all("hand" in [command["command"] for command in menu] for menu in menus)
    await telegram.say("/help", user=alice)
    await telegram.until(lambda: any("/hand – " in (call["text"] or "") for call in telegram.done("sendMessage")))


@pytest.mark.parametrize(
    ("photo", "media_type", "sentence"),
    [
        (leaning(1, 0).replace(b"\xff\xd9", b"")[:2000], "", "damaged or cut short"),
        (b"GIF89a" + bytes(100), "image/gif", "JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "JPEG, PNG or WebP"),
        (bytes(MAX_BYTES + 1), "image/png", "up to 12 MB"),
        (bytes(20_000_000), "image/png", "up to 12 MB"),
    ],
    ids=["truncated", "gif", "svg", "large", "20 MB"],
)
async def test_a_bad_photo_is_a_sentence(
    telegram: Telegram, alice: int, photo: bytes, media_type: str, sentence: str
) -> None:
    """And it is one message, without a picture."""
    await telegram.show(photo, media_type=media_type, user=alice)
    answer = await telegram.next("sendMessage")
    assert sentence in answer["text"]


async def test_a_photo_without_a_digit_is_a_sentence(telegram: Telegram, alice: int) -> None:
    """Nothing is drawn."""
    await telegram.show(BLANK, media_type="image/png", user=alice)
    assert "I see no digit" in (await telegram.next("sendMessage"))["text"]
    assert not telegram.called("sendPhoto")


async def test_a_file_that_is_no_picture_is_not_loaded(telegram: Telegram, alice: int) -> None:
    """It is answered as a message without words is."""
    await telegram.show(FOUR, media_type="application/pdf", user=alice)
    assert "Type a command" in (await telegram.next("sendMessage"))["text"]
    assert not telegram.called("getFile")


@pytest.mark.parametrize("description", ["Bad Request: wrong file_id", "Bad Request: file is too big"])
async def test_a_file_that_telegram_refuses_is_a_sentence(telegram: Telegram, alice: int, description: str) -> None:
    """Such as one of more than 20 MB whose size the message does not tell."""
    telegram.refuse("getFile", 400, description)
    await telegram.show(FOUR, user=alice)
    expected = "up to 12 MB" if "big" in description else NOT_RECEIVED
    assert expected in (await telegram.next("sendMessage"))["text"]


async def test_nothing_of_a_photo_is_logged(telegram_and_bot: tuple[Telegram, BotProcess], alice: int) -> None:
    """The log says that a hand was asked for, and how many digits were read; no token, no name of a file."""
    telegram, bot = telegram_and_bot
    telegram.calls.clear()
    logged = len(bot.requests())
    photo = await telegram.show(FOUR, "my own words", user=alice)
    strip = await telegram.next("sendPhoto")
    hands = {"command": "hand", "count": 1}.items()
    await until(lambda: any(hands <= request.items() for request in bot.requests()[logged:]))
    written = "".join(bot.lines)
    for secret in (TOKEN, token(strip["caption"]), photo["photo"][1]["file_id"], "my own words"):
        assert secret not in written
