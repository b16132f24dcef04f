"""The record of golden pictures: digests as JSON, and each picture in small, to show how another one differs.

`python -m tests.golden` writes it anew.
"""

import hashlib
import io
import json
import platform
import re
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from numpy.typing import NDArray
from PIL import Image, features

from tests.bot.conftest import running
from tests.golden.addresses import addresses
from tests.golden.weights import make

HERE = Path(__file__).resolve().parent
DIGESTS = HERE / "pictures.json"
SMALL = HERE / "small"
"""A greyscale PNG of each picture, a sixth as wide and as high."""
SHRINK = 6
SHOWN = 4
"""Frames of an animation that are kept in small."""
NEAR = 2
"""Grey levels by which another encoder or font rasteriser may change a small picture."""

Pixels = NDArray[np.uint8]


@asynccontextmanager
async def golden_bot(folder: Path) -> AsyncIterator[str]:
    """Start the bot with the models of the golden pictures; yields its address."""
    async with running(DIGIT_WEIGHTS=str(make(folder)), DIGIT_ADDRESS_LIMIT="0") as bot:
        yield bot.address


async def fetch(client: aiohttp.ClientSession, url: str) -> bytes:
    """Fetch a file that has to be there.

    Raises:
        AssertionError: the status is not 200.
    """
    async with client.get(url) as response:
        content = await response.read()
        assert response.status == 200, content
        return content


def encoders() -> dict[str, str]:
    """Return what decides the bytes of a file beside its pixels."""
    found = {
        "pillow": features.version_module("pil"),
        "zlib": features.version_codec("zlib"),
        "zlib_ng": features.version_feature("zlib_ng"),
        "libjpeg_turbo": features.version_feature("libjpeg_turbo"),
        "freetype": features.version_module("freetype2"),
    }
    return {name: str(version) for name, version in found.items()} | {"machine": platform.machine()}


def read() -> dict[str, Any]:
    """Read the digests."""
    recorded: dict[str, Any] = json.loads(DIGESTS.read_text(encoding="utf-8"))
    return recorded


def digests(file: bytes) -> dict[str, str]:
    """Return the digests of a file: of its bytes, and of all that is seen when it is decoded."""
    seen = hashlib.sha256()
    for label, image in _images(file):
        seen.update(f"{label} {image.size}".encode())
        seen.update(image.convert("RGBA").tobytes())
    return {"bytes": hashlib.sha256(file).hexdigest()[:32], "pixels": seen.hexdigest()[:32]}


def small(file: bytes) -> Pixels:
    """Return a file's picture in small: uint8 (H, W), of an animation or an archive some of it side by side."""
    images = [image for _, image in _images(file)]
    images = images[:: max(1, len(images) // SHOWN)]
    shrunk = []
    for image in images:
        grey = image.convert("RGBA")
        # Transparent pixels are seen as they are on grey.
        page = Image.new("RGBA", grey.size, (128, 128, 128, 255))
        page.alpha_composite(grey)
        size = (page.width // SHRINK, page.height // SHRINK) if page.height > 2 * SHRINK * SHRINK else page.size
        shrunk.append(np.asarray(page.convert("L").resize(size, Image.Resampling.BOX)))
    return np.hstack(shrunk)


def path_of_small(address: str) -> Path:
    """Return where the small picture of an address is kept."""
    return SMALL / (re.sub(r"[^\w.,=+-]+", "_", address.replace("%2F", "~")).strip("_") + ".png")


def difference(address: str, file: bytes, folder: Path) -> tuple[int, Path]:
    """Compare a file with its small picture.

    Returns:
        The largest difference in grey levels, and a PNG in `folder` with the recorded picture, the one of today, and
        the difference between them, one above the other.
    """
    recorded, today = np.asarray(Image.open(path_of_small(address))), small(file)
    height, width = (max(sides) for sides in zip(recorded.shape, today.shape, strict=True))
    pages = [np.zeros((height, width), np.int16) for _ in range(2)]
    for page, pixels in zip(pages, (recorded, today), strict=True):
        page[: pixels.shape[0], : pixels.shape[1]] = pixels
    apart = np.abs(pages[0] - pages[1])
    path = folder / path_of_small(address).name
    Image.fromarray(np.vstack([*pages, apart]).astype(np.uint8)).save(path)
    return (int(apart.max()) if recorded.shape == today.shape else 255), path


async def write(folder: Path) -> int:
    """Draw every golden picture and write the record; returns how many there are."""
    async with golden_bot(folder) as home, aiohttp.ClientSession() as client:
        files = {address: await fetch(client, home + address) for address in addresses()}
    SMALL.mkdir(exist_ok=True)
    for path in SMALL.glob("*.png"):
        path.unlink()
    for address, file in files.items():
        Image.fromarray(small(file)).save(path_of_small(address), optimize=True)
    assert len(list(SMALL.glob("*.png"))) == len(files)
    record = {"encoders": encoders(), "pictures": {address: digests(file) for address, file in files.items()}}
    DIGESTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return len(files)


def changes(recorded: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Return which digests differ."""
    return [name for name in recorded if recorded[name] != found[name]]


def _images(file: bytes) -> Iterator[tuple[str, Image.Image]]:
    """Each image of a file, with what else is to be seen of it: how long it is shown, how it is named."""
    if file.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            labels = archive.read("labels.csv").decode()
            for name in archive.namelist():
                if name.endswith(".png"):
                    yield f"{name} {labels}", Image.open(io.BytesIO(archive.read(name)))
        return
    image = Image.open(io.BytesIO(file))
    for frame in range(getattr(image, "n_frames", 1)):
        image.seek(frame)
        yield f"{image.format} {image.info.get('duration')} {image.info.get('loop')}", image.copy()
