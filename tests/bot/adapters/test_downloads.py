"""Downloads of photos that fail, are slow, or never end."""

import pytest

from bot.adapters import downloads
from bot.conversation.photos import MAX_PHOTOS
from core.catalog import Catalog
from core.hand_service import HandService
from core.handwriting import HandReader
from core.service import DigitService
from tests.bot.adapters.discord.in_process import drawing_with
from tests.bot.adapters.telegram.conftest import in_process
from tests.bot.hands import FOUR
from tests.fakes.telegram_server import Telegram


async def test_a_slow_photo_is_given_up(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a sentence; the next photo is read."""
    monkeypatch.setattr(downloads, "MAX_SECONDS", 0.2)
    reader = HandReader.of(catalog)
    assert reader is not None
    hands = HandService(reader)
    async with drawing_with(DigitService(catalog, queue=10), hands=hands) as server:
        server.files.fault = "slow"
        assert "did not arrive" in (await server.ask_hand(server.attach(FOUR))).text
        monkeypatch.undo()
        server.files.fault = ""
        assert (await server.ask_hand(server.attach(FOUR))).text.startswith("I read 4")
    await hands.close()


NOT_RECEIVED = "did not arrive"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("gone", NOT_RECEIVED),
        ("cut", NOT_RECEIVED),
        ("moved", NOT_RECEIVED),
        ("slow", NOT_RECEIVED),
        ("endless", "up to 12 MB"),
    ],
)
async def test_a_download_is_bounded(new_telegram: Telegram, fault: str, sentence: str) -> None:
    """One that fails, is cut, leads elsewhere, is slow or never ends is a sentence; the next photo is read."""
    telegram = new_telegram
    with pytest.MonkeyPatch.context() as patch:
        async with in_process(telegram):
            telegram.files.fault = fault
            patch.setattr(downloads, "MAX_SECONDS", 0.2 if fault == "slow" else 10.0)
            await telegram.show(FOUR)
            assert sentence in (await telegram.next("sendMessage"))["text"]
            patch.undo()
            telegram.files.fault = ""
            await telegram.show(FOUR)
            assert (await telegram.next("sendPhoto"))["caption"].startswith("I read 4")
    assert len(telegram.files.served) == 2


async def test_slow_photos_hold_up_nobody(new_telegram: Telegram) -> None:
    """While the photos of many people arrive slowly, some are refused, and somebody gets a strip."""
    telegram = new_telegram
    telegram.files.fault = "slow"
    async with in_process(telegram):
        for person in range(20):
            await telegram.show(FOUR, user=100 + person)
        await telegram.until(lambda: len(telegram.files.served) == MAX_PHOTOS)
        await telegram.say("/digit 4")
        assert (await telegram.next("sendPhoto"))["caption"].startswith("5 × 4")
        busy = [call["text"] for call in telegram.done("sendMessage")]
        assert len(busy) == 20 - MAX_PHOTOS
        assert all("busy" in text for text in busy)
        telegram.files.fault = ""
        telegram.files.release.set()
        await telegram.next("sendMessage", after=19)
    assert len(telegram.files.served) == MAX_PHOTOS
