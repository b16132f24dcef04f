"""Photos and drawings over HTTP: an image, and what was read in it."""

import asyncio
import base64
import gzip
import io
import re
from pathlib import Path

import aiohttp
import numpy as np
import pytest
from aiohttp import ClientResponse
from PIL import Image
from structlog.testing import capture_logs

from bot.adapters import web_requests
from bot.adapters.web.wording import HAND_SCRIPT_WORDS, HAND_WORDS
from bot.conversation.photos import PHOTO_COST
from core.catalog import Catalog
from core.hand import shares
from core.imaging.photo import MAX_BYTES
from core.latents import MAX_SEED
from tests.bot.adapters.web.conftest import HOSTILE, Client, asked, say, sentence, serving
from tests.bot.conftest import running
from tests.core.imaging.test_scanning import drawn, file_of, text
from tests.golden.weights import make

FOUR = file_of(drawn(4, 14))
EMPTY = file_of(np.full((300, 400), 255, np.uint8))
MAX_GROWTH_MB = 40
FOREIGN = {"Origin": "https://evil.example"}


async def post(client: Client, photo: bytes, path: str = "/api/hand", **headers: str) -> ClientResponse:
    """Send an image as a page does."""
    return await client.post(path, data=io.BytesIO(photo), headers={"Content-Type": "image/png"} | headers)


def converted(kind: str) -> bytes:
    """Return the 4 as a file of another format."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(FOUR)).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_photo_is_read(client: Client, kind: str) -> None:
    """The answer has the digit, how sure the bot is, the hand as a token and a sentence: those fields and no other."""
    response = await post(client, converted(kind), **{"Content-Type": f"image/{kind.lower()}"})
    body = await response.json()
    assert body.keys() == {"digits", "hand", "text"}
    ((digit, confidence),) = [entry.values() for entry in body["digits"]]
    assert digit == 4
    assert 0.9 < confidence <= 1
    assert body["text"].startswith("I read 4 (")
    picture = await say(client, f"/digit 4 seed=7 hand={body['hand']}")
    assert picture["command"].endswith(f"hand={body['hand']}")


async def test_digits_are_read_from_left_to_right(client: Client) -> None:
    """Each with its own confidence."""
    body = await (await post(client, file_of(text("2026", 200)))).json()
    assert [entry["digit"] for entry in body["digits"]] == [2, 0, 2, 6]
    assert all(entry.keys() == {"digit", "confidence"} for entry in body["digits"])


@pytest.mark.parametrize("photo", [EMPTY, file_of(text("1234567", 200))], ids=["empty", "crowded"])
async def test_no_digit_is_an_answer(client: Client, photo: bytes) -> None:
    """Without a hand, and with a sentence."""
    response = await post(client, photo, "/api/hand?seed=7")
    body = await response.json()
    assert response.status == 200
    assert body.pop("text").endswith(".")
    assert body == {"digits": [], "seen": [], "hands": []}
    assert (await (await post(client, photo)).json()).keys() == {"digits", "text"}


async def test_the_page_learns_what_the_networks_saw(client: Client) -> None:
    """With a seed there are the ten probabilities, the image of 28 x 28 pixels, and hands up to the seed's own."""
    body = await (await post(client, FOUR, "/api/hand?seed=7")).json()
    (seen,) = body["seen"]
    assert np.argmax(seen["probabilities"]) == 4
    assert sum(seen["probabilities"]) == pytest.approx(1, abs=1e-3)
    media_type, _, data = seen["image"].partition(";base64,")
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    assert (media_type, image.size, image.mode) == ("data:image/png", (28, 28), "L")
    assert body["hands"] == list(shares(body["hand"], 9))
    for hand in body["hands"]:
        asked(f"/number 2026 seed=7 hand={hand}")


@pytest.mark.parametrize("seed", [0, MAX_SEED])
async def test_the_seed_may_be_the_first_or_the_last(client: Client, seed: int) -> None:
    """Each is a seed as any other, and asks for the same besides."""
    plain = await (await post(client, FOUR)).json()
    assert (await (await post(client, FOUR, f"/api/hand?seed={seed}")).json()).keys() > plain.keys()


@pytest.mark.parametrize("seed", ["-1", "4294967296", "cat"])
async def test_a_bad_seed_is_a_sentence(client: Client, seed: str) -> None:
    """As everywhere."""
    response = await post(client, FOUR, f"/api/hand?seed={seed}")
    assert response.status == 400
    assert "A seed is a whole number" in await sentence(response)


