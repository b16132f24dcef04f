"""URLs and file names: a link leads to the picture that it was made for."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from yarl import URL

from bot.commands import parser
from bot.conversation import urls
from core.catalog import Catalog
from core.imaging.styles import Style
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest

HAND = "FhdInVH8KQRqFbtqqZeCWW"
RECORDED = json.loads(Path(__file__).with_name("urls.json").read_text())
"""URLs that version 0.1.0 handed out: of pictures in every form, and of the page."""


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: recorded["url"])
def test_urls_of_older_versions_lead_where_they_did(recorded: dict[str, str]) -> None:
    """A link that somebody embedded or shared is read as before, and is still what the bot writes."""
    url, line = URL(recorded["url"], encoded=True), parser.parse(URL(recorded["page"]).query["q"])
    assert isinstance(line, PictureRequest)
    request = replace(line, form=Form(recorded["form"]))
    words, _, extension = url.path.removeprefix("/").partition("/")[2].rpartition(".")
    assert urls.read_picture_url(url.path.split("/")[1], words, extension, url.query) == request
    assert str(urls.picture_url(request)) == recorded["url"]
    assert str(urls.page_url(request)) == recorded["page"]


@pytest.mark.parametrize(
    ("request_", "url"),
    [
        (StripRequest(4), "/digit/4.png"),
        (StripRequest(None, 3, seed=7, form=Form.JPEG), "/digit/random.jpg?count=3&seed=7"),
        (StripRequest(4, seed=7, form=Form.ORIGINAL), "/digit/4.png?seed=7&original=1"),
        (StripRequest(4, seed=7, form=Form.CARD), "/digit/4.png?seed=7&card=1"),
        (NumberRequest("+49 30", style=Style.INK), "/number/+49%2030.png?style=ink"),
        (NumberRequest("1/2", form=Form.ARCHIVE), "/number/1%2F2.zip"),
        (MorphRequest((3, 8), neat=80), "/morph/3/8.gif?neat=80"),
        (NumberRequest("2026", hand=HAND), f"/number/2026.png?hand={HAND}"),
        (StripRequest(4, seed=7, walk=(0.3, -0.5)), "/digit/4.png?seed=7&walk=0.3,-0.5"),
        (CompareRequest(4, names=("cgan", "vae")), "/compare/4.png?models=cgan,vae"),
    ],
)
def test_a_url_says_what_is_there(request_: PictureRequest, url: str) -> None:
    """Path, extension and options of each kind of picture."""
    assert str(urls.picture_url(request_)) == url


@pytest.mark.parametrize("line", ["/digit 4 seed=7", "/number +49 30", "/number 1/2 style=ink", "/morph 3 8"])
def test_a_page_holds_the_line(line: str) -> None:
    """A link to the page carries the whole line, whatever signs are in it."""
    request = parser.parse(line)
    assert isinstance(request, PictureRequest)
    url = URL("https://digits.example.org").join(urls.page_url(request))
    assert URL(str(url)).query["q"] == line


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (StripRequest(4, seed=7), "digit-4-seed-7.png"),
        (NumberRequest("+49 30/1", seed=7), "number-49-30-1-seed-7.png"),
        (MorphRequest((3, 8), seed=7), "morph-3-8-seed-7.gif"),
        (MorphRequest((3, 8), seed=7, form=Form.ARCHIVE), "morph-3-8-seed-7-original.zip"),
        (CompareRequest(4, seed=7, form=Form.JPEG), "compare-4-seed-7.jpg"),
        (MorphRequest((3, 8), seed=7, form=Form.CARD), "morph-3-8-seed-7-card.png"),
    ],
)
def test_a_file_has_a_plain_name(catalog: Catalog, request_: PictureRequest, name: str) -> None:
    """Letters, digits and hyphens, with the seed and the right extension."""
    assert urls.file_name(draw(catalog, request_)) == name
