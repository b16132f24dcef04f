"""The service's books: how long a picture takes, who waits, and what becomes of those who go away."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from core import service as core_service
from core.errors import Overloaded
from core.pictures.strip import StripRequest
from core.service import DigitService
from tests.conftest import WEIGHTS
from tests.fakes.generators import GatedGenerator, serving
from tests.fakes.recording import RecordingGenerator, catalog_of

DRAW_MUCH = """
import sys
from pathlib import Path
import numpy as np
from core.generator import Generator

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])

generator = Generator.load(Path(sys.argv[1]))
latents, digits = np.zeros((1500, generator.latent_dim), np.float32), np.eye(10, dtype=np.float32)[[4] * 1500]
generator.draw(latents[:10], digits[:10])
before = resident()
generator.draw(latents, digits)
print(resident() - before)
"""


@dataclass
class Clock:
    """A clock that goes only where a picture is drawn.

    Attributes:
        now: seconds.
        picture: seconds that the next picture takes.
    """

    now: float = 1000.0
    picture: float = 1.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which the service measures."""
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(core_service, "FIRST_PACE_SECONDS", 0.0)
    return clock


@pytest.fixture
def gated() -> Iterator[GatedGenerator]:
    """A generator that is stopped until the test opens it."""
    generator = GatedGenerator()
    yield generator
    generator.gate.set()


class SlowGenerator(RecordingGenerator):
    """A generator whose pictures take as long as the clock says; while closed, none is finished."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.open = threading.Event()
        self.open.set()

    def draw(self, latents: np.ndarray, digits: np.ndarray, spread: float = 1.0) -> np.ndarray:
        """Let the time go by that a picture takes."""
        assert self.open.wait(timeout=30)
        self._clock.now += self._clock.picture
        return super().draw(latents, digits, spread)


async def refused_at(service: DigitService, generator: SlowGenerator) -> tuple[int, int]:
    """How many requests are accepted one on top of the other, and in how many seconds the next one may come back."""
    generator.open.clear()
    accepted: list[asyncio.Task[object]] = []
    try:
        while True:
            task = asyncio.create_task(service.draw(StripRequest(4)))
            await asyncio.sleep(0)
            if task.done():
                error = task.exception()
                assert isinstance(error, Overloaded)
                return len(accepted), error.retry_after
            accepted.append(task)
    finally:
        generator.open.set()
        await asyncio.gather(*accepted)


async def test_one_slow_picture_turns_nobody_away(clock: Clock) -> None:
    """After a picture of ten seconds among quick ones, a second still has to be expected, and three may wait."""
    generator = SlowGenerator(clock)
    service = DigitService(catalog_of(generator), queue=100)
    clock.picture = 10.0
    await service.draw(StripRequest(4))
    clock.picture = 0.0
    # A tenth of ten seconds: the third request has two before it, and the fourth three, which is too long.
    assert await refused_at(service, generator) == (3, 3)
    await service.close()


async def test_a_machine_that_has_become_slow_is_known_after_a_while(clock: Clock) -> None:
    """Where pictures take two seconds for good, a second request is accepted and a third one is not."""
    generator = SlowGenerator(clock)
    service = DigitService(catalog_of(generator), queue=100)
    clock.picture = 2.0
    for _ in range(50):
        await service.draw(StripRequest(4))
    assert await refused_at(service, generator) == (2, 4)
    clock.picture = 0.0
    for _ in range(100):
        await service.draw(StripRequest(4))
    assert await refused_at(service, generator) == (100, 1)
    await service.close()


async def test_a_wait_of_just_what_somebody_bears_is_borne(clock: Clock) -> None:
    """Who waits for two seconds is accepted where two are to be expected."""
    generator = SlowGenerator(clock)
    service = DigitService(catalog_of(generator), queue=100)
    clock.picture = 20.0
    await service.draw(StripRequest(4))
    generator.open.clear()
    first = asyncio.create_task(service.draw(StripRequest(4)))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as caught:
        await service.draw(StripRequest(4), max_wait_seconds=1.9)
    assert caught.value.retry_after == 2
    second = asyncio.create_task(service.draw(StripRequest(4), max_wait_seconds=2.0))
    await asyncio.sleep(0)
    assert service.pending == 2
    generator.open.set()
    assert len(await asyncio.gather(first, second)) == 2
    await service.close()


async def test_waiting_and_drawing_are_told_apart(clock: Clock) -> None:
    """The first of two pictures waits for nothing and takes three seconds; the second waits for those three."""
    seen: list[tuple[float, float]] = []
    generator = SlowGenerator(clock)
    service = DigitService(catalog_of(generator), 10, lambda waited, drawing: seen.append((waited, drawing)))
    clock.picture = 3.0
    generator.open.clear()
    both = [asyncio.create_task(service.draw(StripRequest(4))) for _ in range(2)]
    await asyncio.sleep(0)
    generator.open.set()
    await asyncio.gather(*both)
    assert seen == [(0.0, 3.0), (3.0, 3.0)]
    await service.close()


async def test_a_picture_that_nobody_waits_for_still_keeps_its_place(gated: GatedGenerator) -> None:
    """While a picture is drawn whose caller has gone, the machine is as busy as before: a full queue stays full."""
    service = serving(gated, queue=1)
    gone = asyncio.create_task(service.draw(StripRequest(4)))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    await asyncio.sleep(0)
    assert service.pending == 1
    with pytest.raises(Overloaded):
        await service.draw(StripRequest(4))
    closing = asyncio.create_task(service.close())
    await asyncio.sleep(0)
    assert not closing.done()
    gated.gate.set()
    await closing
    assert (gated.drawn, service.pending) == (1, 0)


async def test_a_drawing_that_fails_gives_its_place_back() -> None:
    """An error of the model reaches the one who asked, and the next one is served."""
    service = DigitService(catalog_of(RecordingGenerator(lambda *_: np.zeros((1, 5, 5), np.uint8)[1:])), queue=1)
    with pytest.raises((ValueError, IndexError)):
        await service.draw(StripRequest(4))
    assert service.pending == 0
    await service.close()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells how much memory a process has")
def test_a_large_batch_leaves_no_memory_behind() -> None:
    """After 1,500 images at once a process is about as small as before: the runtime keeps no arena."""
    command = [sys.executable, "-c", DRAW_MUCH, str(WEIGHTS / "cgan.onnx")]
    done = subprocess.run(command, cwd=WEIGHTS.parent, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 80_000  # KB; an arena keeps twice as much
