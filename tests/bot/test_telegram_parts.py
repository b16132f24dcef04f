"""The Telegram adapter's parts: what a button carries, what inline mode offers, and when an update is done."""

import asyncio
import json
from dataclasses import replace

import pytest
from telegram import Update
from yarl import URL

from bot import commands
from bot.adapters.telegram_app import buttons, inline, messages, webhook
from bot.adapters.telegram_app.updates import REMEMBERED, Inbox
from bot.counters import Counters
from bot.gates import Gates, RoomFull
from bot.offers import offers
from bot.record import Entry
from core.catalog import Catalog
from core.drawing import draw
from core.errors import BadRequest
from core.noise import MAX_SEED
from core.requests import CompareRequest, DrawRequest, MorphRequest, NumberRequest, StripRequest
from core.service import DigitService
from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_server import TOKEN

LONGEST = "12-34-56-78-90-12-34-56-78"
"""A number of as many characters as there may be."""
OPTIONS = f"seed={MAX_SEED} model=cvae-conv style=transparent neat=100"
"""Every option of a number, each at its longest."""


def drawing(line: str) -> DrawRequest:
    """The request that a line makes."""
    asked = commands.parse(line)
    assert isinstance(asked, DrawRequest)
    return asked


@pytest.mark.parametrize(
    "line",
    [
        *(f"/digit 4 {count}" for count in range(1, 11)),
        *("/number 1", "/number " + "1" * 20, f"/number {LONGEST}", "/number 1" + "/" * 25),
        *("/compare 4", "/compare 4 models=vae"),
    ],
)
def test_telegram_takes_a_picture_of_any_size(catalog: Catalog, line: str) -> None:
    """One image or thirty, the picture keeps to Telegram's limits for a photo."""
    picture = draw(catalog, drawing(line))
    assert rules.check_photo(picture.data) == (picture.width, picture.height)


@pytest.mark.parametrize("line", ["/morph 4", "/morph 3 8", "/morph 1 2 3 4 5 6"])
def test_telegram_takes_a_morph_of_any_length(catalog: Catalog, line: str) -> None:
    """Through one digit or six, the GIF is an animation."""
    picture = draw(catalog, drawing(line))
    width, height, _ = rules.check_animation(picture.data)
    assert (width, height) == (picture.width, picture.height)


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
def test_buttons_carry_the_whole_request(catalog: Catalog, line: str) -> None:
    """Each button under a picture fits into 64 bytes and is read as what it says, by any process."""
    asked = drawing(line)
    picture = draw(catalog, asked)
    markup = buttons.under(asked, picture).to_dict()
    rules.check_keyboard(markup)
    offered = offers(asked, picture)
    carried = [buttons.read(button["callback_data"]) for row in markup["inline_keyboard"] for button in row]
    assert carried == [offered.again, offered.originals, *offered.digits]


def test_a_request_that_is_too_long_has_no_button(catalog: Catalog) -> None:
    """Where every model is named the originals of that very seed do not fit; the other buttons are there."""
    asked = drawing(f"/compare 4 seed={MAX_SEED} neat=100 models={','.join(catalog.names)}")
    markup = buttons.under(asked, draw(catalog, asked)).to_dict()
    rules.check_keyboard(markup)
    labels = [[button["text"] for button in row] for row in markup["inline_keyboard"]]
    assert labels == [["Again"], list("01234"), list("56789")]


def test_buttons_are_written_out_where_there_is_room(catalog: Catalog) -> None:
    """Only a line that is too long is cut short: a version with more commands reads the others, too."""
    asked = drawing("/number 2026 style=ink")
    again = buttons.under(asked, draw(catalog, asked)).inline_keyboard[0][0]
    assert again.callback_data == "1d/number 2026 style=ink"


def test_inline_offers_have_a_seed_each() -> None:
    """What is offered for a digit or a number differs, what is offered for a seed is that one picture."""
    assert len({request.seed for request in inline.choices("4")}) == inline.OFFERED
    assert inline.choices("4 seed=7") == [StripRequest(4, seed=7)]
    assert len({request.seed for request in inline.choices("2026")}) == inline.OFFERED
    assert inline.choices("2026 seed=7") == [NumberRequest("2026", seed=7)]
    with pytest.raises(BadRequest):
        inline.choices("hello")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("4 3", StripRequest(4, count=3)),
        ("four", StripRequest(4)),
        ("", StripRequest(None)),
        ("10", NumberRequest("10")),
        ("12-24", NumberRequest("12-24")),
        ("٢٠ ٢٦", NumberRequest("20 26")),
        ("number 4", NumberRequest("4")),
        ("/Number 4", NumberRequest("4")),
        ("morph 3 8", MorphRequest((3, 8))),
        ("/mor 3 8", MorphRequest((3, 8))),
        ("compare 4", CompareRequest(4)),
        ("digit 4", StripRequest(4)),
    ],
)
def test_inline_reads_a_line_with_and_without_its_command(text: str, asked: DrawRequest) -> None:
    """A digit alone is a strip, more of them a number, and a command is one with its slash or without."""
    assert {replace(request, seed=None) for request in inline.choices(text)} == {asked}


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("4 seed=7", "digit_4"),
        ("random", "digit_random"),
        ("hello", "digit"),
        ("2026", "number_2026"),
        ("12 24", "number_12_24"),
        ("12:24", "number"),
        ("/morph 38", "morph_3_8"),
        ("compare 4", "compare_4"),
    ],
)
def test_inline_without_an_address_leads_to_the_private_chat(text: str, link: str) -> None:
    """The link into the private chat asks there for what was typed, as far as a link can say it."""
    assert inline.link(text) == link


