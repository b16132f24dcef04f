"""Pictures by their URLs, over real sockets."""

import io
import re
import zipfile
from dataclasses import replace
from urllib.parse import unquote

import pytest
from yarl import URL

from bot.commands import registry
from bot.conversation import urls
from core.catalog import Catalog
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.bot.adapters.web.conftest import LINES, Client, asked, sentence, serving


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
async def test_every_picture_has_a_url(client: Client, catalog: Catalog, line: str, form: Form) -> None:
    """Every picture can be had in each form at the URL that `urls` writes, the very same bytes."""
    request = replace(asked(line), form=form)
    response = await client.get(urls.picture_url(request))
    picture = draw(catalog, request)
    command = registry.command_for(request)
    assert response.content_type == picture.media_type
    assert await response.read() == picture.data
    assert response.headers["X-Digit-Seed"] == "7"
    assert unquote(response.headers["X-Digit-Caption"]) == command.caption(picture.request, picture.titles)
    assert f'filename="{urls.file_name(picture)}"' in response.headers["Content-Disposition"]
    assert "max-age" in response.headers["Cache-Control"]
    assert response.headers["Vary"] == "Accept-Language"


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
async def test_urls_that_people_write(client: Client, catalog: Catalog, path: str, expected: PictureRequest) -> None:
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
        "/digit/4.png?card=maybe",
        "/digit/4.png?original=1&card=1",
        "/digit/4.jpg?card=1",
        "/digit/44.exe",
    ],
)
async def test_a_file_that_there_is_not(client: Client, path: str) -> None:
    """A morph has no still and a strip no animation: one sentence names a file that there is."""
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
async def test_a_bad_url_is_a_400_with_a_sentence(client: Client, path: str) -> None:
    """Every mistake in the URL of a picture is told in JSON, with a command that works."""
    response = await client.get(path)
    assert response.status == 400
    assert re.search("Try /(digit 4|number 2026|morph 3 8|compare 4)", await sentence(response))


async def test_about_has_the_curve_of_the_training(client: Client, catalog: Catalog) -> None:
    """The curve is the file of the weights folder."""
    response = await client.get("/curve.png")
    assert response.content_type == "image/png"
    assert await response.read() == catalog.curve


async def test_weights_without_a_curve(catalog: Catalog) -> None:
    """Without a curve in the weights folder its URL says that there is nothing."""
    bare = Catalog({model.name: model for model in catalog.models}, catalog.default)
    async with serving(bare) as client:
        response = await client.get("/curve.png")
        assert response.status == 404
        await sentence(response)
