"""The web adapter, over real sockets: pictures, chat, and an answer in JSON to everything that is wrong."""

import base64
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from html import unescape
from ipaddress import ip_network
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image
from yarl import URL

from bot import captions, commands, links, replies
from bot.adapters import web_app
from bot.commands import Topic
from bot.counters import Counters
from bot.gates import Gates
from bot.metrics import Metrics
from bot.record import Record
from core.catalog import Catalog
from core.drawing import draw
from core.requests import DrawRequest, Form, MorphRequest, NumberRequest, StripRequest
from core.service import DigitService

Client = TestClient
LINES = [
    "/digit 4 count=3 seed=7",
    "/number 1/2 seed=7",
    "/number 12:30 + 0.5 seed=7 style=ink",
    "/number 1/../2 seed=7",
    "/morph 3 8 seed=7",
    "/compare 4 seed=7 models=cgan,vae neat=80",
]
HOSTILE = '"><script>alert(1)</script>'


@asynccontextmanager
async def serving(
    catalog: Catalog, public_url: str | None = None, address_limit: int = 0, proxies: str | None = None
) -> AsyncIterator[Client]:
    """The real application, on a socket."""
    gates = Gates(Counters(), address_limit=address_limit)
    networks = [ip_network(proxies)] if proxies else []
    service = DigitService(catalog, queue=50)
    app = web_app.create(service, Record(Metrics()), public_url=public_url, gates=gates, proxies=networks)
    async with TestClient(TestServer(app)) as client:
        yield client
    await service.close()


@pytest.fixture
async def client(catalog: Catalog) -> AsyncIterator[Client]:
    """A client of the application as it is without settings."""
    async with serving(catalog) as client:
        yield client


def asked(line: str) -> DrawRequest:
    """What a line draws."""
    request = commands.parse(line)
    assert isinstance(request, DrawRequest)
    return request


async def say(client: Client, line: str) -> dict[str, Any]:
    """What the chat answers."""
    response = await client.post("/api/chat", json={"text": line})
    body: dict[str, Any] = await response.json()
    return body


async def preview(client: Client, line: str = "", **headers: str) -> dict[str, str]:
    """What other sites read on the page about the link to it."""
    page = await (await client.get("/", params={"q": line} if line else {}, headers=headers)).text()
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}


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


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("line", LINES)
async def test_every_picture_has_an_address(client: Client, catalog: Catalog, line: str, form: Form) -> None:
    """Whatever a line asks for can be had in each form at the address that `links` writes, the very same bytes."""
    request = replace(asked(line), form=form)
    response = await client.get(links.picture(request))
    picture = draw(catalog, request)
    assert response.content_type == picture.media_type
    assert await response.read() == picture.data
    assert response.headers["X-Digit-Seed"] == "7"
    assert unquote(response.headers["X-Digit-Caption"]) == captions.caption(picture)
    assert f'filename="{links.file_name(picture)}"' in response.headers["Content-Disposition"]
    assert "max-age" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/digit/four.png", StripRequest(4, seed=7)),
        ("/digit/%F0%9D%9F%9C.png", StripRequest(4, seed=7)),
        ("/digit/4/3.png", StripRequest(4, count=3, seed=7)),
        ("/number/1/2.png", NumberRequest("1/2", seed=7)),
        ("/number/1%2F2.png", NumberRequest("1/2", seed=7)),
        ("/number/+49%2030.png", NumberRequest("+49 30", seed=7)),
        ("/number/3.14.png", NumberRequest("3.14", seed=7)),
        ("/morph/38.gif", MorphRequest((3, 8), seed=7)),
    ],
)
async def test_addresses_that_people_write(client: Client, catalog: Catalog, path: str, expected: DrawRequest) -> None:
    """A digit can be written in every way, and a number as it is, slashes and signs included."""
    response = await client.get(URL(f"{path}?seed=7", encoded=True))
    assert await response.read() == draw(catalog, expected).data