@pytest.mark.parametrize(
    "public_url", ["https://a.org", "https://a.org/", "https://a.org/digits", "https://a.org/digits/"]
)
async def test_inline_keeps_to_the_public_address(catalog: Catalog, public_url: str) -> None:
    """Pictures are offered below the address that the operator has set, its path included."""
    service = DigitService(catalog, queue=1)
    (result,) = await inline.draw(service, "2026 seed=7", URL(public_url), Entry())
    await service.close()
    assert result.to_dict()["photo_url"] == f"{public_url.rstrip('/')}/number/2026.jpg?seed=7&model=cgan"


@pytest.mark.parametrize(("text", "short"), [("x" * 1024, True), ("x" * 1025, False), ("😀" * 513, False)])
def test_a_caption_is_as_long_as_telegram_counts(text: str, short: bool) -> None:
    """What would not fit under an image is said without it."""
    assert messages.is_caption(text) is short


def test_the_webhooks_secret_is_telegrams_alone() -> None:
    """It is one that Telegram takes, the same after a restart, another for another bot, and holds no token."""
    secret = webhook.secret(TOKEN)
    rules.check_webhook("https://bot.example/telegram", secret)
    assert secret == webhook.secret(TOKEN) != webhook.secret(TOKEN + "x")
    assert TOKEN.partition(":")[2] not in secret


async def test_nothing_is_confirmed_before_it_is_done() -> None:
    """Telegram is asked to forget an update only after its answer, and those before it; one that comes again waits."""
    gates = {number: asyncio.Event() for number in (1, 2, 3)}
    begun = []

    async def work(update: Update) -> None:
        begun.append(update.update_id)
        await gates[update.update_id].wait()

    inbox = Inbox(work, at_once=2)
    assert inbox.confirmed is None
    tasks = [inbox.take(Update(number)) for number in (1, 2, 3)]
    assert inbox.take(Update(1)) is tasks[0]
    gates[2].set()
    gates[3].set()
    await asyncio.wait(tasks[1:])
    assert inbox.confirmed == 1
    gates[1].set()
    await inbox.finish(within=30)
    assert inbox.confirmed == 4
    assert begun == [1, 2, 3]


async def test_the_inbox_does_not_grow() -> None:
    """After ten thousand updates only the newest are remembered."""

    async def work(_: Update) -> None:
        return

    inbox = Inbox(work, at_once=16)
    for number in range(10_000):
        await inbox.take(Update(number))
    assert REMEMBERED <= len(inbox._tasks) <= 2 * REMEMBERED
    assert inbox.confirmed == 10_000


async def test_work_that_does_not_end_is_given_up() -> None:
    """A stop does not wait for ever, and what it gives up on is not confirmed as done."""

    async def work(_: Update) -> None:
        await asyncio.Event().wait()

    inbox = Inbox(work, at_once=1)
    task = inbox.take(Update(5))
    await inbox.finish(within=0.01)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert inbox.confirmed == 5
    assert inbox.take(Update(5)) is not task
    await inbox.finish(within=0)


async def test_a_room_is_told_once_that_it_is_full() -> None:
    """Of twenty messages one is kept for the notice; other rooms have twenty of their own."""
    gates = Gates(Counters())
    refused = []
    for _ in range(40):
        try:
            await gates.message("telegram", -1, most=20)
        except RoomFull as error:
            refused.append(error)
    assert [error.first for error in refused] == [True] + 20 * [False]
    assert all(1 <= error.retry_after <= 60 for error in refused)
    await gates.message("telegram", -2, most=20)


@pytest.mark.parametrize("text", ["", "4 " * 2000, "\x00", json.dumps({"a": 1})])
def test_no_button_data_breaks_the_reader(text: str) -> None:
    """Data that no button of ours has is told apart, whatever it is."""
    with pytest.raises(BadRequest):
        buttons.read(text)
