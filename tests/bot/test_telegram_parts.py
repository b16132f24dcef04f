"""The Telegram adapter's parts: what a button carries, what inline mode offers, and when an update is done."""

import asyncio
import json

import pytest
from telegram import Update

from bot.adapters.telegram_app import buttons, inline, webhook
from bot.adapters.telegram_app.buttons import Action
from bot.adapters.telegram_app.updates import REMEMBERED, Inbox
from bot.cooldown import Allowance, RoomFull
from core.catalog import Catalog
from core.errors import BadRequest
from core.noise import MAX_SEED
from core.requests import StripRequest
from core.service import draw
from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_server import TOKEN


@pytest.mark.parametrize("images", range(1, 11))
def test_telegram_takes_a_strip_of_any_length(catalog: Catalog, images: int) -> None:
    """One image or ten, the strip keeps to Telegram's limits for a photo."""
    picture = draw(catalog, StripRequest(4, count=images, seed=7))
    assert rules.check_photo(picture.data) == (picture.width, picture.height)


@pytest.mark.parametrize("digit", [None, 4])
@pytest.mark.parametrize("seed", [None, MAX_SEED])
@pytest.mark.parametrize("model", [None, "cgan"])
def test_buttons_carry_the_whole_request(
    catalog: Catalog, digit: int | None, seed: int | None, model: str | None
) -> None:
    """Each button under a strip fits into 64 bytes and is read as what it says, by any process."""
    asked = StripRequest(digit, count=10, seed=seed, model=model)
    picture = draw(catalog, asked)
    markup = buttons.under(asked, picture).to_dict()
    rules.check_keyboard(markup)
    keyboard = markup["inline_keyboard"]
    (again, originals), *rows = [[buttons.read(button["callback_data"]) for button in row] for row in keyboard]
    assert again == (Action.DRAW, StripRequest(digit, count=10, model=model))
    assert originals[0] is Action.ORIGINAL
    assert originals[1] == StripRequest(picture.digits[0], 10, picture.seed, picture.model, original=True)
    digits = [StripRequest(digit, count=10, model=model) for digit in range(10)]
    assert [request for row in rows for _, request in row] == digits


def test_inline_offers_have_a_seed_each() -> None:
    """What is offered for a digit differs, what is offered for a seed is that one strip."""
    assert len({request.seed for request in inline.choices("4")}) == inline.OFFERED
    assert inline.choices("4 seed=7") == [StripRequest(4, seed=7)]
    assert [request.digit for request in inline.choices("2026")] == [2, 0, 6]
    assert inline.choices("2026 seed=7") == [StripRequest(digit, seed=7) for digit in (2, 0, 6)]
    with pytest.raises(BadRequest):
        inline.choices("hello")


@pytest.mark.parametrize(("text", "link"), [("4 seed=7", "digit_4"), ("random", "digit_random"), ("hello", "digit")])
def test_inline_without_an_address_leads_to_the_private_chat(text: str, link: str) -> None:
    """The link into the private chat asks there for the digit that was typed."""
    assert inline.link(text) == link


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
    allowance = Allowance(20)
    refused = []
    for _ in range(40):
        try:
            await allowance.take(-1)
        except RoomFull as error:
            refused.append(error)
    assert [error.first for error in refused] == [True] + 20 * [False]
    assert all(1 <= error.retry_after <= 60 for error in refused)
    await allowance.take(-2)


@pytest.mark.parametrize("text", ["", "4 " * 2000, "\x00", json.dumps({"a": 1})])
def test_no_button_data_breaks_the_reader(text: str) -> None:
    """Data that no button of ours has is told apart, whatever it is."""
    with pytest.raises(BadRequest):
        buttons.read(text)
