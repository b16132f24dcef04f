"""Photos read off the event loop: two at a time, while strips are drawn."""

import asyncio
import threading

import pytest

from core.catalog import Catalog
from core.errors import Closed, Flaw, InvalidPhoto, Overloaded
from core.hand_service import QUEUE, WORKERS, HandService
from core.handwriting import HandReader, Handwriting
from core.pictures.strip import StripRequest
from core.service import DigitService
from tests.waiting import until


class GatedReader(HandReader):
    """A reader that reads only while its gate is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.reading = self.most = 0

    def read(self, photo: bytes) -> Handwriting:
        """Wait for the gate, then read nothing; `bad` is a bad photo."""
        with self.lock:
            self.reading += 1
            self.most = max(self.most, self.reading)
        self.gate.wait(timeout=30)
        with self.lock:
            self.reading -= 1
        if photo == b"bad":
            raise InvalidPhoto(Flaw.FORMAT)
        return Handwriting()


async def test_two_photos_are_read_at_a_time_while_strips_are_drawn(catalog: Catalog) -> None:
    """However many are waiting, no third is decoded, and a strip does not wait for them."""
    reader = GatedReader()
    service, drawing = HandService(reader), DigitService(catalog, 4)
    photos = [asyncio.ensure_future(service.read(b"photo")) for _ in range(5)]
    await until(lambda: reader.reading == WORKERS)
    assert (await drawing.draw(StripRequest(4, seed=7))).seed == 7
    assert not any(photo.done() for photo in photos)
    reader.gate.set()
    assert await asyncio.gather(*photos) == [Handwriting()] * 5
    assert reader.most == WORKERS
    await service.close()
    await drawing.close()


async def test_a_full_queue_refuses_at_once() -> None:
    """One photo more than may wait gets an error with the seconds after which to ask again, even before a download."""
    reader = GatedReader()
    service = HandService(reader)
    photos = [asyncio.ensure_future(service.read(b"photo")) for _ in range(QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as caught:
        service.check()
    assert caught.value.retry_after >= 1
    with pytest.raises(Overloaded):
        await service.read(b"photo")
    reader.gate.set()
    await asyncio.gather(*photos)
    service.check()
    await service.close()


async def test_a_bad_photo_is_its_senders_alone() -> None:
    """Its error comes back to the one who sent it, and the place in the queue is free again."""
    reader = GatedReader()
    reader.gate.set()
    service = HandService(reader)
    for _ in range(QUEUE + 1):
        with pytest.raises(InvalidPhoto):
            await service.read(b"bad")
    assert await service.read(b"photo") == Handwriting()
    await service.close()


async def test_a_sender_that_goes_away_takes_no_place_along() -> None:
    """What was begun is finished, nothing is logged about it, and closing waits for it."""
    reader = GatedReader()
    service = HandService(reader)
    photos = [asyncio.ensure_future(service.read(b"bad")) for _ in range(QUEUE)]
    await until(lambda: reader.reading == WORKERS)
    for photo in photos:
        photo.cancel()
    await asyncio.gather(*photos, return_exceptions=True)
    with pytest.raises(Overloaded):
        service.check()
    closing = asyncio.ensure_future(service.close())
    await asyncio.sleep(0)
    with pytest.raises(Closed):
        service.check()
    assert not closing.done()
    reader.gate.set()
    await closing
    assert reader.reading == 0
