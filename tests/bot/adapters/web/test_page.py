"""The page's HTML: words, controls, and the preview for shared links."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from yarl import URL

from bot.adapters.web import caching
from bot.adapters.web.app import create
from bot.adapters.web.wording import (
    GALLERY_WORDS,
    GREETING,
    HAND_WORDS,
    PLAYGROUND_WORDS,
    SCRIPT_WORDS,
    WORDS,
)
from bot.commands import parser, registry
from core.catalog import Catalog
from core.imaging.styles import Style
from core.pictures.base import Form, draw
from core.service import DigitService
from tests.bot.adapters.web.conftest import HOSTILE, LINES, Client, asked, conversation, knock, listening, serving


async def html(client: Client, line: str = "", **headers: str) -> str:
    """Return the page that a link with this line opens."""
    return await (await client.get("/", params={"q": line} if line else {}, headers=headers)).text()


async def preview(client: Client, line: str = "", **headers: str) -> dict[str, str]:
    """Return the page's description of itself for other sites."""
    found = re.findall(
        r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', await html(client, line, **headers)
    )
    return {name: unescape(content) for name, content in found}


def script_data(page: str) -> str:
    """Return the JSON that the page's script reads."""
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return found[1]


async def test_the_page_has_all_its_words(client: Client) -> None:
    """Every word of the page comes from where all words are, and no gap of the template stays open."""
    page = await html(client)
    assert "{{" not in page
    assert "{%" not in page
    texts = (*WORDS.values(), *HAND_WORDS.values(), *GALLERY_WORDS.values(), *PLAYGROUND_WORDS.values(), GREETING)
    for text in texts:
        assert str(text).partition("{")[0] in unescape(page)
    assert json.loads(script_data(page))["words"] == {name: str(text) for name, text in SCRIPT_WORDS.items()}


