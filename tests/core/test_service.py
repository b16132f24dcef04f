"""The service: same seed, same bytes; never more waiting than it can serve; nothing accepted is lost."""

import asyncio
from collections.abc import Iterator

import pytest

from core.catalog import Catalog
from core.errors import Closed, Overloaded, UnknownModel
from core.pictures.base import PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from core.service import DigitService
from tests.fakes.generators import GatedGenerator, serving
from tests.waiting import until


@pytest.fixture
def gated() -> Iterator[GatedGenerator]:
    """A generator that is stopped until the test opens it."""
    generator = GatedGenerator()
    yield generator
    generator.gate.set()


def test_a_seed_gives_the_same_bytes_each_time(catalog: Catalog) -> None:
    """The same request with a seed is the same file, byte for byte."""
    assert draw(catalog, StripRequest(4, seed=7)) == draw(catalog, StripRequest(4, seed=7))


def test_without_a_seed_each_strip_is_new(catalog: Catalog) -> None:
    """Ten requests without a seed are ten pictures with ten seeds, each of which repeats its picture."""
    pictures = [draw(catalog, StripRequest(4)) for _ in range(10)]
    assert len({picture.data for picture in pictures}) == len({picture.seed for picture in pictures}) == 10
    assert draw(catalog, StripRequest(4, seed=pictures[0].seed)) == pictures[0]


def test_a_random_digit_is_told_and_can_be_asked_for_again(catalog: Catalog) -> None:
    """A strip of a random digit is the strip that naming that digit with its seed gives."""
    picture = draw(catalog, StripRequest(None))
    assert picture == draw(catalog, StripRequest(picture.request.digits[0], seed=picture.seed))


def test_a_picture_says_what_it_is(catalog: Catalog) -> None:
    """What was asked for and the title come with the bytes, for caption and alt text."""
    picture = draw(catalog, StripRequest(8, count=3, seed=1, model="cgan"))
    assert picture.request == StripRequest(8, count=3, seed=1, model="cgan")
    assert picture.titles == (catalog.find("cgan").title,)
    assert 1_000 < len(picture.data) < 40_000


async def test_many_at_once_are_all_drawn(catalog: Catalog) -> None:
    """A hundred concurrent requests give a hundred right answers, each to its own asker."""
    service = DigitService(catalog, queue=100)
    pictures = await asyncio.gather(*(service.draw(StripRequest(i % 10, seed=i), 600) for i in range(100)))
    assert [(picture.request.digits[0], picture.seed) for picture in pictures] == [(i % 10, i) for i in range(100)]
    assert service.pending == 0
    await service.close()


