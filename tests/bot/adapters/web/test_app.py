"""The routes, and the headers of every response."""

import re

import pytest

from tests.bot.adapters.web.conftest import Client


async def test_the_page_and_its_parts_are_there(client: Client) -> None:
    """The page, its style, its scripts and its icons are served."""
    page = await client.get("/")
    assert page.content_type == "text/html"
    paths = re.findall(r'(?:href|src)="(static/[^"]+)"', await page.text())
    assert {path.rpartition(".")[2] for path in paths} == {"css", "js", "svg", "png"}
    for path in paths:
        assert (await client.get(f"/{path}")).status == 200


@pytest.mark.parametrize("path", ["/", "/static/chat.js", "/digit/4.png", "/digit/44.png", "/nothing", "/healthz"])
async def test_every_response_has_the_headers_of_a_careful_server(client: Client, path: str) -> None:
    """A policy lets the page load nothing from elsewhere, without any exception, and no type is guessed."""
    headers = (await client.get(path)).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] in ("no-cache", "no-store")


async def test_nothing_outside_of_the_static_folder_is_served(client: Client) -> None:
    """A path that climbs out of the folder finds nothing."""
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/../templates/index.html",
        "/static/",
    ):
        assert (await client.get(path)).status in (403, 404)
