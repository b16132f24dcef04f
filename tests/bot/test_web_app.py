"""The web adapter, over real sockets: pictures, chat, and an answer in JSON to everything that is wrong."""

import base64
import io
import json
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from bot.adapters import web_app
from core.catalog import Catalog
from core.requests import StripRequest
from core.service import DigitService, draw

Client = TestClient


@pytest.fixture
async def client(catalog: Catalog) -> AsyncIterator[Client]:
    """A client of the real application, on a socket."""
    service = DigitService(catalog, queue=50)
    async with TestClient(TestServer(web_app.create(service))) as client:
        yield client
    await service.close()


async def sentence(response: ClientResponse) -> str:
    """The one sentence of an error."""
    assert response.content_type == "application/json"
    body = await response.json()
    assert list(body) == ["error"]
    assert "\n" not in body["error"]
    return str(body["error"])


async def test_a_seeded_strip_is_the_same_each_time(client: Client, catalog: Catalog) -> None:
    """The bytes for a seed are always the same, and those that the service draws."""
    bodies = [await (await client.get("/digit/4.png?seed=7")).read() for _ in range(3)]
    assert set(bodies) == {draw(catalog, StripRequest(4, seed=7)).data}


async def test_without_a_seed_each_strip_is_new(client: Client) -> None:
    """Asking twice gives two strips, and each tells the seed that repeats it."""
    first, second = [await client.get("/digit/4.png") for _ in range(2)]
    assert await first.read() != await second.read()
    again = await client.get("/digit/4.png", params={"seed": first.headers["X-Digit-Seed"]})
    assert await again.read() == await first.read()
    assert first.headers["Cache-Control"] == "no-store"


async def test_the_options_of_a_picture(client: Client, catalog: Catalog) -> None:
    """Count, seed, model and the original can all be asked for in the address."""
    response = await client.get("/digit/four.png?count=3&seed=7&model=cgan&original=1")
    assert response.content_type == "image/png"
    expected = draw(catalog, StripRequest(4, count=3, seed=7, model="cgan", original=True))
    assert await response.read() == expected.data
    assert Image.open(io.BytesIO(expected.data)).size == (84, 28)


async def test_a_strip_can_be_had_as_a_jpeg(client: Client, catalog: Catalog) -> None:
    """`.jpg` gives the strip of that seed as a JPEG, which is all that Telegram's inline mode takes."""
    response = await client.get("/digit/4.jpg?seed=7&count=3")
    assert response.content_type == "image/jpeg"
    picture = draw(catalog, StripRequest(4, count=3, seed=7, jpeg=True))
    assert await response.read() == picture.data
    assert Image.open(io.BytesIO(picture.data)).size == (picture.width, picture.height)


@pytest.mark.parametrize(
    "path",
    [
        "/digit/10.png",
        "/digit/-1.png",
        "/digit/4.5.png",
        "/digit/four%20hundred.png",
        "/digit/%F0%9F%98%80.png",
        "/digit/4.png?count=0",
        "/digit/4.png?count=11",
        "/digit/4.png?count=many",
        "/digit/4.png?seed=-1",
        "/digit/4.png?seed=4294967296",
        "/digit/4.png?seed=abc",
        "/digit/4.png?model=gpt",
        "/digit/4.png?colour=red",
        "/digit/4.png?seed=1&seed=1",
        "/digit/4.png?original=maybe",
        "/digit/4.jpg?original=1",
        "/digit/44.jpg",
    ],
)
async def test_a_bad_address_is_a_400_with_a_sentence(client: Client, path: str) -> None:
    """Whatever is wrong with the address of a picture is told in JSON, with a command that works."""
    response = await client.get(path)
    assert response.status == 400
    assert "/digit 4" in await sentence(response)


async def test_a_chat_message_is_answered_with_a_picture(client: Client) -> None:
    """The answer to `/digit 4` holds all that a page needs: picture, words, links, and commands for buttons."""
    body = await (await client.post("/api/chat", json={"text": "/digit 4 count=3"})).json()
    assert re.fullmatch(r"Three fours · .* · seed \d+", body["caption"])
    assert body["alt"].startswith("Three handwritten fours, drawn by the ")
    assert body["again"] == "/digit 4 count=3"
    assert body["digits"] == [f"/digit {digit} count=3" for digit in range(10)]
    data = base64.b64decode(body["image"].removeprefix("data:image/png;base64,"))
    assert Image.open(io.BytesIO(data)).size == (body["width"], body["height"])
    assert await (await client.get(body["link"])).read() == data
    original = await (await client.get(body["original"])).read()
    assert Image.open(io.BytesIO(original)).size == (84, 28)


