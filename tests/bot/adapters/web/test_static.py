"""The style, the scripts and the icons of the page."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.adapters.web import caching, static
from core.catalog import Catalog
from tests import icons
from tests.bot.adapters.web.conftest import Client


@pytest.mark.parametrize("name", ["chat.js", "hand.js", "style.css", "hand.css"])
async def test_a_browser_loads_a_file_once(client: Client, name: str) -> None:
    """A browser that has a file, or any, gets 304 without a body; one that has another gets the file."""
    first = await client.get(f"/static/{name}")
    etag = first.headers["ETag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        again = await client.get(f"/static/{name}", headers={"If-None-Match": known})
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == etag
    other = await client.get(f"/static/{name}", headers={"If-None-Match": '"x"'})
    assert (other.status, await other.read()) == (200, await first.read())


@pytest.mark.parametrize("name", ["a" * 300, "a%00b", "%ed%a0%80", ".", "chat.js/"])
async def test_a_name_that_no_file_has_is_a_404(client: Client, name: str) -> None:
    """A name that is too long for the system, or none, is not there."""
    assert (await client.get(f"/static/{name}")).status == 404


async def test_a_date_that_never_was_changes_nothing(client: Client) -> None:
    """A year of twenty digits costs neither an answer nor a line in the log."""
    never = "Wed, 21 Oct 20159999999999999999 07:28:00 GMT"
    for header in ("If-Modified-Since", "If-Unmodified-Since", "If-Range"):
        assert (await client.get("/static/chat.js", headers={header: never})).status == 200


async def test_the_page_names_files_that_never_change(client: Client) -> None:
    """A browser asks but once for what the page loads; a folder of another version has the files of this one."""
    page = await (await client.get("/")).text()
    paths = re.findall(r'(?:href|src)="(static/[^"]+)"', page)
    assert {path.split("/")[1] for path in paths} == {static.VERSION}
    for path in paths:
        assert (await client.get(f"/{path}")).headers["Cache-Control"] == caching.FOR_EVER
    older = await client.get("/static/0123456789ab/chat.js")
    assert (older.status, older.headers["Cache-Control"]) == (200, "no-cache")
    assert await older.read() == static.FILES["chat.js"]


def test_scripts_import_files_of_their_own_folder() -> None:
    """An import with a path of another kind would load a second copy of a script."""
    scripts = {name: data.decode() for name, data in static.FILES.items() if name.endswith(".js")}
    imported = [
        path for script in scripts.values() for path in re.findall(r'^import .* from "(.*)";$', script, re.MULTILINE)
    ]
    assert imported
    assert {path.removeprefix("./") for path in imported} <= scripts.keys()


def test_the_icons_are_drawn_by_the_bot(catalog: Catalog, tmp_path: Path) -> None:
    """`python -m tests.icons` draws the icons that ship, to within rounding on another processor."""
    for path in icons.write(catalog, tmp_path):
        shipped = static.FOLDER / path.name
        if path.suffix == ".svg":
            assert abs(len(path.read_text()) - len(shipped.read_text())) < 100
        else:
            with Image.open(path) as drawn, Image.open(shipped) as kept:
                before, after = (np.asarray(image.convert("RGBA")).astype(int) for image in (kept, drawn))
            assert np.abs(after - before).mean() < 0.5


@pytest.mark.parametrize(
    ("name", "kind", "size"),
    [("favicon.ico", "image/vnd.microsoft.icon", 48), ("apple-touch-icon.png", "image/png", 180)],
)
async def test_icons_that_are_looked_for_are_there(client: Client, name: str, kind: str, size: int) -> None:
    """The icon of a tab lies where browsers look for it, and an iPhone has one of its size."""
    response = await client.get("/favicon.ico" if name == "favicon.ico" else f"/static/{name}")
    assert response.content_type in (kind, "image/x-icon")
    assert Image.open(io.BytesIO(await response.read())).size == (size, size)
