"""Callback data: what a button carries, in this version and in the messages of older ones."""

import json
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.telegram import callback_data
from bot.commands import parser
from bot.conversation.pipeline import Conversation
from bot.conversation.reply import Button, Buttons, Reply
from bot.conversation.sender import Sender
from core.catalog import Catalog
from core.errors import BadRequest
from core.latents import MAX_SEED
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.strip import StripRequest
from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_server import Telegram

LONGEST = "12-34-56-78-90-12-34-56-78"
"""A number of as many characters as there may be."""
OPTIONS = f"seed={MAX_SEED} model=cvae-conv style=transparent neat=100"
"""Every option of a number, each at its longest."""
RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())
"""Keyboards that version 0.1.0 sent for a line, before commands had files of their own."""


def drawing(line: str) -> PictureRequest:
    """The request that a line makes."""
    asked = parser.parse(line)
    assert isinstance(asked, PictureRequest)
    return asked


async def reply_to(conversation: Conversation, line: str) -> Reply:
    """The reply to a line."""
    with conversation.exchange(Sender(platform="telegram")) as exchange:
        return await exchange.reply(partial(parser.parse, line))


def rows_under(reply: Reply) -> list[list[list[str]]]:
    """Label and data of each button under a reply; Telegram takes them."""
    markup = callback_data.keyboard(reply.buttons)
    assert markup is not None
    rules.check_keyboard(markup.to_dict())
    return [
        [[button["text"], button["callback_data"]] for button in row] for row in markup.to_dict()["inline_keyboard"]
    ]


@pytest.mark.parametrize("line", RECORDED["keyboards"])
async def test_keyboards_are_those_of_the_version_before(conversation: Conversation, line: str) -> None:
    """Labels and data of every button are, byte for byte, what is out in the world, and each is read."""
    rows = rows_under(await reply_to(conversation, line))
    assert rows == RECORDED["keyboards"][line]
    for _, data in (button for row in rows for button in row):
        assert callback_data.write(callback_data.read(data)) == data


@pytest.mark.parametrize(
    "line",
    [
        "/digit 4",
        "/digit random 1",
        f"/digit random count=10 {OPTIONS}",
        "/number 2026",
        f"/number {LONGEST} {OPTIONS}",
        "/morph 4",
        f"/morph 1 2 3 4 5 6 {OPTIONS}",
        "/compare random",
        f"/compare 4 seed={MAX_SEED} style=transparent neat=100",
        f"/compare 4 seed={MAX_SEED} models=cvae-deep,cvae-conv,cgan-mlp",
    ],
)
async def test_buttons_carry_the_whole_request(conversation: Conversation, line: str) -> None:
    """Each button under a picture fits into 64 bytes and is read as what it says, by any process."""
    reply = await reply_to(conversation, line)
    carried = [callback_data.read(data) for row in rows_under(reply) for _, data in row]
    buttons = (reply.buttons.again, reply.buttons.originals, *reply.buttons.choices)
    assert carried == [button.request for button in buttons if button]


async def test_a_request_that_is_too_long_has_no_button(conversation: Conversation, catalog: Catalog) -> None:
    """Where every model is named the originals of that very seed do not fit; the other buttons are there."""
    line = f"/compare 4 seed={MAX_SEED} neat=100 models={','.join(catalog.names)}"
    rows = rows_under(await reply_to(conversation, line))
    assert [[label for label, _ in row] for row in rows] == [["Again"], list("01234"), list("56789")]


HAND = "FhdInVH8KQRqFbtqqZeCWW"


@pytest.mark.parametrize(
    ("line", "first"),
    [
        (f"/digit 4 hand={HAND}", ["Again", "Originals"]),
        (f"/digit random count=10 seed={MAX_SEED} hand={HAND}", ["Again", "Originals"]),
        (f"/morph 3 8 hand={HAND}", ["Again", "Originals"]),
        (f"/number 2026 hand={HAND}", ["Again", "Originals"]),
        (f"/number {LONGEST} hand={HAND}", ["Again"]),
    ],
)
async def test_buttons_keep_the_hand(conversation: Conversation, line: str, first: list[str]) -> None:
    """Each button under a picture in a hand asks for one in the same hand; one that would be too long is left out."""
    rows = rows_under(await reply_to(conversation, line))
    assert [label for label, _ in rows[0]] == first
    requests = [callback_data.read(data) for row in rows for _, data in row]
    assert {getattr(request, "hand", None) for request in requests} == {HAND}


def test_buttons_are_written_out_where_there_is_room() -> None:
    """Only a line that is too long is cut short: a version with more commands reads the others, too."""
    assert callback_data.write(drawing("/number 2026 style=ink")) == "1d/number 2026 style=ink"


def test_no_buttons_are_no_keyboard() -> None:
    """A reply without buttons, or with none that fits, has no empty keyboard: Telegram would refuse it."""
    request = drawing(f"/compare 4 seed={MAX_SEED} neat=100 models={','.join(9 * ['cvae-conv'])}")
    assert callback_data.keyboard(Buttons()) is None
    assert callback_data.keyboard(Buttons(Button("Again", request))) is None


@pytest.mark.parametrize(
    ("data", "request_"),
    [
        ("1d/digit 4 count=3", StripRequest(4, count=3)),
        ("1o/digit 4 count=3 seed=7 model=cgan", StripRequest(4, count=3, seed=7, model="cgan", form=Form.ORIGINAL)),
        ("1a/d 4 se=7", StripRequest(4, seed=7, form=Form.ARCHIVE)),
    ],
)
def test_data_of_older_versions_is_read(data: str, request_: PictureRequest) -> None:
    """Strips from before there were numbers, originals in a row, and lines that were cut short keep their meaning."""
    assert callback_data.read(data) == request_


@pytest.mark.parametrize("text", ["", "4 " * 2000, "\x00", json.dumps({"a": 1})])
def test_no_button_data_breaks_the_reader(text: str) -> None:
    """Data that no button of ours has is told apart, whatever it is."""
    with pytest.raises(BadRequest):
        callback_data.read(text)


@pytest.mark.asyncio(loop_scope="module")
async def test_buttons_of_the_first_version_go_on_working(telegram: Telegram, catalog: Catalog, alice: int) -> None:
    """A message from before there were numbers and morphs keeps its buttons: a strip, and its originals in a row."""
    await telegram.say("/digit 4", user=alice)
    strip = (await telegram.next("sendPhoto")).result
    await telegram.forge(strip, "1d/digit 4 count=3", alice)
    assert (await telegram.next("sendPhoto", after=1))["caption"].startswith("3 × 4")
    await telegram.forge(strip, "1o/digit 4 count=3 seed=7 model=cgan", alice)
    assert (await telegram.next("sendDocument")).file == draw(
        catalog, StripRequest(4, count=3, seed=7, form=Form.ORIGINAL)
    ).data


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("data", ["1d/digit 44", "1d/help", "2d/digit 4", "1z/digit 4", "nonsense", "1d", "1o/digit"])
async def test_a_button_of_another_version_is_told(telegram: Telegram, alice: int, data: str) -> None:
    """A press that cannot be read is answered with a sentence all the same."""
    await telegram.say("/digit 4", user=alice)
    await telegram.forge((await telegram.next("sendPhoto")).result, data, alice)
    assert "another version" in (await telegram.next("answerCallbackQuery"))["text"]
