"""Golden pictures: the same words and seed give the file that they gave before, byte for byte.

The bot runs as a process of its own with models of its own (`weights.py`). A picture that is meant to look
different is recorded anew by `python -m tests.golden`; a review then shows it in `small/`.
"""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from tests.bot.conftest import finished
from tests.golden.addresses import addresses
from tests.golden.record import (
    NEAR,
    SMALL,
    changes,
    difference,
    digests,
    encoders,
    fetch,
    golden_bot,
    path_of_small,
    read,
)
from tests.golden.weights import make

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = {
    "/digit 4 seed=7": "/digit/4.png?seed=7",
    "/digit random seed=2": "/digit/random.png?seed=2",
    "/digit 4 10 seed=7": "/digit/4.png?count=10&seed=7",
    "/d four se=7 st=t": "/digit/4.png?seed=7&style=transparent",
    "/number 2026-11-20 seed=7 style=ink": "/number/2026-11-20.png?seed=7&style=ink",
    "/number 24/12/2026 seed=7": "/number/24%2F12%2F2026.png?seed=7",
    "/morph 3 8 seed=7 neat=0": "/morph/3/8.gif?seed=7&neat=0",
    "/morph 2026 seed=7": "/morph/2/0/2/6.gif?seed=7",
    "/compare 4 seed=7 models=ribs": "/compare/4.png?seed=7&models=ribs",
    "/compare random seed=7": "/compare/random.png?seed=7",
}
"""Lines of a chat, and the addresses of the same pictures."""
ARGUMENTS = {
    "draw 4 --seed 7": "/digit/4.png?seed=7",
    "draw 0 --count 10 --seed 0 --originals zip": "/digit/0.zip?count=10&seed=0",
    "number 2026-11-20 --seed 7 --style blueprint": "/number/2026-11-20.png?seed=7&style=blueprint",
    "morph 3 8 --seed 7 --originals original": "/morph/3/8.png?seed=7&original=1",
    "compare 4 --seed 7 --neat 100": "/compare/4.png?seed=7&neat=100",
}
"""Commands of a terminal, and the addresses of the same pictures."""
RANDOM_FIVE = "/digit/random.png?seed=1"
"""A random digit that is a five."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a bot that draws with the models of the golden pictures."""
    async with golden_bot(tmp_path_factory.mktemp("golden") / "weights") as address:
        yield address


def check(address: str, file: bytes, folder: Path) -> None:
    """A file is the golden one; if not, say what differs and where to see it."""
    recorded, found = read(), digests(file)
    changed = changes(recorded["pictures"][address], found)
    if not changed:
        return
    most, path = difference(address, file, folder)
    if encoders() != recorded["encoders"]:
        # Other versions of Pillow and its libraries may write other bytes, and other letters over a comparison.
        assert "pixels" not in changed or most <= NEAR, f"{address} looks different by up to {most} of 255: see {path}"
        return
    what = f"looks different by up to {most} of 255: see {path}" if "pixels" in changed else "has other bytes"
    pytest.fail(f"{address} {what}; if that is meant, run `python -m tests.golden`")


@pytest.mark.parametrize("address", addresses())
async def test_an_address_has_the_picture_that_it_had(home: str, tmp_path: Path, address: str) -> None:
    """Each command, style, form and model over a few seeds: not one pixel or byte has changed."""
    async with aiohttp.ClientSession() as client:
        check(address, await fetch(client, home + address), tmp_path)


@pytest.mark.parametrize("line", LINES)
async def test_a_line_draws_the_picture_of_its_address(home: str, tmp_path: Path, line: str) -> None:
    """What somebody types into a chat gives the golden picture, in full words or brief ones."""
    async with aiohttp.ClientSession() as client, client.post(home + "/api/chat", json={"text": line}) as response:
        answer = await response.json()
    check(LINES[line], base64.b64decode(answer["image"].partition(",")[2]), tmp_path)


@pytest.mark.parametrize("arguments", ARGUMENTS)
async def test_a_terminal_draws_the_picture_of_its_address(tmp_path: Path, arguments: str) -> None:
    """`python -m bot draw` and its siblings write the golden picture to a file."""
    weights, path = make(tmp_path / "weights"), tmp_path / "picture"
    code, written = await finished(tmp_path, *arguments.split(), "--out", str(path), DIGIT_WEIGHTS=str(weights))
    assert code == 0, written
    check(ARGUMENTS[arguments], path.read_bytes(), tmp_path)


async def test_the_record_is_of_these_pictures() -> None:
    """Every golden picture has its digests and its small picture, and no other one has."""
    assert list(read()["pictures"]) == addresses()
    assert {path_of_small(address) for address in addresses()} == set(SMALL.iterdir())
    assert {*LINES.values(), *ARGUMENTS.values()} <= {*addresses()}


async def test_every_option_shows() -> None:
    """No command, style, form, model, seed or option is without effect."""
    pictures = read()["pictures"]
    shared = {address for address in pictures if [*pictures.values()].count(pictures[address]) > 1}
    named = {"/digit/4.png?seed=7", "/number/2026-11-20.png?seed=7", "/morph/3/8.gif?seed=7"}
    assert shared == {*named, *(f"{address}&model=blocks" for address in named), "/digit/5.png?seed=1", RANDOM_FIVE}


async def test_a_changed_picture_is_told_and_shown(home: str, tmp_path: Path) -> None:
    """A file of another seed fails with the place of a PNG: recorded, today, and the difference."""
    async with aiohttp.ClientSession() as client:
        file = await fetch(client, home + "/digit/4.png?seed=8")
    with pytest.raises((pytest.fail.Exception, AssertionError), match="looks different"):
        check("/digit/4.png?seed=7", file, tmp_path)
    (shown,) = tmp_path.iterdir()
    height, width = np.asarray(Image.open(path_of_small("/digit/4.png?seed=7"))).shape
    assert np.asarray(Image.open(shown)).shape == (3 * height, width)