async def test_a_full_queue_says_so_at_once(gated: GatedGenerator) -> None:
    """One request more than the queue holds is refused with a time to come back, and takes no one's place."""
    service = serving(gated, queue=3)
    accepted = [asyncio.create_task(service.draw(StripRequest(4))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as caught:
        await service.draw(StripRequest(4))
    assert caught.value.retry_after >= 1
    gated.gate.set()
    assert len(await asyncio.gather(*accepted)) == 3
    assert await service.draw(StripRequest(4))
    await service.close()


async def test_a_slow_machine_promises_no_late_answer(gated: GatedGenerator) -> None:
    """Where a picture takes a second, the fourth in line is refused: its answer would come too late."""
    service = serving(gated, queue=100)
    service._pace_seconds = 1.0
    accepted = [asyncio.create_task(service.draw(StripRequest(4))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as caught:
        await service.draw(StripRequest(4))
    assert caught.value.retry_after == 3
    gated.gate.set()
    await asyncio.gather(*accepted)
    await service.close()


async def test_who_has_patience_may_wait(gated: GatedGenerator) -> None:
    """Where a picture takes a second, somebody who can wait for ten is accepted as the fourth in line."""
    service = serving(gated, queue=100)
    service._pace_seconds = 1.0
    accepted = [asyncio.create_task(service.draw(StripRequest(4), max_wait_seconds=10)) for _ in range(4)]
    await asyncio.sleep(0)
    assert service.pending == 4
    gated.gate.set()
    assert len(await asyncio.gather(*accepted)) == 4
    await service.close()


async def test_closing_draws_what_was_accepted(gated: GatedGenerator) -> None:
    """A stop finishes the requests in the queue and refuses new ones."""
    service = serving(gated, queue=10)
    accepted = [asyncio.create_task(service.draw(StripRequest(4))) for _ in range(5)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(service.close())
    await asyncio.sleep(0)
    with pytest.raises(Closed):
        await service.draw(StripRequest(4))
    gated.gate.set()
    await closing
    assert len(await asyncio.gather(*accepted)) == gated.drawn == 5


async def test_a_caller_that_goes_away_harms_nobody(gated: GatedGenerator) -> None:
    """A cancelled request gives its place back once it is drawn, and the others are answered."""
    service = serving(gated, queue=2)
    gone, stays = (asyncio.create_task(service.draw(StripRequest(digit))) for digit in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    gated.gate.set()
    assert (await stays).request.digits[0] == 2
    await service.close()
    assert service.pending == 0


async def test_an_unknown_model_costs_no_place(gated: GatedGenerator) -> None:
    """A request that cannot be drawn is refused before it waits."""
    service = serving(gated, queue=1)
    with pytest.raises(UnknownModel):
        await service.draw(StripRequest(4, model="gpt"))
    assert service.pending == 0
    gated.gate.set()
    await service.close()


async def test_somebody_elsewhere_is_next(gated: GatedGenerator) -> None:
    """Behind one person's twenty morphs, another one's strip comes right after the morph that is being drawn."""
    service, order = serving(gated, queue=100), []

    async def ask(request: PictureRequest, person: str) -> None:
        await service.draw(request, 600, ("web", person))
        order.append(person)

    crowd = [asyncio.create_task(ask(MorphRequest((3, 8)), "crowd")) for _ in range(20)]
    await until(lambda: service.pending == 20)
    strip = asyncio.create_task(ask(StripRequest(4), "somebody"))
    await until(lambda: service.pending == 21)
    gated.gate.set()
    await asyncio.gather(strip, *crowd)
    assert order.index("somebody") <= 1
    await service.close()


async def test_the_wait_is_that_for_what_is_asked(gated: GatedGenerator) -> None:
    """Where a strip takes 0.1 s, a second morph would wait for 1.5 s and is refused who waits for one; a strip is not.

    Somebody elsewhere is not refused either: their strip waits for one morph at most.
    """
    service = serving(gated, queue=100)
    service._pace_seconds = 0.1
    asked = [asyncio.create_task(service.draw(MorphRequest((3, 8)), flow=("web", "one")))]
    asked.append(asyncio.create_task(service.draw(StripRequest(4), flow=("web", "one"))))
    await until(lambda: service.pending == 2)
    with pytest.raises(Overloaded) as caught:
        await service.draw(MorphRequest((3, 8)), max_wait_seconds=1, flow=("web", "one"))
    assert caught.value.retry_after == 2
    asked.append(asyncio.create_task(service.draw(StripRequest(4), max_wait_seconds=2, flow=("web", "other"))))
    await until(lambda: service.pending == 3)
    gated.gate.set()
    await asyncio.gather(*asked)
    await service.close()


async def test_nobody_waits_longer_than_promised(gated: GatedGenerator) -> None:
    """A request that was accepted and has waited as long as it may is refused then, and never drawn."""
    service = serving(gated, queue=100)
    drawn = asyncio.create_task(service.draw(StripRequest(4)))
    await until(lambda: service._drawn)
    with pytest.raises(Overloaded) as caught:
        await service.draw(StripRequest(4), max_wait_seconds=0.02)
    assert caught.value.retry_after >= 1
    assert service.pending == 1
    gated.gate.set()
    await drawn
    await service.close()
    assert gated.drawn == 1


async def test_a_full_queue_takes_from_the_one_who_has_most(gated: GatedGenerator) -> None:
    """One address that fills the queue loses its last place to somebody else, and no more than that."""
    service = serving(gated, queue=5)
    crowd = [asyncio.create_task(service.draw(StripRequest(4), flow=("web", "crowd"))) for _ in range(5)]
    await until(lambda: service._drawn and service.pending == 5)
    with pytest.raises(Overloaded):
        await service.draw(StripRequest(4), flow=("web", "crowd"))
    service.check(StripRequest(4), flow=("telegram", "somebody"))
    somebody = asyncio.create_task(service.draw(StripRequest(4), flow=("telegram", "somebody")))
    with pytest.raises(Overloaded):
        await crowd[-1]
    assert service.pending == 5
    gated.gate.set()
    assert len(await asyncio.gather(somebody, *crowd[:-1])) == 5
    await service.close()


async def test_what_nobody_waits_for_is_not_drawn(gated: GatedGenerator) -> None:
    """Of ten requests whose callers go away, the one that is being drawn is drawn, and the others give way."""
    service = serving(gated, queue=10)
    gone = [asyncio.create_task(service.draw(StripRequest(4))) for _ in range(10)]
    await until(lambda: service._drawn and service.pending == 10)
    for task in gone:
        task.cancel()
    await asyncio.wait(gone)
    assert service.pending == 1
    stays = asyncio.create_task(service.draw(StripRequest(4)))
    gated.gate.set()
    assert (await stays).request.digits[0] == 4
    await service.close()
    assert gated.drawn == 2


async def test_at_a_stop_what_cannot_be_drawn_in_time_is_refused(gated: GatedGenerator) -> None:
    """After the grace time those that still wait are refused, and the one that is being drawn gets its picture."""
    service = serving(gated, queue=10)
    drawn, *waiting = (asyncio.create_task(service.draw(StripRequest(4))) for _ in range(5))
    await until(lambda: service._drawn and service.pending == 5)
    await service.drain(0.02)
    for task in waiting:
        with pytest.raises(Closed):
            await task
    with pytest.raises(Closed):
        await service.draw(StripRequest(4))
    gated.gate.set()
    assert await drawn
    await service.close()
    assert gated.drawn == 1


async def test_at_a_stop_what_can_be_drawn_in_time_is_drawn(gated: GatedGenerator) -> None:
    """The grace time ends as soon as all is drawn; what an adapter had accepted and brings meanwhile is drawn, too."""
    service = serving(gated, queue=10)
    accepted = [asyncio.create_task(service.draw(StripRequest(4))) for _ in range(5)]
    await until(lambda: service.pending == 5)
    draining = asyncio.create_task(service.drain(600))
    await until(lambda: service.draining)
    accepted.append(asyncio.create_task(service.draw(StripRequest(4))))
    await until(lambda: service.pending == 6)
    gated.gate.set()
    await draining
    assert len(await asyncio.gather(*accepted)) == gated.drawn == 6
    await service.close()


@pytest.mark.parametrize(
    ("light", "heavy"),
    [
        (StripRequest(4, count=1), StripRequest(4)),
        (StripRequest(4), StripRequest(4, count=10)),
        (StripRequest(4), NumberRequest("2026")),
        (NumberRequest("2026"), CompareRequest(4)),
        (CompareRequest(4, ("cgan",)), CompareRequest(4)),
        (CompareRequest(4), MorphRequest((3,))),
        (MorphRequest((3, 8)), MorphRequest((3, 8, 1, 7, 2, 9))),
    ],
)
def test_a_kind_of_picture_costs_what_it_takes(catalog: Catalog, light: PictureRequest, heavy: PictureRequest) -> None:
    """A strip of five costs 1, and what takes longer costs more."""
    service = DigitService(catalog, queue=1)
    assert service.cost(StripRequest(9)) == 1
    assert 0 < service.cost(light) < service.cost(heavy)