async def test_untouched_images_are_saved_and_pictures_shown(client: Client) -> None:
    """A browser saves an archive under its name, and shows a picture where it stands."""
    archive = await client.get("/number/2026.zip?seed=7")
    assert archive.headers["Content-Disposition"] == 'attachment; filename="number-2026-seed-7-original.zip"'
    assert "labels.csv" in zipfile.ZipFile(io.BytesIO(await archive.read())).namelist()
    picture = await client.get("/number/2026.png?seed=7")
    assert picture.headers["Content-Disposition"] == 'inline; filename="number-2026-seed-7.png"'


@pytest.mark.parametrize(
    "path",
    [
        "/morph/3/8.png",
        "/morph/3/8.jpg",
        "/digit/4.gif",
        "/digit/4.webp",
        "/digit/4.jpg?original=1",
        "/digit/4.zip?original=1",
        "/digit/4.png?original=maybe",
        "/digit/44.exe",
    ],
)
async def test_a_file_that_there_is_not(client: Client, path: str) -> None:
    """Of a walk there is no still, and of a strip no animation: one sentence names what there is."""
    response = await client.get(path)
    assert response.status == 400
    assert "/digit/4.png" in await sentence(response)


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
        "/digit/4.png?style=pink",
        "/digit/4.png?neat=101",
        "/digit/4.png?models=cgan",
        "/digit/44.jpg",
        "/number/x.png",
        "/number/123456789012345678901.png",
        "/morph/3/3.gif",
        "/morph/1/2/3/4/5/6/7.gif",
        "/compare/4.png?models=gpt",
        "/compare/4.png?count=3",
    ],
)
async def test_a_bad_address_is_a_400_with_a_sentence(client: Client, path: str) -> None:
    """Whatever is wrong with the address of a picture is told in JSON, with a command that works."""
    response = await client.get(path)
    assert response.status == 400
    assert re.search("Try /(digit 4|number 2026|morph 3 8)", await sentence(response))


async def test_a_chat_message_is_answered_with_a_picture(client: Client) -> None:
    """The answer to `/digit 4` holds all that a page needs: picture, words, links, and commands for buttons."""
    body = await say(client, "/digit 4 count=3")
    assert re.fullmatch(r"Three fours · .* · seed \d+", body["caption"])
    assert body["alt"].startswith("Three handwritten fours, drawn by the ")
    assert body["again"] == "/digit 4 count=3"
    assert body["digits"] == [f"/digit {digit} count=3" for digit in range(10)]


@pytest.mark.parametrize("line", ["/digit 4 count=1", "/number 1/2", "/morph 3 8", "/compare random"])
async def test_what_is_shown_can_be_had_again(client: Client, line: str) -> None:
    """The picture of an answer is that of its link, of its command and of its share; the originals are a file."""
    body = await say(client, line)
    media_type, _, data = body["image"].removeprefix("data:").partition(";base64,")
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert (picture.get_format_mimetype(), *picture.size) == (media_type, body["width"], body["height"])
    linked = await client.get(URL(body["link"], encoded=True))
    assert await linked.read() == base64.b64decode(data)
    assert URL(body["share"]).query["q"] == body["command"]
    assert (await say(client, body["command"]))["image"] == body["image"]
    original = await client.get(URL(body["original"], encoded=True))
    assert original.content_type == ("image/png" if "count=1" in line else "application/zip")


async def test_again_after_a_random_digit_is_random_again(client: Client) -> None:
    """*Again* repeats what was asked; the link repeats what was drawn."""
    body = await say(client, "/digit random")
    assert body["again"] == "/digit random"
    assert re.match(r"/digit/\d\.png\?", body["link"])


@pytest.mark.parametrize("line", ["/number 2026", "/morph 3 8"])
async def test_another_digit_is_offered_where_there_is_one(client: Client, line: str) -> None:
    """A number and a walk have no one digit, so that none is offered in its place."""
    assert (await say(client, line))["digits"] == []