async def test_again_after_a_random_digit_is_random_again(client: Client) -> None:
    """*Again* repeats what was asked; the link repeats what was drawn."""
    body = await (await client.post("/api/chat", json={"text": "/digit random"})).json()
    assert body["again"] == "/digit random"
    assert re.match(r"/digit/\d\.png\?", body["link"])


@pytest.mark.parametrize("text", ["/help", "/models", "/about", "/start"])
async def test_a_question_is_answered_with_text(client: Client, text: str) -> None:
    """Commands that draw nothing answer with words."""
    body = await (await client.post("/api/chat", json={"text": text})).json()
    assert list(body) == ["text"]


@pytest.mark.parametrize("text", ["", "hello", "/digit", "/digit 10", "/digit 4 model=gpt", "/digit 4 seed=1 seed=1"])
async def test_a_bad_message_is_a_400_with_a_sentence(client: Client, text: str) -> None:
    """A line that cannot be drawn is told in words that name one that can."""
    response = await client.post("/api/chat", json={"text": text})
    assert response.status == 400
    assert "/digit 4" in await sentence(response)


@pytest.mark.parametrize("body", [b"", b"/digit 4", b"[]", b'{"text": 4}', b"{}", b"\xff\xfe", b"[" * 2000])
async def test_a_body_that_is_no_message_is_a_400(client: Client, body: bytes) -> None:
    """Anything but JSON with a text is told what to send."""
    response = await client.post("/api/chat", data=body)
    assert response.status == 400
    assert '{"text": "/digit 4"}' in await sentence(response)


@pytest.mark.parametrize("size", [4097, 10_000_000])
async def test_a_body_over_4_kb_is_a_413(client: Client, size: int) -> None:
    """A message that is too long is refused before it is read."""
    response = await client.post("/api/chat", data=io.BytesIO(json.dumps({"text": "4" * size}).encode()))
    assert response.status == 413
    assert "/digit 4" in await sentence(response)


async def test_an_unknown_path_or_method_is_json_too(client: Client) -> None:
    """404 and 405 have a sentence as well."""
    assert (await client.get("/nothing")).status == 404
    assert "/digit/4.png" in await sentence(await client.get("/nothing"))
    response = await client.post("/digit/4.png")
    assert response.status == 405
    await sentence(response)


async def test_a_full_queue_is_a_503_with_a_time(catalog: Catalog) -> None:
    """Past the queue's limit a person reads at once when to try again."""
    service = DigitService(catalog, queue=1)
    service._pending = 1
    async with TestClient(TestServer(web_app.create(service))) as client:
        response = await client.get("/digit/4.png")
        assert response.status == 503
        assert int(response.headers["Retry-After"]) >= 1
        assert "busy" in await sentence(response)


async def test_a_closing_service_says_so(catalog: Catalog) -> None:
    """During a restart a person is asked to come back."""
    service = DigitService(catalog, queue=1)
    await service.close()
    async with TestClient(TestServer(web_app.create(service))) as client:
        response = await client.get("/digit/4.png")
        assert response.status == 503
        assert "restarting" in await sentence(response)


async def test_the_page_and_its_parts_are_there(client: Client) -> None:
    """The page, its style and its script are served, with a policy that lets nothing else load."""
    page = await client.get("/")
    assert page.content_type == "text/html"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', await page.text()):
        assert (await client.get(path)).status == 200


async def test_nothing_outside_of_the_static_folder_is_served(client: Client) -> None:
    """A path that climbs out of the folder finds nothing."""
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py", "/static/"):
        assert (await client.get(path)).status in (403, 404)


async def test_health_and_readiness(client: Client) -> None:
    """/healthz answers while the loop runs; /readyz says which model is loaded."""
    assert (await (await client.get("/healthz")).json()) == {"status": "ok"}
    assert (await (await client.get("/readyz")).json())["model"] == "cgan"
