"""Offered pictures are drawn once, whoever fetches them."""

from dataclasses import replace

import pytest

from bot.conversation.offered import MAX_OFFERED, OfferedPictures
from core.catalog import Catalog
from core.pictures.base import Picture, draw
from core.pictures.strip import StripRequest

REQUEST = StripRequest(4, seed=0, model="cgan")
pytestmark = pytest.mark.asyncio


class Painter:
    """Draws a strip, and counts how often."""

    def __init__(self, catalog: Catalog) -> None:
        self._picture = draw(catalog, REQUEST)
        self.times = 0

    async def draw(self) -> Picture:
        """Hand out the strip."""
        self.times += 1
        return replace(self._picture)


async def test_an_offered_picture_is_drawn_once(catalog: Catalog) -> None:
    """Its thumbnail and the picture itself are one drawing."""
    offered, painter = OfferedPictures(), Painter(catalog)
    assert REQUEST not in offered
    offered.add(REQUEST)
    assert REQUEST in offered
    first = await offered.draw(REQUEST, painter.draw)
    assert first is await offered.draw(REQUEST, painter.draw)
    assert painter.times == 1


async def test_what_was_not_offered_is_drawn_each_time(catalog: Catalog) -> None:
    """Also where something else was; and a picture without a seed is a new one each time."""
    offered, painter = OfferedPictures(), Painter(catalog)
    offered.add(REQUEST)
    for request in (replace(REQUEST, seed=1), replace(REQUEST, seed=None)):
        assert request not in offered
        for _ in range(2):
            await offered.draw(request, painter.draw)
    assert painter.times == 4


async def test_the_newest_are_remembered(catalog: Catalog) -> None:
    """As many as fit, whether they have been drawn or not."""
    offered, painter = OfferedPictures(), Painter(catalog)
    requests = [replace(REQUEST, seed=seed) for seed in range(MAX_OFFERED + 1)]
    for request in requests:
        offered.add(request)
    assert requests[0] not in offered
    assert all(request in offered for request in requests[1:])
    offered.add(requests[0])
    await offered.draw(requests[0], painter.draw)
    assert requests[1] not in offered


async def test_a_picture_that_is_forgotten_while_it_is_drawn_stays_so(catalog: Catalog) -> None:
    """It takes no place beyond those that there are."""
    offered, painter = OfferedPictures(), Painter(catalog)
    offered.add(REQUEST)

    async def slowly() -> Picture:
        for seed in range(1, MAX_OFFERED + 1):
            offered.add(replace(REQUEST, seed=seed))
        return await painter.draw()

    assert (await offered.draw(REQUEST, slowly)).seed == 0
    assert REQUEST not in offered