async def test_no_word_can_end_the_scripts_data(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation with markup in it stays text in the HTML and in the script's data."""
    monkeypatch.setitem(WORDS, "tagline", HOSTILE)  # type: ignore[arg-type]
    monkeypatch.setitem(SCRIPT_WORDS, "you", "</script><script>alert(1)</script>")  # type: ignore[arg-type]
    page = await html(client)
    assert HOSTILE not in page
    assert "alert(1)</script>" not in page
    assert json.loads(script_data(page))["words"]["you"] == "</script><script>alert(1)</script>"


async def test_every_command_that_draws_can_be_started(client: Client) -> None:
    """The example of each command, and help, is a button of the greeting."""
    page = unescape(await html(client))
    for line in (*(command.example for command in registry.picture_commands()), "/help"):
        assert f'<button type="button" data-command="{line}">{line}</button>' in page


async def test_the_controls_are_those_of_the_options(client: Client, catalog: Catalog) -> None:
    """Each model and style can be chosen, neatness be slid, in the order of the catalog; count and seed are typed."""
    page, playground = (await html(client)).split('<dialog id="playground"')
    values = re.findall(r'<option value="([^"]+)">([^<]+)</option>', page)
    assert values == [*((model.name, model.title) for model in catalog.models), *((style, style) for style in Style)]
    assert '<input id="neat" name="neat" type="range" min="0" max="100" step="10">' in page
    assert re.findall(r'<(?:select|input) id="\w+" name="(\w+)"', page) == ["model", "style", "neat"]
    assert re.findall(r'<label for="(\w+)">', page) == ["model", "style", "neat"]
    chosen = re.findall(r'<option value="([^"]+)"(?: selected)?>([^<]+)</option>', playground)
    assert chosen == values
    assert 'name="count" type="range" min="1" max="10" step="1" value="5">' in playground
    assert 'name="neat" type="range" min="0" max="100" step="1" value="50">' in playground
    toggles = json.loads(script_data(page))["toggles"]
    assert {name: list(map(tuple, toggle["values"])) for name, toggle in toggles.items()} == {
        "models": [(model.name, model.title) for model in catalog.models]
    }


async def test_the_picker_has_every_digit(client: Client) -> None:
    """The picker asks for each digit, and is one stop of the Tab key."""
    found = re.findall(r'data-command="(/digit \d)"( tabindex="-1")?>(\d)<', await html(client))
    assert [(line, label) for line, _, label in found] == [(f"/digit {digit}", str(digit)) for digit in range(10)]
    assert [not later for _, later, _ in found] == [True] + 9 * [False]


@pytest.mark.parametrize("line", [*LINES, "/digit 4 seed=0"])
async def test_a_shared_link_shows_its_picture(client: Client, catalog: Catalog, line: str) -> None:
    """The card that other sites make of a link has the caption, the description and the very digits, at their size."""
    picture = draw(catalog, replace(asked(line), form=Form.CARD))
    command = registry.command_for(picture.request)
    card = await preview(client, parser.write(picture.request))
    assert card["og:title"] == command.caption(picture.request, picture.titles)
    assert card["og:image:alt"] == command.alt_text(picture.request, picture.titles)
    assert card["twitter:card"] == "summary_large_image"
    assert card["og:image"].startswith(str(client.make_url("/")))
    assert (card["og:image:width"], card["og:image:height"]) == (str(picture.width), str(picture.height))
    assert (picture.width, picture.height) == (1200, 630)
    assert card["og:image:type"] == picture.media_type
    response = await client.get(URL(card["og:image"], encoded=True).relative())
    assert await response.read() == picture.data
    assert response.headers["Cache-Control"] == caching.FOR_EVER


@pytest.mark.parametrize("line", ["/digit random", "/number 7", "/morph 4", "/compare random"])
async def test_a_link_that_leaves_things_open_shows_one_such_picture(client: Client, line: str) -> None:
    """Without a seed the card has a picture of that kind, and names no seed."""
    card = await preview(client, line)
    assert "seed" not in card["og:title"]
    assert "seed" not in card["og:image:alt"]
    response = await client.get(URL(card["og:image"], encoded=True).relative())
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("line", ["", "/help", "/digit 77", "/digit 4 model=gpt", HOSTILE, "4" * 3000])
async def test_any_other_link_shows_the_bot(client: Client, line: str) -> None:
    """A line that draws nothing or cannot be read has the card of the page itself, and nothing of it gets in."""
    assert await preview(client, line) == await preview(client)
    assert HOSTILE not in await html(client, line)


async def test_the_card_has_the_public_url(catalog: Catalog) -> None:
    """Behind a proxy the picture's URL is the one that the world knows, whatever the request says."""
    async with serving(catalog, public_url="https://example.org/digits/") as client:
        card = await preview(client, "/digit 4 seed=7", Host="evil.example")
    assert card["og:image"].startswith("https://example.org/digits/digit/4.png?seed=7&card=1&v=")


async def test_a_strange_host_stays_text(client: Client) -> None:
    """The URL in the card comes from the client's headers, and cannot become part of the page."""
    response = await client.get("/", headers={"Host": HOSTILE})
    assert response.status in (200, 400)
    assert HOSTILE not in await response.text()


@pytest.mark.parametrize(
    ("start", "host", "image"),
    [
        (b"GET / HTTP/1.1", b"digits.example.org", "http://digits.example.org/digit/4.png"),
        (b"GET / HTTP/1.1", b"[::1]:8080", "http://[::1]:8080/digit/4.png"),
        (b"GET / HTTP/1.1", b"\xff", "/digit/4.png"),
        (b"GET / HTTP/1.1", b"a/b@c", "/digit/4.png"),
        (b"GET / HTTP/1.0", None, "/digit/4.png"),
    ],
)
async def test_the_card_names_no_host_that_is_none(
    catalog: Catalog, start: bytes, host: bytes | None, image: str
) -> None:
    """The card's picture is at the host that was asked for; a program that names none learns no address of ours."""
    service = DigitService(catalog, queue=1)
    fields = [b"Connection: close"] if host is None else [b"Connection: close", b"Host: " + host]
    async with listening(create(conversation(service))) as port:
        page = await knock(port, b"\r\n".join([start, *fields, b"", b""]))
    await service.close()
    assert page.split()[1] == b"200"
    assert f'<meta property="og:image" content="{image}?seed=15&amp;card=1&amp;v='.encode() in page
