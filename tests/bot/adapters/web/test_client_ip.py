"""The IP address of a client, through proxies and without."""

import pytest

from core.catalog import Catalog
from tests.bot.adapters.web.conftest import serving


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
        ("127.0.0.1", "192.0.2.1:4711", "192.0.2.1:4712", True),
        ("127.0.0.1", "192.0.2.1:4711", "192.0.2.2:4711", False),
        ("127.0.0.1", "[2001:db8::1]:4711", "[2001:db8::1]", True),
        ("127.0.0.1", "[2001:db8::1]:4711", "[2001:db8:0:1::1]:4711", False),
        ("127.0.0.1", "unknown", "'); DROP TABLE", True),
    ],
)
async def test_clients_behind_a_proxy(
    catalog: Catalog, proxies: str | None, first: str, second: str, same: bool
) -> None:
    """Only what a trusted proxy adds to X-Forwarded-For tells people apart; what one sends oneself changes nothing."""
    async with serving(catalog, address_limit=1, proxies=proxies) as client:
        statuses = [
            (await client.get("/digit/4.png", headers={"X-Forwarded-For": hops})).status for hops in (first, second)
        ]
    assert statuses == [200, 429 if same else 200]


async def test_a_proxy_that_is_not_trusted_is_logged_once(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    """An operator who forgot the setting for a proxy reads its name, the proxy's address, and nobody else's."""
    async with serving(catalog) as client:
        for _ in range(3):
            await client.get("/digit/4.png", headers={"X-Forwarded-For": "192.0.2.1"})
    written = capsys.readouterr()
    lines = [line for line in (written.out + written.err).splitlines() if "DIGIT_TRUSTED_PROXIES" in line]
    assert len(lines) == 1
    assert "127.0.0.1" in lines[0]
    assert "192.0.2.1" not in lines[0]
