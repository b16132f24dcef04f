"""Headers of the web server: what a browser may do with an answer, and who may keep it for how long."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from bot.adapters.web import caching
from tests.bot.conftest import running

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURES = ("/digit/4.png", "/digit/4.jpg", "/digit/4.zip", "/digit/4.png?original=1", "/digit/4.png?card=1")
MORE_PICTURES = (
    "/number/2026.png",
    "/number/2026.jpg",
    "/number/2026.zip",
    "/morph/3/8.gif",
    "/morph/3/8.zip",
    "/compare/4.jpg",
)
SENTENCES = {"/nothing": 404, "/digit/44.png": 400, "/digit/4.gif": 400, "/api/chat": 405, "/static/": 404}
PAGES = ("/", "/?q=/digit%204", "/models", "/healthz", "/readyz", "/metrics", "/curve.png", "/manifest.webmanifest")
FILES = (
    "/static/chat.js",
    "/static/hand.js",
    "/static/style.css",
    "/static/hand.css",
    "/static/playground.js",
    "/favicon.ico",
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site() -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a running bot."""
    async with running() as bot, aiohttp.ClientSession(bot.address) as client:
        yield client


@pytest.mark.parametrize("path", [*PICTURES, *MORE_PICTURES, *SENTENCES, *PAGES, *FILES])
async def test_no_answer_can_be_framed_sniffed_or_run(site: aiohttp.ClientSession, path: str) -> None:
    """Pages, files, pictures and errors alike: no other site frames them, learns the address, or adds a script."""
    async with site.get(path) as response:
        assert response.status == SENTENCES.get(path, 200)
        directives = dict(part.split(maxsplit=1) for part in response.headers["Content-Security-Policy"].split(";"))
        assert directives == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "connect-src": "'self'",
            "manifest-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [*PICTURES, *MORE_PICTURES])
async def test_a_picture_may_be_kept_only_with_its_seed(site: aiohttp.ClientSession, path: str) -> None:
    """In every form a picture without a seed is new each time and kept by nobody; with one, 0 included, for an hour."""
    async with site.get(path) as fresh:
        assert fresh.headers["Cache-Control"] == "no-store"
    for seed in ("0", "7"):
        async with site.get(path, params={"seed": seed}) as seeded:
            assert seeded.headers["Cache-Control"] == caching.FOR_AN_HOUR
            assert seeded.headers["X-Digit-Seed"] == seed


@pytest.mark.parametrize("path", [*SENTENCES, *PAGES, *FILES])
async def test_what_may_change_is_asked_for_again(site: aiohttp.ClientSession, path: str) -> None:
    """A browser asks whether page, script, state or an error are still so before it shows them again."""
    async with site.get(path) as response:
        assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("path", "how"), [("/digit/4.png", "inline"), ("/digit/4.zip", "attachment")])
async def test_an_archive_is_saved_and_a_picture_shown(site: aiohttp.ClientSession, path: str, how: str) -> None:
    """A browser shows a picture where it is and saves an archive under its name."""
    async with site.get(path, params={"seed": "7"}) as response:
        disposition, _, name = response.headers["Content-Disposition"].partition("; ")
    assert disposition == how
    assert name.startswith('filename="digit-4-seed-7')
