"""Downloads of photos from Discord: from its own hosts, and no longer than somebody waits."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from yarl import URL

from bot.adapters import downloads
from bot.adapters.discord import photos
from bot.adapters.discord.settings import DiscordSettings
from bot.conversation.errors import NotReceived
from core.catalog import Catalog
from core.hand_service import HandService
from core.handwriting import HandReader
from core.service import DigitService
from tests.bot.adapters.discord.in_process import drawing_with
from tests.bot.hands import FOUR
from tests.fakes.discord_payloads import attachment

API = URL(DiscordSettings().api_url)
SIGNED = "attachments/1/2/note.png?ex=1&is=2&hm=a%2Fb"


def attached(url: str) -> discord.Attachment:
    """An attachment with a URL."""
    data: Any = attachment(1, "image/png", url)
    state: Any = SimpleNamespace(http=None)
    return discord.Attachment(data=data, state=state)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that are downloaded: the hosts themselves cannot be reached in a test."""
    urls: list[str] = []

    async def download(url: URL) -> bytes:
        urls.append(str(url))
        return b""

    monkeypatch.setattr(downloads, "download", download)
    return urls


@pytest.mark.parametrize("host", ["cdn.discordapp.com", "media.discordapp.net"])
async def test_discords_own_hosts_are_asked(asked: list[str], host: str) -> None:
    """By the very URL, as a signature is a part of it, and over https alone."""
    await photos.load(attached(f"https://{host}/{SIGNED}"), API)
    assert asked == [f"https://{host}/{SIGNED}"]
    with pytest.raises(NotReceived):
        await photos.load(attached(f"http://{host}/{SIGNED}"), API)
    assert len(asked) == 1


async def test_a_slow_photo_is_given_up(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a sentence; the next photo is read."""
    monkeypatch.setattr(downloads, "MAX_SECONDS", 0.2)
    reader = HandReader.of(catalog)
    assert reader is not None
    hands = HandService(reader)
    async with drawing_with(DigitService(catalog, queue=10), hands=hands) as server:
        server.files.fault = "slow"
        assert "did not arrive" in (await server.ask_hand(server.attach(FOUR))).text
        monkeypatch.undo()
        server.files.fault = ""
        assert (await server.ask_hand(server.attach(FOUR))).text.startswith("I read 4")
    await hands.close()
