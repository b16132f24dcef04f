"""Pictures that a client has already: the same address is drawn, sent and counted once."""

from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.adapters.web import caching
from bot.adapters.web.app import create
from bot.conversation import urls
from core.catalog import Catalog
from core.pictures.base import Form
from core.service import DigitService
from tests.bot.adapters.web.conftest import LINES, Client, asked, conversation, serving

MORPH, STRIP = "/morph/3/8.gif?seed=7", "/digit/4.png?seed=7"


async def tag(client: Client, address: str, **headers: str) -> str:
    """Return the tag of a picture."""
    response = await client.get(address, headers=headers)
    assert response.status == 200
    return response.headers["ETag"]


@pytest.mark.parametrize("form", [Form.PICTURE, Form.ORIGINAL, Form.ARCHIVE, Form.CARD])
@pytest.mark.parametrize("line", LINES)
async def test_a_picture_that_a_client_has_is_not_sent_again(client: Client, line: str, form: Form) -> None:
    """Every seeded address has a strong tag, and a client that brings it gets 304 and the headers of the picture."""
    address = str(urls.picture_url(replace(asked(line), form=form)))
    first = await client.get(address)
    assert first.headers["ETag"].startswith('"')
    again = await client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


async def test_what_a_client_has_is_not_drawn_again(catalog: Catalog) -> None:
    """A 304 costs no drawing, whatever the picture is; without a match it is drawn."""
    drawn: list[float] = []
    service = DigitService(catalog, 50, lambda _, seconds: drawn.append(seconds))
    async with TestClient(TestServer(create(conversation(service)))) as client:
        known = await tag(client, MORPH)
        for header in (known, f'"x", W/{known}', "*"):
            assert (await client.get(MORPH, headers={"If-None-Match": header})).status == 304
        assert len(drawn) == 1
        assert (await client.get(MORPH, headers={"If-None-Match": '"x"'})).status == 200
        assert len(drawn) == 2
    await service.close()


async def test_what_a_client_has_counts_against_no_limit(catalog: Catalog) -> None:
    """Limits bound the drawing: an address that has had its pictures of the minute may still ask whether one is new."""
    async with serving(catalog, address_limit=1) as client:
        known = await tag(client, STRIP)
        for _ in range(3):
            assert (await client.get(STRIP, headers={"If-None-Match": known})).status == 304
        assert (await client.get(STRIP)).status == 429
        metrics = await (await client.get("/metrics")).text()
    assert 'digit_requests_total{command="digit",outcome="told",platform="web"} 3.0' in metrics


async def test_a_tag_is_that_of_the_picture(client: Client) -> None:
    """Two ways to write an address have one tag; another seed, form, option or language of the caption another."""
    known = await tag(client, STRIP)
    for same in ("/digit/four.png?seed=7", "/digit/4.png?count=5&model=cgan&seed=7", STRIP + "&v=x"):
        assert await tag(client, same) == known
    others = ("/digit/4.png?seed=8", "/digit/4.jpg?seed=7", STRIP + "&card=1", STRIP + "&model=vae", STRIP + "&lang=de")
    tags = {await tag(client, other) for other in others}
    assert len(tags | {known, await tag(client, STRIP, **{"Accept-Language": "fr"})}) == len(others) + 2


@pytest.mark.parametrize("address", [STRIP, "/compare/4.png?seed=7&models=vae,cgan"])
async def test_another_model_has_other_tags(catalog: Catalog, address: str) -> None:
    """A changed file or score of a model changes the tags of its pictures, and the version in addresses."""
    models = {model.name: model for model in catalog.models}
    models["cgan"] = replace(models["cgan"], digest="another")
    changed = Catalog(models, catalog.default, reader=catalog.reader)
    tags = []
    for each in (catalog, changed):
        async with serving(each) as client:
            tags.append((await tag(client, address), await tag(client, "/digit/4.png?seed=7&model=vae")))
    assert tags[0][0] != tags[1][0]
    assert tags[0][1] == tags[1][1]
    assert caching.version(catalog) != caching.version(changed)


async def test_other_code_has_other_tags(client: Client, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that draws otherwise has other tags and another version."""
    known, version = await tag(client, STRIP), caching.version(catalog)
    for name in ("DRAWING_CODE", "__version__"):
        with monkeypatch.context() as changed:
            changed.setattr(caching, name, "another")
            assert await tag(client, STRIP) != known
            assert caching.version(catalog) != version


async def test_an_address_with_the_version_is_kept_for_ever(client: Client, catalog: Catalog) -> None:
    """With this version nobody asks again for a year; with none or another one, after an hour."""
    version = caching.version(catalog)
    for value, expected in (
        (version, caching.FOR_EVER),
        ("0123456789ab", caching.FOR_AN_HOUR),
        ("", caching.FOR_AN_HOUR),
    ):
        response = await client.get(STRIP, params={"v": value})
        assert response.headers["Cache-Control"] == expected
    assert "immutable" in caching.FOR_EVER


async def test_a_picture_without_a_seed_is_never_kept(client: Client, catalog: Catalog) -> None:
    """It is new each time: it has no tag, is sent to whoever has one, and no version makes it last."""
    for address in ("/digit/4.png", "/digit/random.png", f"/morph/3/8.gif?v={caching.version(catalog)}"):
        response = await client.get(address, headers={"If-None-Match": "*"})
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")
        assert "ETag" not in response.headers


@pytest.mark.parametrize("address", ["/digit/44.png?seed=7", "/digit/4.png?seed=7&model=gpt", "/digit/4.png?seed=x"])
async def test_what_cannot_be_drawn_is_an_error_all_the_same(client: Client, address: str) -> None:
    """A client that claims to have a picture which there is not gets the sentence about it."""
    response = await client.get(address, headers={"If-None-Match": "*"})
    assert response.status == 400
    assert "ETag" not in response.headers