@pytest.mark.parametrize("line", LINES)
async def test_each_option_can_be_changed(client: Client, line: str) -> None:
    """A control for an option knows its value, and the line to which another one is added."""
    body = await say(client, line)
    request = asked(body["command"])
    assert tuple(body["options"]) == commands.command_of(request).options
    for name, option in body["options"].items():
        value = ",".join(option["value"]) if name == "models" else option["value"]
        assert asked(f"{option['line']} {name}={value}") == request


@pytest.mark.parametrize("topic", Topic)
async def test_a_question_is_answered_with_text(client: Client, catalog: Catalog, topic: Topic) -> None:
    """Commands that draw nothing answer with words."""
    assert (await say(client, f"/{topic.value}"))["text"] == replies.answer(topic, catalog)


async def test_about_shows_how_the_training_went(client: Client, catalog: Catalog) -> None:
    """The words about the bot come with the curve of its losses, described for who cannot see it."""
    body = await say(client, "/about")
    assert body["alt"] == replies.CURVE
    response = await client.get(body["image"])
    assert response.content_type == "image/png"
    assert await response.read() == catalog.curve


async def test_weights_without_a_curve(catalog: Catalog) -> None:
    """Where the weights folder has no curve, the words come alone and its address says that there is nothing."""
    bare = Catalog({model.name: model for model in catalog.models}, catalog.default)
    async with serving(bare) as client:
        assert list(await say(client, "/about")) == ["text"]
        response = await client.get("/curve.png")
        assert response.status == 404
        await sentence(response)


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
    async with TestClient(TestServer(web_app.create(service, Record(Metrics())))) as client:
        response = await client.get("/digit/4.png")
        assert response.status == 503
        assert int(response.headers["Retry-After"]) >= 1
        assert "busy" in await sentence(response)


async def test_a_closing_service_says_so(catalog: Catalog) -> None:
    """During a restart a person is asked to come back."""
    service = DigitService(catalog, queue=1)
    await service.close()
    async with TestClient(TestServer(web_app.create(service, Record(Metrics())))) as client:
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


async def test_the_page_has_all_its_words(client: Client) -> None:
    """Every word of the page comes from where all words are, and no gap of the template stays open."""
    page = await (await client.get("/")).text()
    assert "$" not in page
    for text in (*replies.PAGE.values(), *replies.PAGE_SCRIPT.values()):
        assert text.partition("{")[0] in unescape(page)


@pytest.mark.parametrize("line", LINES)
async def test_a_shared_link_shows_its_picture(client: Client, catalog: Catalog, line: str) -> None:
    """The card that other sites make of a link has the caption, the description and the very picture."""
    picture = draw(catalog, asked(line))
    card = await preview(client, commands.to_text(picture.request))
    assert card["og:title"] == captions.caption(picture)
    assert card["og:image:alt"] == captions.alt_text(picture)
    assert card["twitter:card"] == "summary_large_image"
    assert card["og:image"].startswith(str(client.make_url("/")))
    response = await client.get(URL(card["og:image"], encoded=True).relative())
    assert await response.read() == picture.data


@pytest.mark.parametrize("line", ["/digit random", "/number 7", "/morph 4", "/compare random"])
async def test_a_link_that_leaves_things_open_shows_one_such_picture(client: Client, line: str) -> None:
    """Without a seed the card has a picture of what is asked for, and names no seed."""
    card = await preview(client, line)
    assert "seed" not in card["og:title"]
    assert "seed" not in card["og:image:alt"]
    response = await client.get(URL(card["og:image"], encoded=True).relative())
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("line", ["", "/help", "/digit 77", "/digit 4 model=gpt", HOSTILE, "4" * 3000])
async def test_any_other_link_shows_the_bot(client: Client, line: str) -> None:
    """What draws nothing, and what cannot be read, has the card of the page itself, and nothing of it gets in."""
    assert await preview(client, line) == await preview(client)
    assert HOSTILE not in await (await client.get("/", params={"q": line})).text()


