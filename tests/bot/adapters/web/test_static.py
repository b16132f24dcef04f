"""The style and the script of the page."""

import pytest

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