@pytest.mark.parametrize(
    ("photo", "status", "words"),
    [
        (b"", 415, "JPEG, PNG or WebP"),
        (b"<svg/>", 415, "JPEG, PNG or WebP"),
        (FOUR[: len(FOUR) // 2], 400, "damaged"),
        (bytes(MAX_BYTES + 1), 413, "up to 12 MB"),
        (bytes(20_000_000), 413, "up to 12 MB"),
    ],
    ids=["nothing", "svg", "cut", "large", "larger"],
)
async def test_a_bad_photo_is_a_sentence(client: Client, photo: bytes, status: int, words: str) -> None:
    """With the status that programs know, and nothing in the log that looks like a fault of ours."""
    with capture_logs() as lines:
        response = await post(client, photo)
        assert response.status == status
        assert words in await sentence(response)
    assert {line["log_level"] for line in lines} <= {"info"}


async def test_a_small_body_that_unfolds_is_refused(client: Client) -> None:
    """12 KB of gzip that unfold to 13 MB are read no further than the limit."""
    response = await post(client, gzip.compress(bytes(13_000_000)), **{"Content-Encoding": "gzip"})
    assert response.status == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "image/heic"]
)
async def test_a_page_of_another_site_cannot_post(client: Client, kind: str) -> None:
    """A browser sends none of the three types for a foreign page without asking, which is answered with 405."""
    response = await post(client, FOUR, **FOREIGN, **{"Content-Type": kind})
    assert response.status == 415
    assert "JPEG, PNG or WebP" in await sentence(response)
    preflight = await client.options("/api/hand", headers={**FOREIGN, "Access-Control-Request-Method": "POST"})
    assert preflight.status == 405
    assert "Access-Control-Allow-Origin" not in preflight.headers


async def test_a_program_need_not_name_the_type(client: Client) -> None:
    """What an image is, its content says."""
    response = await post(client, FOUR, **{"Content-Type": "application/octet-stream"})
    assert (await response.json())["digits"][0]["digit"] == 4


async def test_a_photo_counts_as_five_pictures_of_an_address(catalog: Catalog) -> None:
    """Where six pictures a minute are allowed, one photo and one picture are, and no second photo."""
    async with serving(catalog, address_limit=PHOTO_COST + 1) as client:
        assert (await post(client, FOUR)).status == 200
        assert "caption" in await say(client, "/digit 4")
        refused = await post(client, FOUR)
        assert (refused.status, "Retry-After" in refused.headers) == (429, True)
        assert "Your address" in await sentence(refused)


async def test_a_body_that_does_not_end_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its client is told so in a sentence, and its room is free for others."""
    monkeypatch.setattr(web_requests, "BODY_SECONDS", 0.01)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"POST /api/hand HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + FOUR[:500])
    answer = await reader.readuntil(b"}")
    writer.transport.abort()
    assert b" 408 " in answer.partition(b"\r\n")[0]
    assert b"did not arrive" in answer


async def test_weights_that_read_nothing_have_no_such_path(tmp_path: Path) -> None:
    """There the page has no canvas either."""
    async with serving(Catalog.open(make(tmp_path / "weights"))) as client:
        assert (await post(client, FOUR)).status == 404
        assert "hand.js" not in await (await client.get("/")).text()


async def test_no_word_of_the_pad_becomes_markup(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation with markup in it stays text in the HTML and in the script's data."""
    for words in (HAND_WORDS, HAND_SCRIPT_WORDS):
        for name in words:
            monkeypatch.setitem(words, name, f"{HOSTILE}</script>")  # type: ignore[arg-type]
    page = await (await client.get("/")).text()
    assert HOSTILE not in page
    assert page.count("</script>") == page.count("<script")


async def test_the_running_bot_reads_photos() -> None:
    """And ends in order."""
    async with running() as bot, aiohttp.ClientSession(bot.address) as session:
        async with session.post("/api/hand", data=FOUR) as response:
            assert (await response.json())["digits"][0]["digit"] == 4
        await bot.stop()
        (line,) = bot.requests()
        assert (line["command"], line["count"], line["outcome"]) == ("hand", 1, "told")


async def test_photos_leave_no_memory_behind() -> None:
    """After eleven photos, two at a time, the process is hardly larger than before."""
    async with running() as bot, aiohttp.ClientSession(bot.address) as session:

        async def post_one() -> None:
            async with session.post("/api/hand", data=FOUR) as response:
                assert response.status == 200

        before = resident_mb(bot.process.pid)
        await post_one()
        for _ in range(5):
            await asyncio.gather(post_one(), post_one())
        assert resident_mb(bot.process.pid) - before < MAX_GROWTH_MB


def resident_mb(pid: int) -> int:
    """Return the resident memory of a process; 0 where the system has no /proc."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) // 1000 if found else 0