async def test_the_card_has_the_public_address(catalog: Catalog) -> None:
    """Behind a proxy the picture's address is the one that the world knows, whatever the request says."""
    async with serving(catalog, public_url="https://example.org/digits/") as client:
        card = await preview(client, "/digit 4 seed=7", Host="evil.example")
    assert card["og:image"] == "https://example.org/digits/digit/4.png?seed=7"


async def test_a_strange_host_stays_text(client: Client) -> None:
    """The address in the card comes from whoever asks, and cannot become part of the page."""
    response = await client.get("/", headers={"Host": HOSTILE})
    assert response.status in (200, 400)
    assert HOSTILE not in await response.text()


async def test_nothing_outside_of_the_static_folder_is_served(client: Client) -> None:
    """A path that climbs out of the folder finds nothing."""
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py", "/static/"):
        assert (await client.get(path)).status in (403, 404)


async def test_an_address_that_is_greedy_reads_when_to_come_back(catalog: Catalog) -> None:
    """Pictures and the chat count together; the next is 429 with Retry-After and a sentence, and words still come."""
    async with serving(catalog, address_limit=2) as client:
        assert (await client.get("/digit/4.png")).status == 200
        assert (await client.get("/digit/44.png")).status == 400
        assert "image" in await say(client, "/digit 4")
        response = await client.get("/digit/4.png")
        assert response.status == 429
        seconds = response.headers["Retry-After"]
        assert 1 <= int(seconds) <= 60
        assert f"in {seconds} s" in await sentence(response)
        assert "try again in" in (await say(client, "/digit 4"))["error"]
        assert "text" in await say(client, "/help")
        assert (await client.get("/")).status == (await client.get("/readyz")).status == 200


@pytest.mark.parametrize(
    ("proxies", "first", "second", "same"),
    [
        (None, "192.0.2.1", "192.0.2.2", True),
        ("10.0.0.0/8", "192.0.2.1", "192.0.2.2", True),
        ("127.0.0.1", "192.0.2.1", "192.0.2.2", False),
        ("127.0.0.1", "192.0.2.1", "192.0.2.1", True),
        ("127.0.0.1", "192.0.2.7, 192.0.2.1", "192.0.2.8, 192.0.2.1", True),
        ("127.0.0.0/8", "192.0.2.1, 127.0.0.2", "192.0.2.2, 127.0.0.2", False),
        ("127.0.0.1", "2001:db8::1", "2001:db8::2", True),
        ("127.0.0.1", "2001:db8::1", "2001:db8:0:1::1", False),
        ("127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1", True),
        ("127.0.0.1", "unknown", "'); DROP TABLE", True),
    ],
)
async def test_who_asks_through_a_proxy(
    catalog: Catalog, proxies: str | None, first: str, second: str, same: bool
) -> None:
    """Only what a trusted proxy adds to X-Forwarded-For tells people apart; what one sends oneself changes nothing."""
    async with serving(catalog, address_limit=1, proxies=proxies) as client:
        statuses = [
            (await client.get("/digit/4.png", headers={"X-Forwarded-For": hops})).status for hops in (first, second)
        ]
    assert statuses == [200, 429 if same else 200]


async def test_a_proxy_that_is_not_trusted_is_told_of_once(
    catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator who forgot the setting for a proxy reads its name, the proxy's address, and nobody else's."""
    async with serving(catalog) as client:
        for _ in range(3):
            await client.get("/digit/4.png", headers={"X-Forwarded-For": "192.0.2.1"})
    written = capsys.readouterr()
    told = [line for line in (written.out + written.err).splitlines() if "DIGIT_TRUSTED_PROXIES" in line]
    assert len(told) == 1
    assert "127.0.0.1" in told[0]
    assert "192.0.2.1" not in told[0]


async def test_health_and_readiness(client: Client) -> None:
    """/healthz answers while the loop runs; /readyz says which model is loaded."""
    assert (await (await client.get("/healthz")).json()) == {"status": "ok"}
    assert (await (await client.get("/readyz")).json())["model"] == "cgan"
